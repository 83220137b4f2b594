"""Searching the trail: newest first, a page at a time, each filter along an index of its own.

A page is a walk down an index in order of time, month by month, that ends when the page is full. Which index, the
database decides for each search anew: one plan for all would walk past a million reads to find three deletions.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Any, NamedTuple, get_args
from uuid import UUID

import asyncpg

from dermfolio.audit.models import ACCOUNT, ACTED, DENIED, OF_IDENTITY
from dermfolio.common.db import ReadConnection
from dermfolio.common.errors import Refused
from dermfolio.contracts.roles import Role
from dermfolio.contracts.views.audit import TrailFilter
from dermfolio.contracts.views.history import AccountEvent, DeniedEvent

SECONDS = 10.0
"""How long a search may take."""

AT_A_TIME = timedelta(days=7)
"""How much of the trail is looked through at once for an export, however few records are wanted."""

_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


class Place(NamedTuple):
    """A place in the order of time."""

    at: datetime
    position: int


_STORED = "at, position, key_version, body, mac"

_COLUMNS = {"site", "patient"}
"""Filters that are columns; the others are looked for in the body."""

_LEADING = {"user", "site", "patient", "event", "object_kind", "object_id", "address"}
"""Filters whose index leads to few records: beside one of them, roles are looked at record by record. Without one there
is a walk for each set of roles, and the newest of what they find are the page: to ask for any of the sets at once would
sort all they have.
"""


async def newest(
    rows: ReadConnection, wanted: TrailFilter, sites: Sequence[UUID] | None, *, before: int | None, limit: int
) -> list[str]:
    """Bodies of the records wanted, newest first, behind the one at position `before`; `sites` None means all sites.

    Refused as `invalid_request` when nothing is at that position, as `search_too_broad` after SECONDS.
    """
    query = page_of(wanted, sites, limit=limit)
    if before is not None:
        moment = await _moment(rows, before)
        query.where("at <= {} AND (at, position) < ({}, {})", moment, moment, before)
    return [row["body"] for row in await _found(rows, query)]


async def oldest(
    rows: ReadConnection,
    wanted: TrailFilter,
    sites: Sequence[UUID] | None,
    *,
    upto: int,
    after: Place | None,
    limit: int,
) -> tuple[list[Any], Place | None]:
    """Records wanted up to a position as they are stored, oldest first, behind a place; and the place from which to go
    on, None when there are no more. There may be none and more to come: at most `AT_A_TIME` is looked through.

    Refused as `search_too_broad` when it takes more than SECONDS.
    """
    if after is None and (after := await _first(rows, wanted)) is None:
        return [], None
    end = after.at + min(AT_A_TIME, _LAST - after.at)
    query = page_of(wanted, sites, limit=limit)
    query.order = "ASC"
    query.where("at >= {} AND (at, position) > ({}, {})", after.at, after.at, after.position)
    query.where("at <= {} AND position <= {}", end, upto)
    found = await _found(rows, query)
    if len(found) == limit:
        return found, Place(found[-1]["at"], found[-1]["position"])
    following: datetime | None = await rows.fetchval("SELECT min(at) FROM trail WHERE at > $1", end)
    over = following is None or (wanted.until is not None and following >= wanted.until)
    return found, None if following is None or over else Place(following, 0)


async def _first(rows: ReadConnection, wanted: TrailFilter) -> Place | None:
    """The place before the first record that a filter's time lets through; None for an empty trail."""
    since = _FIRST if wanted.since is None else wanted.since
    first: datetime | None = await rows.fetchval("SELECT min(at) FROM trail WHERE at >= $1", since)
    return None if first is None else Place(first, 0)


async def _found(rows: ReadConnection, query: "Query") -> list[Any]:
    try:
        async with rows.transaction(readonly=True):
            await rows.execute("SET LOCAL plan_cache_mode = force_custom_plan")
            found: list[Any] = await rows.fetch(query.sql(), *query.arguments, timeout=SECONDS)
    except (TimeoutError, asyncpg.QueryCanceledError) as error:
        raise Refused("search_too_broad") from error
    return found


class Query:
    """The page to be found: conditions, a walk for each of several values, arguments."""

    def __init__(self, limit: int) -> None:
        self.order = "DESC"
        self.arguments: list[Any] = [limit]
        self._conditions: list[str] = ["true"]
        self._walks = ""

    def where(self, condition: str, *values: Any) -> None:
        """Find only what a condition is true of; `{}` stands for each value."""
        self._conditions.append(condition.format(*(self._argument(value) for value in values)))

    def walk(self, indexed: str, values: Sequence[str]) -> None:
        """Walk once for each of these values of what an index leads to; at most one such."""
        self._walks = f"unnest({self._argument(list(values))}::text[]) AS walk CROSS JOIN"
        self._conditions.append(f"{indexed} = walk")

    def sql(self) -> str:
        """The statement; $1 is how many."""
        order = f"ORDER BY at {self.order}, position {self.order} LIMIT $1"
        return (
            f"SELECT {_STORED} FROM {self._walks} LATERAL (SELECT {_STORED} FROM trail "  # noqa: S608 - values are arguments
            f"WHERE {' AND '.join(self._conditions)} {order}) AS found {order}"
        )

    def _argument(self, value: Any) -> str:
        self.arguments.append(value)
        return f"${len(self.arguments)}"


def page_of(wanted: TrailFilter, sites: Sequence[UUID] | None, *, limit: int) -> Query:
    """What finds the newest records wanted of the sites that may be seen."""
    query = Query(limit)
    chosen = wanted.model_dump(exclude_none=True, exclude={"since", "until", "role", "outcome"})
    if wanted.since is not None:
        query.where("at >= {}", wanted.since)
    if wanted.until is not None:
        query.where("at < {}", wanted.until)
    for name, value in chosen.items():
        if name in _COLUMNS:
            query.where(f"{name} = {{}}", value)
        else:
            query.where(f"body ->> '{name}' = {{}}", str(value))
    if wanted.outcome is not None:
        query.where(f"body ->> 'outcome' = '{wanted.outcome}'")  # in words: the index is of all but successes
    if sites is not None:
        query.where("site = ANY ({}::uuid[])", list(sites))
    if wanted.role is not None and chosen.keys() & _LEADING:
        query.where("body ->> 'roles' = ANY ({}::text[])", _sets_with(wanted.role))
    elif wanted.role is not None:
        query.walk("body ->> 'roles'", _sets_with(wanted.role))
    return query


def _sets_with(role: Role) -> list[str]:
    """Every set of roles with this one, as records say it."""
    others = sorted(set(Role) - {role})
    sets = (sorted([role, *more]) for count in range(len(others) + 1) for more in combinations(others, count))
    return [json.dumps(roles, separators=(",", ":")) for roles in sets]


async def _moment(rows: ReadConnection, position: int) -> datetime:
    """When the record at a position happened. Refused as `invalid_request` when there is none."""
    moment: datetime | None = await rows.fetchval("SELECT at FROM trail WHERE position = $1", position)
    if moment is None:
        raise Refused("invalid_request", errors=[{"loc": "before", "msg": "is not the position of a record"}])
    return moment


_ONE_OF = "array_position({}::text[], body ->> 'event') IS NOT NULL"
"""`= ANY` the planner takes for rare, and would sort all records of an account instead of reading the newest."""

HISTORY = f"""
SELECT body FROM (
    (SELECT at, position, body FROM trail
     WHERE {OF_IDENTITY} AND {ACCOUNT} = $1 AND {_ONE_OF.format("$2")} AND at <= $4 AND (at, position) < ($4, $5)
     ORDER BY at DESC, position DESC LIMIT $6)
    UNION ALL
    (SELECT at, position, body FROM trail
     WHERE {DENIED} AND {ACTED} = $1 AND {_ONE_OF.format("$3")} AND at <= $4 AND (at, position) < ($4, $5)
     ORDER BY at DESC, position DESC LIMIT $6)
) AS found ORDER BY at DESC, position DESC LIMIT $6
"""  # noqa: S608 - made of constants

_BEHIND_ALL = Place(_LAST, 2**63 - 1)


async def history(rows: ReadConnection, user: UUID, *, before: int | None, limit: int) -> list[str]:
    """Bodies of the records about the security of a user's account, newest first: what happened to it, and what was
    refused to its user.
    """
    behind = _BEHIND_ALL if before is None else Place(await _moment(rows, before), before)
    found = await rows.fetch(HISTORY, str(user), get_args(AccountEvent), get_args(DeniedEvent), *behind, limit)
    return [row["body"] for row in found]
