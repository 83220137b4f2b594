"""The Patient Database (PAT-4); each page is recorded before it is answered."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from dermfolio.common.auth import Call
from dermfolio.common.bus import Answer
from dermfolio.common.cursors import Cursors
from dermfolio.common.db import Database
from dermfolio.common.errors import Refused
from dermfolio.common.reads import ReadLog
from dermfolio.contracts.patients import PatientsListed, SearchPatients
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.views.patient_search import COUNTED, FoundPatients, PatientSearch
from dermfolio.patients import finding
from dermfolio.patients.finding import Found
from dermfolio.patients.read import record
from dermfolio.patients.search_statements import Place


async def search_patients(
    db: Database, reads: ReadLog, cursors: Cursors, call: Call, request: SearchPatients
) -> Answer[FoundPatients]:
    """A page of the patients wanted. Refused as `not_found` where a site is none of the caller's."""
    wanted = request.search
    sites = _sites(call, wanted)
    # what is asked for, beside how much of it: the next page of another search is none of this one
    asked = wanted.model_dump_json(exclude={"limit", "cursor"})
    of_search = cursors.of(call, "patients", asked)
    behind = None if wanted.cursor is None else _place(of_search.opened(wanted.cursor))
    found = await _shown(reads, call, wanted, sites, behind)
    if found is None:
        async with db.read() as rows:
            found = await finding.find(rows, wanted, sites, behind)
        await record(db, reads, found.cards, call, "rpc.patients.search")
    following = None
    if found.following is not None:
        place = found.following
        following = of_search.sealed([place.key, str(place.id), place.few])
    counted = found.counted
    rest = json.dumps(
        {
            "next": following,
            "count": None if counted is None else min(counted, COUNTED),
            "count_is_exact": None if counted is None else counted <= COUNTED,
        }
    )
    return Answer(b'{"patients":%b,%b' % (found.cards.cards, rest[1:].encode()))


async def _shown(
    reads: ReadLog, call: Call, wanted: PatientSearch, sites: Sequence[UUID], behind: Place | None
) -> Found | None:
    origin = call.origin()
    if reads.leaves_out(PatientsListed, origin):
        return None
    return await finding.show(reads, wanted, sites, behind, origin)


def _sites(call: Call, wanted: PatientSearch) -> Sequence[UUID]:
    """The sites whose patients are shown: the caller's, or those of them that are asked for."""
    seen = call.actor.sites(Permission.PATIENT_READ)
    if not seen:
        raise Refused("forbidden")
    if not set(wanted.sites) <= set(seen):
        raise Refused("not_found")
    return list(dict.fromkeys(wanted.sites)) or seen


def _place(opened: list[Any]) -> Place:
    key, row, few = opened
    return Place(key, UUID(row), few)
