"""Creating a patient (PAT-1, PAT-2)."""

from uuid import UUID

from sqlalchemy.exc import IntegrityError

from dermfolio.common import idempotency
from dermfolio.common.auth import Call
from dermfolio.common.bus import Answer
from dermfolio.common.db import Database, WriteSession, violated
from dermfolio.common.errors import Refused
from dermfolio.contracts.patients import CreatePatient, PatientCreated, UniqueIdRefused
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.views.patients import NewPatient, PatientView
from dermfolio.patients import data_keys, repository
from dermfolio.patients.data_keys import KeyProvider
from dermfolio.patients.models import UNIQUE_ID_IS_UNIQUE, DataKey, Patient


async def create_patient(db: Database, keys: KeyProvider, call: Call, request: CreatePatient) -> Answer[PatientView]:
    """Create a patient with a data key. Refused as `unique_id_taken`, or `unique_id_unavailable` where the caller
    may not see who holds the ID; then nothing is created.
    """
    site = _site_for(call, request.patient)
    try:
        async with db.write() as s:
            body = await _once(s, keys, call, request, site)
    except IntegrityError as error:
        if violated(error) != UNIQUE_ID_IS_UNIQUE:
            raise
        raise await unique_id_refused(db, call, request.patient.unique_id, site) from None
    return Answer(body, 201, 1)


async def _once(s: WriteSession, keys: KeyProvider, call: Call, request: CreatePatient, site: UUID) -> bytes:
    key = request.idempotency_key
    if key is not None:
        digest = idempotency.digest(request.patient)
        if (earlier := await idempotency.earlier_answer(s, call.user(), key, digest)) is not None:
            return earlier
    fields = request.patient.model_dump(mode="python", exclude={"site"})
    patient = Patient(**fields, site=site, created_by=call.user())
    wrapped = DataKey(patient=patient.id, wrapped=keys.wrap(data_keys.new_key(), patient.id), wrapped_by=keys.id)
    await repository.add(s, patient, wrapped)
    s.say(PatientCreated(patient=patient.id, site=site), call.origin())
    body = PatientView.model_validate(patient, from_attributes=True).model_dump_json().encode()
    if key is not None:
        await idempotency.remember(s, call.user(), key, body)
    return body


def _site_for(call: Call, patient: NewPatient) -> UUID:
    """The home site: the one asked for, or the only one where the caller may create."""
    allowed = call.actor.sites(Permission.PATIENT_CREATE)
    if patient.site is None:
        if len(allowed) == 1:
            return allowed[0]
        if not allowed:
            raise Refused("forbidden")
        raise Refused("invalid_request", errors=[{"loc": "site", "msg": "is needed: you work at several sites"}])
    if patient.site not in call.actor.site_roles:
        raise Refused("not_found")
    call.need(Permission.PATIENT_CREATE, patient.site)
    return patient.site


async def unique_id_refused(db: Database, call: Call, unique_id: str, site: UUID) -> Refused:
    """Why a unique ID cannot be had at this site. Who holds it is named to those who may see that record; what others
    ask is recorded.
    """
    async with db.read() as rows:
        holder = await repository.by_unique_id(rows, unique_id)
        reach = None if holder is None else await repository.reach(rows, holder, call.actor.user)
    if reach is not None and reach.allows(call.actor, Permission.PATIENT_READ):
        return Refused("unique_id_taken", patient=str(holder))
    async with db.write() as s:
        s.say(UniqueIdRefused(site=site, outcome="denied"), call.origin())
    return Refused("unique_id_unavailable")
