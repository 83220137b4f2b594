"""What a search of patients (PAT-4) says to the database: four kinds of statement, and the arguments that fill them.

COUNT counts up to a limit; GATHER_FEW does, and takes everyone wanted below it. WALK follows the index of each site in
the order wanted to the end of the page, and leaves out who is not wanted by what the index holds. STROLL looks at the
rows on its way, and so at some of them only. GATHER takes everyone wanted, by the index that leads to them, and sorts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from dermfolio.common.db import ReadConnection
from dermfolio.common.reads import recording
from dermfolio.contracts.views.patient_search import CountRange, PatientSearch, PatientSort
from dermfolio.patients.cards import AGGREGATED, CARD, LISTED, LISTED_OF_PAGE, OF_PATIENT
from dermfolio.patients.searched import is_anywhere, patterns

SECONDS = 10.0
"""How long a statement of a search may take."""

SHARED_IS_SPARSER = 8
"""Of those who are shared with a site, there are fewer on the same stretch of an order than of its own."""

_APPOINTMENT = "coalesce(last_appointment, '-infinity'::timestamptz)"
_KEYS = {
    PatientSort.LAST_MODIFIED: ("last_modified", "timestamptz"),
    PatientSort.LAST_APPOINTMENT: (_APPOINTMENT, "timestamptz"),
    PatientSort.UNIQUE_ID: ("unique_id", "text"),
    PatientSort.NAME: ("name_key", "text"),
}
_LOOKED_AT = "last_modified, last_appointment, image_count, entry_count, tags, searched, deleted_at, merged_into"

_VISIBLE = """(site = ANY({sites}) OR EXISTS (
    SELECT FROM shares WHERE shares.patient = patients.id AND shares.site = ANY({sites})
))"""

GATHER_FEW = """
WITH matching AS MATERIALIZED (SELECT id, {key} AS key FROM patients WHERE {visible} AND {wanted} LIMIT {most})
SELECT id, key::text, (SELECT count(*) FROM matching) AS count
FROM matching ORDER BY matching.key {way}, matching.id {way} LIMIT {limit}
"""

COUNT_COVERED = """
SELECT count(*) FROM (
    (SELECT one.id FROM unnest({sites}) AS visible(at) CROSS JOIN LATERAL (
        SELECT id FROM patients WHERE site = visible.at AND {wanted} LIMIT {most}
    ) AS one)
    UNION
    (SELECT one.id FROM unnest({sites}) AS visible(at) CROSS JOIN LATERAL (
        SELECT patient AS id FROM shares WHERE site = visible.at AND {wanted_shared}
        LIMIT {most} * (cardinality({sites}) + 1)
    ) AS one)
    LIMIT {most}
) AS counted
"""
# Who is shared with several of the sites, or at home at one of them as well, is there several times before the UNION.

STROLL = """
SELECT tired, id, key::text FROM (
    SELECT seen.* FROM unnest({sites}) AS visible(at) CROSS JOIN LATERAL (
        SELECT n > {patience} AS tired, id, key FROM (
            SELECT row_number() OVER (ORDER BY next.key {way}, next.id {way}) AS n, next.* FROM (
                SELECT id, {key} AS key, {looked_at} FROM patients WHERE site = visible.at AND {listed} AND {ahead}
                ORDER BY {key} {way}, id {way} LIMIT {patience} + 1
            ) AS next
        ) AS numbered
        WHERE n > {patience} OR ({wanted}) ORDER BY key {way}, id {way} LIMIT {limit}
    ) AS seen
    UNION ALL
    SELECT seen.* FROM unnest({sites}) AS visible(at) CROSS JOIN LATERAL (
        SELECT n > {patience_shared} AS tired, numbered.id, key FROM (
            SELECT row_number() OVER (ORDER BY next.key {way}, next.id {way}) AS n, next.* FROM (
                SELECT patient AS id, {key} AS key FROM shares WHERE site = visible.at AND listed AND {ahead_shared}
                ORDER BY {key} {way}, patient {way} LIMIT {patience_shared} + 1
            ) AS next
        ) AS numbered CROSS JOIN LATERAL (
            SELECT site, {looked_at} FROM patients WHERE patients.id = numbered.id OFFSET 0
        ) AS of_patient
        WHERE n > {patience_shared} OR ({wanted} AND site <> ALL({sites}) AND NOT EXISTS (
            SELECT FROM shares AS other
            WHERE other.patient = numbered.id AND other.site = ANY({sites}) AND other.site < visible.at
        )) ORDER BY key {way}, numbered.id {way} LIMIT {limit}
    ) AS seen
) AS walked
ORDER BY walked.key {way}, walked.id {way} LIMIT {limit}
"""
# A stroll that looked at all it may ends with one more, who is there whether wanted or not: up to there, all are found.

WALK = """
SELECT id, key::text FROM (
    (SELECT next.* FROM unnest({sites}) AS visible(at) CROSS JOIN LATERAL (
        SELECT id, {key} AS key FROM patients WHERE site = visible.at AND {wanted} AND {ahead}
        ORDER BY {key} {way}, id {way} LIMIT {limit}
    ) AS next)
    UNION
    (SELECT next.* FROM unnest({sites}) AS visible(at) CROSS JOIN LATERAL (
        SELECT patient AS id, {key} AS key FROM shares WHERE site = visible.at AND {wanted_shared} AND {ahead_shared}
        ORDER BY {key} {way}, patient {way} LIMIT {limit}
    ) AS next)
) AS walked
ORDER BY walked.key {way}, walked.id {way} LIMIT {limit}
"""

GATHER = """
WITH matching AS MATERIALIZED (SELECT id, {key} AS key FROM patients WHERE {visible} AND {wanted} AND {ahead})
SELECT id, key::text FROM matching ORDER BY matching.key {way}, matching.id {way} LIMIT {limit}
"""

GATHER_COVERED = """
WITH matching AS MATERIALIZED (
    SELECT id, {key} AS key FROM patients WHERE site = ANY({sites}) AND {wanted} AND {ahead}
    UNION
    SELECT patient, {key} FROM shares WHERE site = ANY({sites}) AND {wanted_shared} AND {ahead_shared}
)
SELECT id, key::text FROM matching ORDER BY matching.key {way}, matching.id {way} LIMIT {limit}
"""


_EVERYONE = f"""
WITH counted AS ({{count}}), found AS MATERIALIZED ({{walk}}), page AS (
    SELECT place, key, {OF_PATIENT}, patients.last_modified
    FROM (SELECT row_number() OVER () AS place, found.* FROM found LIMIT {{limit}} - 1) AS numbered
    JOIN patients ON patients.id = numbered.id
), recorded AS ({{recording}})
"""  # noqa: S608 - constants only
_EVERYONE_SHOWN = f"""
SELECT {AGGREGATED}, (SELECT count FROM counted) AS counted, (SELECT count(*) FROM found) AS found,
       (SELECT key FROM page ORDER BY place DESC LIMIT 1) AS last
FROM (SELECT {CARD} FROM page ORDER BY place) AS card
"""  # noqa: S608 - constants only
# One statement counts, walks, shows and records, for the page that is asked for most.

_NOT_COUNTED = "SELECT NULL::bigint AS count"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: behind a sort key, as text, and an id."""

    key: str
    id: UUID
    few: bool
    """Whether everyone wanted is gathered."""


def is_selective(wanted: PatientSearch) -> bool:
    """Whether words decide that few have: a stroll meets them only where everybody has them."""
    return any(is_anywhere(pattern) for pattern in patterns(wanted.text))


class Query:
    """What a search says to the database, with its arguments."""

    def __init__(
        self, wanted: PatientSearch, sites: Sequence[UUID], aliases: Sequence[UUID], behind: Place | None, most: int
    ) -> None:
        """`most` is how many are few; `aliases` are found by what others were called."""
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
        chosen = " AND ".join([dated, *self._conditions(wanted, aliases)])
        self.is_covered = not (patterns(wanted.text) or wanted.tags_any or wanted.tags_all)
        """Whether the indexes that are walked along hold all that decides who is wanted."""

        self.is_of_everyone = self.is_covered and chosen == "true"
        """Whether nothing is chosen."""

        self.is_selective = is_selective(wanted)
        self.most = most
        self._said = {
            "sites": visible,
            "visible": _VISIBLE.format(sites=visible),
            "listed": LISTED,
            "wanted": f"{LISTED} AND {chosen}",
            "wanted_shared": f"listed AND {chosen}",
            "ahead": f"{ahead} AND {place.format(id='id')}",
            "ahead_shared": f"{ahead} AND {place.format(id='patient')}",
            "key": key,
            "way": "ASC" if ascending else "DESC",
            "looked_at": _LOOKED_AT,
            "limit": wanted.limit + 1,
            "most": most + 1,
        }

    async def fetch(self, rows: ReadConnection, statement: str, *, patience: int = 0) -> list[Any]:
        """What one of the statements finds; a stroll has this patience."""
        strolls = {"patience": patience, "patience_shared": -(-patience // SHARED_IS_SPARSER)}
        said = statement.format(**self._said, **strolls)
        found: list[Any] = await rows.fetch(said, *self._arguments, timeout=SECONDS)
        return found

    def everyone(self, *, count: bool) -> tuple[str, list[Any]]:
        """The statement that shows and records a page where nothing is chosen, and its arguments before those of
        `ReadLog.show`; it counts if asked.
        """
        counting = COUNT_COVERED.format(**self._said) if count else _NOT_COUNTED
        recorded = recording(LISTED_OF_PAGE, first=len(self._arguments) + 1)
        parts = {"count": counting, "walk": WALK.format(**self._said), "recording": recorded}
        return _EVERYONE.format(**parts, limit=self._said["limit"]) + _EVERYONE_SHOWN, self._arguments

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
