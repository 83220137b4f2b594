"""Searching the trail: newest first, a page at a time, each filter along an index of its own.

A page is a walk down an index in order of time, month by month, that ends when the page is full. Which index, the
database decides for each search anew: one plan for all would walk past a million reads to find three deletions.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import combinations
from typing import Any, get_args
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
    try:
        async with rows.transaction(readonly=True):
            await rows.execute("SET LOCAL plan_cache_mode = force_custom_plan")
            found = await rows.fetch(query.sql(), *query.arguments, timeout=SECONDS)
    except (TimeoutError, asyncpg.QueryCanceledError) as error:
        raise Refused("search_too_broad") from error
    return [row["body"] for row in found]


class Query:
    """The page to be found: conditions, a walk for each of several values, arguments."""

    def __init__(self, limit: int) -> None:
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
        return (
            f"SELECT body FROM {self._walks} LATERAL (SELECT at, position, body FROM trail "  # noqa: S608
            f"WHERE {' AND '.join(self._conditions)} ORDER BY at DESC, position DESC LIMIT $1) AS found "
            "ORDER BY at DESC, position DESC LIMIT $1"
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

_BEHIND_ALL = datetime.max.replace(tzinfo=UTC), 2**63 - 1


async def history(rows: ReadConnection, user: UUID, *, before: int | None, limit: int) -> list[str]:
    """Bodies of the records about the security of a user's account, newest first: what happened to it, and what was
    refused to its user.
    """
    behind = _BEHIND_ALL if before is None else (await _moment(rows, before), before)
    found = await rows.fetch(HISTORY, str(user), get_args(AccountEvent), get_args(DeniedEvent), *behind, limit)
    return [row["body"] for row in found]
