"""Sharing patients with other sites: decided by the home site's administrators (ORG-1)."""

from uuid import UUID

from dermfolio.common.auth import Call
from dermfolio.common.bus import Requests
from dermfolio.common.db import Database, WriteSession
from dermfolio.common.errors import Refused
from dermfolio.common.reads import ReadLog
from dermfolio.contracts.organisation import ListSiteNames
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.sharing import (
    ListPatientSites,
    PatientShared,
    PatientSitesViewed,
    PatientUnshared,
    SharePatient,
    UnsharePatient,
)
from dermfolio.contracts.views.sharing import PatientSites, SharedWith
from dermfolio.patients import merge_repository, repository
from dermfolio.patients.models import Share
from dermfolio.patients.reach import Reach, alive


async def patient_sites(db: Database, reads: ReadLog, call: Call, request: ListPatientSites) -> PatientSites:
    """The sites whose people see a patient. Refused as `not_found`."""
    async with db.write() as s:
        reach = alive(await repository.held(s, request.patient, call.actor.user))
        reach.need(call, Permission.PATIENT_READ)
        sites = await _sites(s, request.patient, reach)
    opening = reach.needed_opening(call.actor, Permission.PATIENT_READ)
    viewed = PatientSitesViewed(patient=request.patient, site=reach.site)
    await reads.record(viewed, call.origin(opening), shared=bool(reach.shared))
    return sites.model_copy(update={"opened_until": None if opening is None else reach.until})


async def share_patient(db: Database, requests: Requests, call: Call, request: SharePatient) -> PatientSites:
    """Share a patient with a site; one that sees the patient already goes on as before. Refused as `not_found`, also
    where there is no such site, or `forbidden`.
    """
    async with db.read() as rows:
        _check(call, await repository.reach(rows, request.patient, call.actor.user))
    known = await requests.ask(ListSiteNames())
    if request.site not in {site.id for site in known.sites}:
        raise Refused("not_found")
    async with db.write() as s:
        reach = await _held(s, call, request)
        if request.site not in (reach.site, *reach.shared):
            await repository.share(s, request.patient, request.site, call.user())
            s.say(PatientShared(patient=request.patient, site=reach.site, with_site=request.site), call.origin())
        return await _sites(s, request.patient, reach)


async def unshare_patient(db: Database, call: Call, request: UnsharePatient) -> PatientSites:
    """Share a patient with a site no longer; what was uploaded from there stays. Refused as `not_found`, `forbidden`,
    or `shared_by_merge` where the site's own record is merged into the patient.
    """
    async with db.write() as s:
        reach = await _held(s, call, request)
        if await merge_repository.brings(s, request.patient, request.site):
            raise Refused("shared_by_merge")
        if request.site in reach.shared:
            await s.delete(await s.get_one(Share, (request.patient, request.site)))
            await s.flush()
            s.say(PatientUnshared(patient=request.patient, site=reach.site, with_site=request.site), call.origin())
        return await _sites(s, request.patient, reach)


async def _held(s: WriteSession, call: Call, request: SharePatient | UnsharePatient) -> Reach:
    return _check(call, await repository.held(s, request.patient, call.actor.user, alone=True))


def _check(call: Call, found: Reach | None) -> Reach:
    reach = alive(found)
    reach.need(call, Permission.PATIENT_READ)
    call.need(Permission.PATIENT_SHARE, reach.site)
    reach.need_unmerged()
    return reach


async def _sites(s: WriteSession, patient: UUID, reach: Reach) -> PatientSites:
    shared = [SharedWith.model_validate(share, from_attributes=True) for share in await repository.shares(s, patient)]
    return PatientSites(home=reach.site, shared=shared, opened_until=None)
