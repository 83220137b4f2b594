"""Reading patients; each read is recorded before it is answered."""

import asyncio
from functools import partial
from typing import Literal
from uuid import UUID

from dermfolio.common.auth import Call
from dermfolio.common.bus import Answer
from dermfolio.common.cursors import Cursors
from dermfolio.common.db import Database
from dermfolio.common.errors import Refused
from dermfolio.common.reads import ReadLog
from dermfolio.contracts.patients import ListPatients, PatientsListed, PatientViewed
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.sharing import MaySee, Member, Sight
from dermfolio.contracts.views.patients import PatientPage, PatientView
from dermfolio.patients import repository
from dermfolio.patients.cards import Cards
from dermfolio.patients.reach import Reach, alive

Request = Literal["rpc.patients.list", "rpc.patients.search"]


async def get_patient(db: Database, reads: ReadLog, call: Call, patient: UUID) -> Answer[PatientView]:
    """One patient. Refused as `not_found` when it does not exist or the caller may not see it."""
    opening, found = None, None
    homes, origin = call.actor.sites(Permission.PATIENT_READ), call.origin()
    if reads.leaves_out(PatientViewed, origin):
        async with db.read() as rows:
            found = await repository.view(rows, patient, homes)
    elif (shown := await repository.view_recorded(reads, patient, homes, origin)) is not None:
        version, body = shown
        return Answer(body.encode(), 200, version)
    if found is None:
        reach = await _reach(db, call, patient, Permission.PATIENT_READ)
        opening = reach.needed_opening(call.actor, Permission.PATIENT_READ)
        async with db.read() as rows:
            found = await repository.view(rows, patient, [*reach.homes.values()])
    if found is None:
        raise Refused("not_found")
    site, version, body = found
    viewed = PatientViewed(patient=patient, site=site)
    await reads.record(viewed, call.origin(opening), shared=partial(_is_shared, db, patient))
    return Answer(body.encode(), 200, version)


async def changed_view(db: Database, patient: UUID, site: UUID) -> Answer[PatientView]:
    """A patient of this home site, for who just changed something of it: that is recorded already."""
    async with db.read() as rows:
        found = await repository.view(rows, patient, [site])
    if found is None:
        raise Refused("not_found")
    _, version, body = found
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
    origin = call.origin()
    if reads.leaves_out(PatientsListed, origin):
        async with db.read() as rows:
            page, last = await repository.cards(rows, sites, behind, request.limit)
        await record(db, reads, page, call, "rpc.patients.list")
        cards = page.cards
    else:
        cards, last = await repository.cards_recorded(reads, sites, behind, request.limit, origin)
    following = f'"{of_list.cursor(*last)}"' if last else "null"
    return Answer(b'{"patients":%b,"next":%b}' % (cards, following.encode()))


async def record(db: Database, reads: ReadLog, page: Cards, call: Call, request: Request) -> None:
    """The trail of each home site says what was shown of its patients."""
    origin, kept = call.origin(), set(page.ids)
    if reads.leaves_out(PatientsListed, origin):
        async with db.read() as rows:
            kept = await repository.shared_of(rows, page.ids)
        if not kept:
            return
    of_site: dict[UUID | None, list[UUID]] = {} if kept else {None: []}
    for patient, home in zip(page.ids, page.homes, strict=True):
        if patient in kept:
            of_site.setdefault(home, []).append(patient)
    listed = (PatientsListed(request=request, patients=patients, site=home) for home, patients in of_site.items())
    await asyncio.gather(*(reads.record(one, origin) for one in listed))


async def _is_shared(db: Database, patient: UUID) -> bool:
    async with db.read() as rows:
        return bool(await repository.shared_of(rows, [patient]))


async def may_see(db: Database, call: Call, request: MaySee) -> Sight:
    """By what right the caller does this with the patient. Refused as `not_found` or `forbidden`."""
    reach = await _reach(db, call, request.patient, request.needs)
    opening = reach.needed_opening(call.actor, request.needs)
    until = None if opening is None else reach.until
    members = [Member(patient=record, site=home) for record, home in reach.homes.items()]
    return Sight(site=reach.site, shared=list(reach.shared), opening=opening, until=until, members=members)


async def _reach(db: Database, call: Call, patient: UUID, needs: Permission) -> Reach:
    async with db.read() as rows:
        reach = alive(await repository.reach(rows, patient, call.actor.user))
    reach.need(call, needs)
    return reach
