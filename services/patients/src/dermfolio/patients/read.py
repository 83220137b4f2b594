"""Reading patients; each read is recorded before it is answered."""

from uuid import UUID

from dermfolio.common.auth import Call
from dermfolio.common.bus import Answer
from dermfolio.common.cursors import Cursors
from dermfolio.common.db import Database
from dermfolio.common.errors import Refused
from dermfolio.common.reads import ReadLog
from dermfolio.contracts.patients import Admission, ListPatients, PatientsListed, PatientViewed
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.views.patients import PatientPage, PatientView
from dermfolio.patients import repository


async def get_patient(db: Database, reads: ReadLog, call: Call, patient: UUID) -> Answer[PatientView]:
    """One patient. Refused as `not_found` when it does not exist or belongs to a site the caller may not see."""
    async with db.read() as rows:
        found = await repository.view(rows, patient, call.actor.sites(Permission.PATIENT_READ))
    if found is None:
        raise Refused("not_found")
    site, version, body = found
    await reads.record(PatientViewed(patient=patient, site=site), call.origin())
    return Answer(body.encode(), 200, version)


async def list_patients(
    db: Database, reads: ReadLog, cursors: Cursors, call: Call, request: ListPatients
) -> Answer[PatientPage]:
    """A page of patients, last modified first."""
    sites = call.actor.sites(Permission.PATIENT_READ)
    if not sites:
        raise Refused("forbidden")
    of_list = cursors.of(call, "patients")
    behind = of_list.behind(request.cursor)
    async with db.read() as rows:
        page = await repository.cards(rows, sites, behind, request.limit)
    site = sites[0] if len(sites) == 1 else None
    await reads.record(PatientsListed(patients=page.ids, site=site), call.origin())
    following = f'"{of_list.cursor(*page.behind)}"' if page.behind else "null"
    return Answer(f'{{"patients":{page.cards},"next":{following}}}'.encode())


async def may_see(db: Database, call: Call, patient: UUID) -> Admission:
    """The patient's site, for callers who may see the patient."""
    async with db.read() as rows:
        found = await repository.scope(rows, patient, call.actor.sites(Permission.PATIENT_READ))
    if found is None or found[1]:
        raise Refused("not_found")
    return Admission(site=found[0])
