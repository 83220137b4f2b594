"""Admission: may an image join a patient's pool?"""

from uuid import UUID

from dermfolio.common import faults
from dermfolio.common.auth import Call
from dermfolio.common.db import Database
from dermfolio.common.errors import Refused
from dermfolio.contracts.patients import Admission, AdmitImage
from dermfolio.contracts.roles import Permission
from dermfolio.patients import repository


async def may_admit(db: Database, call: Call, patient: UUID) -> Admission:
    """Answer as `admit_image` would now, without deciding: it spares the caller a useless upload."""
    async with db.read() as rows:
        found = await repository.scope(rows, patient, call.actor.sites(Permission.PATIENT_READ))
    if found is None:
        raise Refused("not_found")
    site, deleted = found
    _check(call, site, deleted=deleted)
    return Admission(site=site)


async def admit_image(db: Database, call: Call, request: AdmitImage) -> Admission:
    """THE decision. What is admitted before a deletion commits, stays; what comes after is refused."""
    async with db.write() as s:
        patient = await repository.held(s, request.patient)
        if patient is None or not call.actor.may(Permission.PATIENT_READ, patient.site):
            raise Refused("not_found")
        _check(call, patient.site, deleted=patient.deleted_at is not None)
        if await repository.admit(s, request.image, request.patient, call.user()) != request.patient:
            raise Refused("not_found")
        faults.point("admission.written")
    faults.point("admission.committed")
    return Admission(site=patient.site)


def _check(call: Call, site: UUID, *, deleted: bool) -> None:
    call.need(Permission.IMAGE_WRITE, site)
    if deleted:
        raise Refused("patient_deleted")
