"""Break-glass: emergency access to a patient of another site (ORG-8), to see the record and change nothing."""

from datetime import timedelta
from uuid import UUID

from dermfolio.common import idempotency
from dermfolio.common.auth import Call
from dermfolio.common.bus import Answer, Requests
from dermfolio.common.cursors import Cursors
from dermfolio.common.db import Database, WriteSession
from dermfolio.common.errors import Refused
from dermfolio.common.reads import ReadLog
from dermfolio.contracts.messages import now
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.settings import GetSettings
from dermfolio.contracts.sharing import (
    EndOpening,
    ListOpenings,
    OpeningEnded,
    OpeningsListed,
    OpenPatient,
    PatientOpened,
)
from dermfolio.contracts.views.sharing import OpeningPage, OpeningView
from dermfolio.patients import repository
from dermfolio.patients.models import Opening
from dermfolio.patients.reach import alive


async def open_patient(db: Database, requests: Requests, call: Call, request: OpenPatient) -> Answer[OpeningView]:
    """Open the patient of another site who holds exactly this unique ID. Refused as `forbidden`, `not_found`, or
    `patient_in_sight` where there is no need. An API token cannot do it.
    """
    user = call.user_in_person()
    if not call.actor.sites(Permission.BREAK_GLASS):
        raise Refused("forbidden")
    lasts = (await requests.ask(GetSettings())).emergency
    async with db.write() as s:
        key, digest = request.idempotency_key, idempotency.digest(request.opening)
        earlier = await idempotency.earlier_answer(s, user, key, digest)
        if earlier is None:
            opening = await _open(s, call, request, lasts)
            # the reason stays in one place
            await idempotency.remember(s, user, key, str(opening.id).encode())
        else:
            opening = await s.get_one(Opening, UUID(earlier.decode()))
        view = _view(opening, request.opening.unique_id)
    return Answer(view.model_dump_json().encode(), 201)


async def _open(s: WriteSession, call: Call, request: OpenPatient, lasts: timedelta) -> Opening:
    patient = await repository.patient_to_open(s, request.opening.unique_id)
    if patient is None:
        raise Refused("not_found")
    reach = alive(await repository.held(s, patient, call.user()))
    if reach.by_site(call.actor, Permission.PATIENT_READ):
        raise Refused("patient_in_sight", patient=str(patient))
    begun = now()
    opening = Opening(
        patient=patient,
        site=reach.site,
        user=call.user(),
        reason=request.opening.reason,
        opened_at=begun,
        until=begun + lasts,
    )
    s.add(opening)
    await s.flush()
    said = PatientOpened(patient=patient, site=reach.site, opening=opening.id, user=opening.user)
    s.say(said, call.origin(opening.id))
    return opening


async def list_openings(
    db: Database, reads: ReadLog, cursors: Cursors, call: Call, request: ListOpenings
) -> OpeningPage:
    """A page of the caller's own emergency accesses. Refused as `forbidden` to those who can have none."""
    user = call.user_in_person()
    if not call.actor.sites(Permission.BREAK_GLASS):
        raise Refused("forbidden")
    of_list = cursors.of(call, "openings")
    behind = of_list.behind(request.cursor)
    async with db.write() as s:
        found = await repository.openings(s, user, behind, request.limit + 1)
    page = [_view(opening, unique_id) for opening, unique_id in found[: request.limit]]
    listed = OpeningsListed(request="rpc.patients.openings", openings=[opening.id for opening in page])
    await reads.record(listed, call.origin())
    more = len(found) > len(page)
    return OpeningPage(openings=page, next=of_list.cursor(page[-1].opened_at, page[-1].id) if more else None)


async def end_opening(db: Database, call: Call, request: EndOpening) -> None:
    """End an emergency access now, and with it every other by which its user sees the same patient: one's own, or one
    to a patient of a site that one manages. One that is over stays as it was. Refused as `not_found`.
    """
    user = call.user_in_person()
    async with db.write() as s:
        named = await s.get(Opening, request.opening)
        managed = call.actor.sites(Permission.SITE_MANAGE)
        if named is None or (named.user != user and named.site not in managed):
            raise Refused("not_found")
        for opening in await repository.openings_in_force(s, named.patient, named.user):
            opening.until, opening.ended_by = max(opening.opened_at, now()), user
            s.add(opening)
            said = OpeningEnded(patient=opening.patient, site=opening.site, opening=opening.id, user=opening.user)
            s.say(said, call.origin())


def _view(opening: Opening, unique_id: str) -> OpeningView:
    return OpeningView(**opening.model_dump(), unique_id=unique_id)
