"""Finding patients (PAT-4): which of two ways leads to a page fast, each search shows anew.

A *walk* follows the index of each site in the order wanted and leaves out who is not wanted: right where many are, at
any page. It looks at PATIENCE patients; where too few of them are wanted, everyone wanted is *gathered*, by the index
that leads to them, and sorted. Where few are wanted at all, the count has told so, and nobody walks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from dermfolio.common.db import ReadConnection
from dermfolio.common.errors import Refused
from dermfolio.contracts.views.patient_search import COUNTED, CountRange, PatientSearch, PatientSort
from dermfolio.patients.cards import AGGREGATED, CARD, LISTED, Cards
from dermfolio.patients.searched import patterns

SECONDS = 10.0
"""How long a statement of a search may take."""

PATIENCE = 2000
"""How many of a site's patients a walk looks at."""

_APPOINTMENT = "coalesce(last_appointment, '-infinity'::timestamptz)"
_KEYS = {
    PatientSort.LAST_MODIFIED: ("last_modified", "timestamptz"),
    PatientSort.LAST_APPOINTMENT: (_APPOINTMENT, "timestamptz"),
    PatientSort.UNIQUE_ID: ("unique_id", "text"),
    PatientSort.NAME: ("name_key", "text"),
}
_LOOKED_AT = "last_modified, last_appointment, image_count, entry_count, tags, searched, deleted_at, merged_into"

_AT_HOME = "site = ANY({sites})"
_SHARED = "site <> ALL({sites}) AND id IN (SELECT patient FROM shares WHERE shares.site = ANY({sites}))"

_COUNT = """
SELECT count(*) FROM (
    SELECT FROM patients WHERE {at_home} AND {wanted} UNION ALL SELECT FROM patients WHERE {shared} AND {wanted}
    LIMIT {most}
) AS counted
"""

_WALK = """
SELECT n > {patience} AS tired, id, key::text FROM (
    SELECT seen.* FROM unnest({sites}) AS visible(at) CROSS JOIN LATERAL (
        SELECT n, id, key FROM (
            SELECT row_number() OVER () AS n, next.* FROM (
                SELECT id, {key} AS key, {looked_at} FROM patients WHERE site = visible.at AND {ahead}
                ORDER BY {key} {way}, id {way} LIMIT {patience} + 1
            ) AS next
        ) AS numbered
        WHERE n > {patience} OR ({wanted}) ORDER BY key {way}, id {way} LIMIT {limit}
    ) AS seen
    UNION ALL
    SELECT seen.* FROM unnest({sites}) AS visible(at) CROSS JOIN LATERAL (
        SELECT n, numbered.id, key FROM (
            SELECT row_number() OVER () AS n, next.* FROM (
                SELECT patient AS id, {key} AS key FROM shares WHERE site = visible.at AND {ahead_shared}
                ORDER BY {key} {way}, patient {way} LIMIT {patience} + 1
            ) AS next
        ) AS numbered CROSS JOIN LATERAL (
            SELECT site, {looked_at} FROM patients WHERE patients.id = numbered.id OFFSET 0
        ) AS of_patient
        WHERE n > {patience} OR ({wanted} AND site <> ALL({sites}) AND NOT EXISTS (
            SELECT FROM shares AS other
            WHERE other.patient = numbered.id AND other.site = ANY({sites}) AND other.site < visible.at
        )) ORDER BY key {way}, numbered.id {way} LIMIT {limit}
    ) AS seen
) AS walked
ORDER BY key {way}, id {way} LIMIT {limit}
"""
# A walk that looked at all it may ends with one more, who is there whether wanted or not: up to there, all are found.

_GATHER = """
WITH matching AS MATERIALIZED (
    SELECT id, {key} AS key FROM patients WHERE {at_home} AND {wanted} AND {ahead}
    UNION ALL
    SELECT id, {key} AS key FROM patients WHERE {shared} AND {wanted} AND {ahead}
)
SELECT id, key::text FROM matching ORDER BY key {way}, id {way} LIMIT {limit}
"""

_ALIASES = "SELECT DISTINCT merged_into AS id FROM patients WHERE merged_into IS NOT NULL AND {words}"

_CARDS = f"""
SELECT {AGGREGATED} FROM (
    SELECT {CARD} FROM unnest($1::uuid[]) WITH ORDINALITY AS found(patient, place)
    JOIN patients ON patients.id = found.patient ORDER BY place
) AS card
"""  # noqa: S608 - constants only


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: behind a sort key, as text, and an id."""

    key: str
    id: UUID
    few: bool
    """Whether everyone wanted is gathered."""


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


async def _find(rows: ReadConnection, wanted: PatientSearch, sites: Sequence[UUID], behind: Place | None) -> Found:
    aliases = await _aliases(rows, wanted.text)
    counted = None
    if behind is None:
        counted = int((await _Query(wanted, sites, aliases).fetch(rows, _COUNT))[0]["count"])
    few = behind.few if behind is not None else counted is not None and counted <= COUNTED
    query = _Query(wanted, sites, aliases, behind)
    found = [] if few else await query.fetch(rows, _WALK)
    if few or any(row["tired"] for row in found):
        found = await query.fetch(rows, _GATHER)
    page = found[: wanted.limit]
    [row] = await rows.fetch(_CARDS, [row["id"] for row in page], timeout=SECONDS)
    more = len(found) > len(page)
    following = Place(page[-1]["key"], page[-1]["id"], few) if more else None
    return Found(Cards(row["ids"], row["homes"], row["cards"]), counted, following)


async def _aliases(rows: ReadConnection, text: str) -> list[UUID]:
    """The patients who are found by what another was called who is an alias of theirs now."""
    words = patterns(text)
    if not words:
        return []
    like = " AND ".join(f"searched LIKE ${n}" for n in range(1, len(words) + 1))
    found = await rows.fetch(_ALIASES.format(words=like), *words, timeout=SECONDS)
    return [row["id"] for row in found]


class _Query:
    """What a search says to the database, with its arguments."""

    def __init__(
        self, wanted: PatientSearch, sites: Sequence[UUID], aliases: Sequence[UUID], behind: Place | None = None
    ) -> None:
        self._arguments: list[Any] = []
        key, kind = _KEYS[wanted.sort]
        visible = self._argument(list(sites), "uuid[]")
        ascending = wanted.order == "ascending"
        dated = self._dated(wanted)
        ahead = self._ahead(wanted, key, dated)
        place = "true"
        if behind is not None:
            sign = ">" if ascending else "<"
            stands = f"{self._argument(behind.key, 'text')}::{kind}, {self._argument(behind.id, 'uuid')}"
            place = f"({key}, {{id}}) {sign} ({stands})"
        self._said = {
            "sites": visible,
            "at_home": _AT_HOME.format(sites=visible),
            "shared": _SHARED.format(sites=visible),
            "wanted": " AND ".join([LISTED, dated, *self._conditions(wanted, aliases)]),
            "ahead": f"{ahead} AND {place.format(id='id')}",
            "ahead_shared": f"{ahead} AND {place.format(id='patient')}",
            "key": key,
            "way": "ASC" if ascending else "DESC",
            "looked_at": _LOOKED_AT,
            "patience": PATIENCE,
            "limit": wanted.limit + 1,
            "most": COUNTED + 1,
        }

    async def fetch(self, rows: ReadConnection, statement: str) -> list[Any]:
        """What one of the statements finds."""
        found: list[Any] = await rows.fetch(statement.format(**self._said), *self._arguments, timeout=SECONDS)
        return found

    def _argument(self, value: Any, kind: str) -> str:
        self._arguments.append(value)
        return f"${len(self._arguments)}::{kind}"

    def _conditions(self, wanted: PatientSearch, aliases: Sequence[UUID]) -> list[str]:
        made = [self._found_by(wanted.text, aliases)] if patterns(wanted.text) else []
        if wanted.tags_any:
            made.append(f"tags && {self._argument(wanted.tags_any, 'uuid[]')}")
        if wanted.tags_all:
            made.append(f"tags @> {self._argument(wanted.tags_all, 'uuid[]')}")
        for column, counted in (("entry_count", wanted.entries), ("image_count", wanted.images)):
            if counted is not None:
                made.append(self._counted(column, counted))
        return made

    def _found_by(self, text: str, aliases: Sequence[UUID]) -> str:
        words = " AND ".join(f"searched LIKE {self._argument(pattern, 'text')}" for pattern in patterns(text))
        return f"({words} OR id = ANY({self._argument(list(aliases), 'uuid[]')}))" if aliases else words

    def _counted(self, column: str, counted: CountRange) -> str:
        least = f"{column} >= {self._argument(counted.least, 'int')}"
        return least if counted.most is None else f"{least} AND {column} <= {self._argument(counted.most, 'int')}"

    def _dated(self, wanted: PatientSearch) -> str:
        """The dates wanted, as conditions on what is indexed: who has no appointment is in no span of them."""
        if wanted.dates is None:
            return "true"
        dates, (key, _) = wanted.dates, _KEYS[PatientSort(wanted.dates.of)]
        made = [] if dates.of == "last_modified" else [f"{key} > '-infinity'"]
        if dates.since is not None:
            made.append(f"{key} >= {self._argument(dates.since, 'timestamptz')}")
        if dates.until is not None:
            made.append(f"{key} < {self._argument(dates.until, 'timestamptz')}")
        return " AND ".join(made) or "true"

    def _ahead(self, wanted: PatientSearch, key: str, dated: str) -> str:
        """Which stretch of the order everyone wanted is in, so that walks begin and end there."""
        if wanted.dates is not None and wanted.dates.of == wanted.sort:
            return dated
        if wanted.entries is None or wanted.sort != PatientSort.LAST_APPOINTMENT:
            return "true"
        # who has entries has a last appointment, who has none has none (PAT-3)
        if wanted.entries.most == 0:
            return f"{key} = '-infinity'"
        return f"{key} > '-infinity'" if wanted.entries.least > 0 else "true"
