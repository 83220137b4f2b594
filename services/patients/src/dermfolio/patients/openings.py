"""Break-glass: emergency access to a patient of another site (ORG-8), to see the record and change nothing."""

from uuid import UUID

from dermfolio.common import idempotency
from dermfolio.common.auth import Call
from dermfolio.common.bus import Answer, Requests
from dermfolio.common.cursors import Cursors
from dermfolio.common.db import Database, WriteSession
from dermfolio.common.errors import Refused
from dermfolio.contracts.messages import now
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.settings import GetSettings
from dermfolio.contracts.sharing import EndOpening, ListOpenings, OpeningEnded, OpenPatient, PatientOpened
from dermfolio.contracts.views.sharing import OpeningPage, OpeningView
from dermfolio.patients import repository
from dermfolio.patients.models import Opening
from dermfolio.patients.reach import Reach


async def open_patient(db: Database, requests: Requests, call: Call, request: OpenPatient) -> Answer[OpeningView]:
    """Open the patient of another site who holds exactly this unique ID. Refused as `forbidden`, `not_found`, or
    `patient_in_sight` where there is no need. An API token cannot do it.
    """
    user = call.user_in_person()
    if not call.actor.sites(Permission.BREAK_GLASS):
        raise Refused("forbidden")
    lasts = (await requests.ask(GetSettings())).emergency
    async with db.write() as s:
        digest = idempotency.digest(request.opening)
        if (earlier := await idempotency.earlier_answer(s, user, request.idempotency_key, digest)) is not None:
            return Answer(earlier, 201)
        patient, reach = await _found(s, request.opening.unique_id, user)
        if reach.by_site(call.actor, Permission.PATIENT_READ):
            raise Refused("patient_in_sight", patient=str(patient))
        begun = now()
        opening = Opening(
            patient=patient,
            site=reach.site,
            user=user,
            reason=request.opening.reason,
            opened_at=begun,
            until=begun + lasts,
        )
        s.add(opening)
        await s.flush()
        said = PatientOpened(patient=patient, site=reach.site, opening=opening.id, user=user)
        s.say(said, call.origin(opening.id))
        body = _view(opening).model_dump_json().encode()
        await idempotency.remember(s, user, request.idempotency_key, body)
    return Answer(body, 201)


async def list_openings(db: Database, cursors: Cursors, call: Call, request: ListOpenings) -> OpeningPage:
    """A page of the caller's own emergency accesses and those to patients of the sites that the caller manages.

    Refused as `forbidden` to those who can have neither.
    """
    managed = call.actor.sites(Permission.SITE_MANAGE)
    if not call.actor.sites(Permission.BREAK_GLASS) and not managed:
        raise Refused("forbidden")
    of_list = cursors.of(call, "openings")
    behind = of_list.behind(request.cursor)
    async with db.write() as s:
        found = await repository.openings(s, call.user_in_person(), managed, behind, request.limit + 1)
    page = [_view(opening) for opening in found[: request.limit]]
    more = len(found) > len(page)
    return OpeningPage(openings=page, next=of_list.cursor(page[-1].opened_at, page[-1].id) if more else None)


async def end_opening(db: Database, call: Call, request: EndOpening) -> None:
    """End an emergency access now: one's own, or one to a patient of a site that one manages; one that is over stays
    as it was. Refused as `not_found`.
    """
    user = call.user_in_person()
    async with db.write() as s:
        opening = await s.get(Opening, request.opening, with_for_update=True)
        managed = call.actor.sites(Permission.SITE_MANAGE)
        if opening is None or (opening.user != user and opening.site not in managed):
            raise Refused("not_found")
        ended = now()
        if ended < opening.until:
            opening.until, opening.ended_by = max(opening.opened_at, ended), user
            s.add(opening)
            said = OpeningEnded(patient=opening.patient, site=opening.site, opening=opening.id, user=opening.user)
            s.say(said, call.origin())


async def _found(s: WriteSession, unique_id: str, user: UUID) -> tuple[UUID, Reach]:
    patient = await repository.patient_to_open(s, unique_id)
    reach = None if patient is None else await repository.held(s, patient, user)
    if patient is None or reach is None or reach.deleted:
        raise Refused("not_found")
    return patient, reach


def _view(opening: Opening) -> OpeningView:
    return OpeningView.model_validate(opening, from_attributes=True)
