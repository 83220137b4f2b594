"""Taking photographs of another patient (PAT-7): whom they would go to, and THE decision, as of an upload."""

from uuid import UUID

from dermfolio.common import faults
from dermfolio.common.auth import Call
from dermfolio.common.bus import Requests
from dermfolio.common.db import Database, WriteSession
from dermfolio.common.errors import Refused
from dermfolio.common.reads import ReadLog
from dermfolio.contracts.moving import AdmitMove, MoveAdmission, PreviewMove
from dermfolio.contracts.patients import PatientViewed
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.views.moving import MoveTarget
from dermfolio.patients import repository, tags_repository
from dermfolio.patients.admit import Terms, terms_at
from dermfolio.patients.models import Patient
from dermfolio.patients.reach import Reach, alive


async def preview_move(
    db: Database, requests: Requests, reads: ReadLog, call: Call, request: PreviewMove
) -> MoveTarget:
    """Whom a photograph would go to. Refused as `not_found`, also where that one is not to be seen, `forbidden` or
    `patient_merged`.
    """
    async with db.read() as rows:
        # before anything is looked for: who may not move learns nothing of other records
        source = alive(await repository.reach(rows, request.patient, call.actor.user))
        source.need(call, Permission.IMAGE_MOVE)
        found = await repository.by_unique_id(rows, request.candidate.unique_id)
        target = alive(None if found is None else await repository.reach(rows, found, call.actor.user))
    target.need(call, Permission.IMAGE_MOVE)
    patient = next(iter(target.homes))
    terms = await terms_at(requests, target.site)
    async with db.write() as s:
        record = await s.get_one(Patient, patient)
        obstacle = await _obstacle(s, source, patient, terms)
        view = MoveTarget.model_validate({**record.model_dump(), "patient": patient, "obstacle": obstacle})
    await reads.record(PatientViewed(patient=patient, site=target.site), call.origin(), shared=bool(target.shared))
    return view


async def admit_move(db: Database, requests: Requests, call: Call, request: AdmitMove) -> MoveAdmission:
    """Decide whether a patient takes a photograph. What is admitted before a deletion or a revocation of consent
    commits stays; what comes after is refused. Raises Unavailable when identity cannot be asked.
    """
    target = request.move.patient
    async with db.read() as rows:
        reach = await repository.reach(rows, target, call.actor.user)
    terms = await terms_at(requests, _open(call, reach).site)
    async with db.write() as s:
        reach = _open(call, await repository.held(s, target, call.actor.user))
        if await repository.unique_id_of(s, target) != request.move.unique_id:
            raise Refused("unique_id_differs")
        if request.source in reach.homes:
            raise Refused("move_to_same_patient")
        await terms.need(s, target)
        await repository.readmit(s, request.image, target, call.user())
        known = {tag: await tags_repository.known_held(s, tag) for tag in request.tags}
        faults.point("move.decided")
    # a retired tag stays where it is; one of another site's list means nothing here
    left_behind = [tag for tag, of in known.items() if of is None or of.site not in (None, reach.site)]
    return MoveAdmission(site=reach.site, aliases=list(reach.homes)[1:], left_behind=left_behind)


def _open(call: Call, reach: Reach | None) -> Reach:
    if reach is None:
        raise Refused("not_found")
    reach.need(call, Permission.IMAGE_MOVE)
    if reach.deleted:
        raise Refused("patient_deleted")
    return reach


async def _obstacle(s: WriteSession, source: Reach, target: UUID, terms: Terms) -> str | None:
    """The code of why the patient would take no photographs of the other now."""
    if target in source.homes:
        return "move_to_same_patient"
    try:
        await terms.need(s, target)
    except Refused as refusal:
        return refusal.code
    return None
