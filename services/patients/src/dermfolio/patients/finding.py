"""Finding patients (PAT-4): which way leads to a page fast, each search shows anew.

Where few are wanted, the count has told so, and they are *gathered*. Else a *walk* in the order wanted is right where
its index holds what decides, at any page. Where tags or words decide, it is a *stroll*, first a short one; where too
few of those it met are wanted, everyone wanted is gathered.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from dermfolio.common.db import ReadConnection
from dermfolio.common.errors import Refused
from dermfolio.common.reads import ReadLog
from dermfolio.contracts.patients import PatientsListed
from dermfolio.contracts.replay import Origin
from dermfolio.contracts.views.patient_search import COUNTED, PatientSearch
from dermfolio.patients.cards import AGGREGATED, CARD, Cards
from dermfolio.patients.search_statements import (
    COUNT,
    COUNT_COVERED,
    GATHER,
    GATHER_COVERED,
    SECONDS,
    STROLL,
    WALK,
    Place,
    Query,
)
from dermfolio.patients.searched import patterns

PATIENCES = (200, 2000)
"""How many of a site's patients a stroll looks at, and then the next one."""

_ALIASES = "SELECT DISTINCT merged_into AS id FROM patients WHERE merged_into IS NOT NULL AND {words}"

_CARDS = f"""
SELECT {AGGREGATED} FROM (
    SELECT {CARD} FROM unnest($1::uuid[]) WITH ORDINALITY AS found(patient, place)
    JOIN patients ON patients.id = found.patient ORDER BY place
) AS card
"""  # noqa: S608 - constants only


@dataclass(frozen=True, slots=True)
class Found:
    """A page of patients; `counted` is how many there are, up to one more than are counted, on the first page."""

    cards: Cards
    counted: int | None
    following: Place | None


async def find(rows: ReadConnection, wanted: PatientSearch, sites: Sequence[UUID], behind: Place | None) -> Found:
    """A page of the patients of these sites, whether at home there or shared with them, who are wanted.

    Refused as `search_too_broad` after SECONDS.
    """
    try:
        async with rows.transaction(isolation="repeatable_read", readonly=True):
            await rows.execute("SET LOCAL plan_cache_mode = force_custom_plan")
            return await _find(rows, wanted, sites, behind)
    except (TimeoutError, asyncpg.QueryCanceledError) as error:
        raise Refused("search_too_broad") from error


async def show(
    reads: ReadLog, wanted: PatientSearch, sites: Sequence[UUID], behind: Place | None, origin: Origin
) -> Found | None:
    """The same, recorded as shown; None where something is chosen among the patients."""
    query = Query(wanted, sites, [], behind, COUNTED)
    if not query.is_of_everyone:
        return None
    statement, arguments = query.everyone(count=behind is None)
    event = PatientsListed(request="rpc.patients.search", patients=[])
    [row] = await reads.show(statement, *arguments, event=event, origin=origin, said={"site", "patients"})
    more = row["found"] > wanted.limit
    following = Place(row["last"], row["ids"][-1], few=False) if more else None
    return Found(Cards(row["ids"], row["homes"], row["cards"]), row["counted"], following)


async def _find(rows: ReadConnection, wanted: PatientSearch, sites: Sequence[UUID], behind: Place | None) -> Found:
    aliases = await _aliases(rows, wanted.text)
    counted = None
    if behind is None:
        everyone = Query(wanted, sites, aliases, None, COUNTED)
        [row] = await everyone.fetch(rows, COUNT_COVERED if everyone.is_covered else COUNT)
        counted = int(row["count"])
    few = behind.few if behind is not None else counted is not None and counted <= COUNTED
    found = await _matching(rows, Query(wanted, sites, aliases, behind, COUNTED), few=few)
    page = found[: wanted.limit]
    [row] = await rows.fetch(_CARDS, [row["id"] for row in page], timeout=SECONDS)
    more = len(found) > len(page)
    following = Place(page[-1]["key"], page[-1]["id"], few) if more else None
    return Found(Cards(row["ids"], row["homes"], row["cards"]), counted, following)


async def _matching(rows: ReadConnection, query: Query, *, few: bool) -> list[Any]:
    """Those of a page and one more, if there are more."""
    if query.is_covered:
        return await query.fetch(rows, GATHER_COVERED if few else WALK)
    patiences = () if few else PATIENCES[: 1 if query.is_selective else None]
    for patience in patiences:
        found = await query.fetch(rows, STROLL, patience=patience)
        if not any(row["tired"] for row in found):
            return found
    return await query.fetch(rows, GATHER)


async def _aliases(rows: ReadConnection, text: str) -> list[UUID]:
    """The patients who are found by what another was called who is an alias of theirs now."""
    words = patterns(text)
    if not words:
        return []
    like = " AND ".join(f"searched LIKE ${n}" for n in range(1, len(words) + 1))
    found = await rows.fetch(_ALIASES.format(words=like), *words, timeout=SECONDS)
    return [row["id"] for row in found]
