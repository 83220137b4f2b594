"""Changing a patient's details (PAT-6)."""

from sqlalchemy.exc import IntegrityError

from dermfolio.common.auth import Call
from dermfolio.common.bus import Answer
from dermfolio.common.db import Database, WriteSession, violated
from dermfolio.common.errors import Refused
from dermfolio.contracts.details import ChangePatient, PatientChanged
from dermfolio.contracts.messages import now
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.views.patients import PatientView
from dermfolio.patients import read, repository
from dermfolio.patients.create import unique_id_refused
from dermfolio.patients.models import UNIQUE_ID_IS_UNIQUE, Patient
from dermfolio.patients.reach import alive


async def change_patient(db: Database, call: Call, request: ChangePatient) -> Answer[PatientView]:
    """Change a patient. Refused as `not_found`, `forbidden`, `stale_version`, and where the new unique ID is taken as
    creating is; then nothing is changed.
    """
    try:
        async with db.write() as s:
            reach = alive(await repository.held(s, request.patient, call.actor.user, alone=True))
            reach.need(call, Permission.PATIENT_WRITE)
            await _change(s, call, request)
    except IntegrityError as error:
        if violated(error) != UNIQUE_ID_IS_UNIQUE or request.changes.unique_id is None:
            raise
        raise await unique_id_refused(db, call, request.changes.unique_id, reach.site) from None
    return await read.changed_view(db, request.patient, reach.site)


async def _change(s: WriteSession, call: Call, request: ChangePatient) -> None:
    patient = await s.get_one(Patient, request.patient)
    if patient.version != request.version:
        raise Refused("stale_version", version=patient.version)
    wished = request.changes.model_dump(mode="python")
    changed = [name for name, value in wished.items() if getattr(patient, name) != value]
    if not changed:
        return
    patient.sqlmodel_update(wished)
    patient.version += 1
    patient.last_modified = max(patient.last_modified, now())
    s.add(patient)
    await s.flush()
    changes = PatientChanged(patient=patient.id, site=patient.site, fields=changed, version=patient.version)
    s.say(changes, call.origin())
