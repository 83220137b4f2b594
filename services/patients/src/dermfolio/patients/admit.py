"""Admission: may an image join a patient's pool?"""

from uuid import UUID

from dermfolio.common import faults
from dermfolio.common.auth import Call
from dermfolio.common.bus import Requests
from dermfolio.common.db import Database
from dermfolio.common.errors import Refused
from dermfolio.common.licences import need_uploads
from dermfolio.contracts.licence import GetLicence
from dermfolio.contracts.patients import Admission, AdmitImage
from dermfolio.contracts.roles import Permission
from dermfolio.patients import repository
from dermfolio.patients.reach import Reach


async def may_admit(db: Database, call: Call, patient: UUID) -> Admission:
    """Answer as `admit_image` would now, without deciding: it spares the caller a useless upload."""
    async with db.read() as rows:
        reach = await repository.reach(rows, patient, call.actor.user)
    if reach is None:
        raise Refused("not_found")
    _check(call, reach)
    return _admission(reach)


async def admit_image(db: Database, requests: Requests, call: Call, request: AdmitImage) -> Admission:
    """THE decision. What is admitted before a deletion commits, or before the licence ends, stays; what comes after is
    refused. Raises Unavailable when the licence cannot be asked for.
    """
    async with db.read() as rows:
        admitted = await repository.is_admitted(rows, request.image)
    # asked before the patient is held, and compared with the clock while the patient is
    licence = None if admitted else await requests.ask(GetLicence())
    async with db.write() as s:
        reach = await repository.held(s, request.patient, call.actor.user)
        if reach is None:
            raise Refused("not_found")
        _check(call, reach)
        if licence is not None:
            need_uploads(licence)
        if await repository.admit(s, request.image, request.patient, call.user()) != request.patient:
            raise Refused("not_found")
        faults.point("admission.written")
    faults.point("admission.committed")
    return _admission(reach)


def _admission(reach: Reach) -> Admission:
    return Admission(site=reach.site, aliases=list(reach.homes)[1:])


def _check(call: Call, reach: Reach) -> None:
    reach.need(call, Permission.IMAGE_WRITE)
    if reach.deleted:
        raise Refused("patient_deleted")
