"""Finding patients (PAT-4): which way leads to a page fast, each search shows anew.

Where few are wanted, the count has told so, and they are *gathered*; where tags or words decide, while they are
counted. Else a *walk* in the order wanted is right where its index holds what decides, at any page. Where tags or words
decide, it is a *stroll*; where too few of those it met are wanted, everyone wanted is gathered.
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
    COUNT_COVERED,
    GATHER,
    GATHER_COVERED,
    GATHER_FEW,
    SECONDS,
    STROLL,
    WALK,
    Place,
    Query,
    is_selective,
)
from dermfolio.patients.searched import patterns

PATIENCE, PATIENCE_FOR_WORDS = 2000, 200
"""How many of a site's patients a stroll looks at; where words decide that few have, it mostly looks in vain."""

FEW_FOR_WORDS = 10_000
"""Of those whom words lead to, so many are gathered at once: to find them all takes longer than to sort them."""

_ALIASES = "SELECT DISTINCT merged_into AS id FROM patients WHERE merged_into IS NOT NULL AND {words}"

_CARDS = f"""
SELECT {AGGREGATED} FROM (
    SELECT {CARD} FROM unnest($1::uuid[]) WITH ORDINALITY AS found(patient, place)
    JOIN patients ON patients.id = found.patient ORDER BY place
) AS card
"""  # noqa: S608 - constants only


@dataclass(frozen=True, slots=True)
class Found:
    """A page of patients; `counted` is how many there are, if not more than COUNTED, on the first page."""

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
    most = FEW_FOR_WORDS if is_selective(wanted) else COUNTED
    query = Query(wanted, sites, await _aliases(rows, wanted.text), behind, most)
    counted: int | None = None
    if behind is None:
        counted, found = await _first(rows, query)
        few = counted <= most
    else:
        few, found = behind.few, await _matching(rows, query, few=behind.few)
    page = found[: wanted.limit]
    [row] = await rows.fetch(_CARDS, [row["id"] for row in page], timeout=SECONDS)
    more = len(found) > len(page)
    following = Place(page[-1]["key"], page[-1]["id"], few) if more else None
    return Found(Cards(row["ids"], row["homes"], row["cards"]), counted, following)


async def _first(rows: ReadConnection, query: Query) -> tuple[int, list[Any]]:
    """How many are wanted, and those of the first page and one more, if there are more."""
    if query.is_covered:
        [row] = await query.fetch(rows, COUNT_COVERED)
        counted = int(row["count"])
        return counted, await _matching(rows, query, few=counted <= query.most)
    few = await query.fetch(rows, GATHER_FEW)
    counted = int(few[0]["count"]) if few else 0
    return counted, few if counted <= query.most else await _matching(rows, query, few=False)


async def _matching(rows: ReadConnection, query: Query, *, few: bool) -> list[Any]:
    """Those of a page and one more, if there are more."""
    if query.is_covered:
        return await query.fetch(rows, GATHER_COVERED if few else WALK)
    if not few:
        patience = PATIENCE_FOR_WORDS if query.is_selective else PATIENCE
        found = await query.fetch(rows, STROLL, patience=patience)
        if not any(row["tired"] for row in found):
            return found
    return await query.fetch(rows, GATHER)


async def _aliases(rows: ReadConnection, text: str) -> list[UUID]:
    """The patients who are found by what another was called who is an alias of theirs now."""
    words = patterns(text)
    if not words:
        return []
    # they are few, and the index of words would be gone through for all patients
    like = " AND ".join(f"searched || '' LIKE ${n}" for n in range(1, len(words) + 1))
    found = await rows.fetch(_ALIASES.format(words=like), *words, timeout=SECONDS)
    return [row["id"] for row in found]
