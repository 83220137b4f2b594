"""Every query of audit. The trail is only ever inserted into and read."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, get_args
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from dermfolio.audit.chain import Link, Place
from dermfolio.audit.models import ACCOUNT, ACTED, DENIED, OF_IDENTITY, chain_keys, trail, trail_head
from dermfolio.common.db import ReadConnection, WriteSession
from dermfolio.contracts.views.history import AccountEvent, DeniedEvent

_INSERT = sa.text(
    "INSERT INTO trail (position, key_version, body, mac) "
    "SELECT position, key_version, body::json, mac "
    "FROM unnest(:positions, :key_versions, :bodies, :macs) AS new (position, key_version, body, mac)"
).bindparams(
    sa.bindparam("positions", type_=sa.ARRAY(sa.BigInteger)),
    sa.bindparam("key_versions", type_=sa.ARRAY(sa.Integer)),
    sa.bindparam("bodies", type_=sa.ARRAY(sa.Text)),
    sa.bindparam("macs", type_=sa.ARRAY(sa.LargeBinary)),
)


_BEHIND_ALL = 2**63 - 1


async def lock_head(s: WriteSession) -> Place:
    """The place of the newest record; whoever else would append waits until this transaction ends."""
    row = (await s.execute(sa.select(trail_head.c.position, trail_head.c.mac).with_for_update())).one()
    return Place(row.position, row.mac)


async def last_seq(s: WriteSession, producer: str) -> int:
    """The highest seq of a producer's facts in the trail; 0 when there are none."""
    found = await s.execute(sa.select(sa.func.max(trail.c.seq)).where(trail.c.producer == producer))
    return found.scalar_one() or 0


async def known_refusals(s: WriteSession, ids: Collection[UUID]) -> set[UUID]:
    """Which of these ids the gateway's records in the trail have."""
    of_gateway = trail.c.producer == sa.literal_column("'gateway'")  # a constant, so that the partial index serves
    return set((await s.execute(sa.select(trail.c.id).where(of_gateway, trail.c.id.in_(ids)))).scalars())


async def append(s: WriteSession, links: Sequence[Link]) -> None:
    """Insert links behind the locked head, and move it."""
    await s.execute(
        _INSERT,
        {
            "positions": [link.position for link in links],
            "key_versions": [link.key_version for link in links],
            "bodies": [link.body.decode() for link in links],
            "macs": [link.mac for link in links],
        },
    )
    await s.execute(sa.update(trail_head).values(position=links[-1].position, mac=links[-1].mac))


async def note_key(s: WriteSession, version: int, check: bytes) -> None:
    """Keep the check value of a key that is used for the first time."""
    await s.execute(insert(chain_keys).values(version=version, key_check=check).on_conflict_do_nothing())


async def key_checks(s: WriteSession) -> dict[int, bytes]:
    """Check values of the keys used so far."""
    rows = await s.execute(sa.select(chain_keys.c.version, chain_keys.c.key_check))
    return {row.version: row.key_check for row in rows}


async def page(
    rows: ReadConnection, *, before: int | None, limit: int, patient: UUID | None, sites: Sequence[UUID] | None
) -> list[str]:
    """Bodies of records, newest first; `sites` None means the whole installation."""
    arguments: list[object] = [limit]

    def argument(value: object) -> str:
        arguments.append(value)
        return f"${len(arguments)}"

    conditions = ["true"]
    if before is not None:
        conditions.append(f"position < {argument(before)}")
    if patient is not None:
        conditions.append(f"patient = {argument(patient)}")
        if sites is not None:
            conditions.append(f"site = ANY({argument(list(sites))})")
    newest = f"FROM trail WHERE {' AND '.join(conditions)}"
    if sites is not None and patient is None:
        # one walk down the index per site; `site = ANY` would not come in order
        newest = (
            f"FROM unnest({argument(list(sites))}::uuid[]) AS own (own_site) CROSS JOIN LATERAL "
            f"(SELECT position, body {newest} AND site = own_site ORDER BY position DESC LIMIT $1) AS found"
        )
    found = await rows.fetch(f"SELECT body {newest} ORDER BY position DESC LIMIT $1", *arguments)
    return [row["body"] for row in found]


_ONE_OF = "array_position({}::text[], body ->> 'event') IS NOT NULL"
"""`= ANY` the planner takes for rare, and would sort all records of an account instead of reading the newest."""

HISTORY = f"""
SELECT body FROM (
    (SELECT position, body FROM trail
     WHERE {OF_IDENTITY} AND {ACCOUNT} = $1 AND {_ONE_OF.format("$2")} AND position < $4
     ORDER BY position DESC LIMIT $5)
    UNION ALL
    (SELECT position, body FROM trail
     WHERE {DENIED} AND {ACTED} = $1 AND {_ONE_OF.format("$3")} AND position < $4
     ORDER BY position DESC LIMIT $5)
) AS found ORDER BY position DESC LIMIT $5
"""  # noqa: S608 - made of constants


async def history(rows: ReadConnection, user: UUID, *, before: int | None, limit: int) -> list[str]:
    """Bodies of the records about the security of a user's account, newest first: what happened to it, and what was
    refused to its user.
    """
    upto = _BEHIND_ALL if before is None else before
    found = await rows.fetch(HISTORY, str(user), get_args(AccountEvent), get_args(DeniedEvent), upto, limit)
    return [row["body"] for row in found]


@dataclass(frozen=True, slots=True)
class Standing:
    """What the tables around the trail say of it, at one moment."""

    head: Place
    last: int
    """Position of the last record there is."""
    taken_up: dict[str, int]
    """Per followed producer: the seq up to which everything was taken up."""


_STANDING = """
SELECT position, mac, coalesce((SELECT max(position) FROM trail), 0) AS last,
       (SELECT array_agg(producer) FROM cursors) AS producers, (SELECT array_agg(seq) FROM cursors) AS seqs
FROM trail_head
"""


async def standing(rows: ReadConnection) -> Standing:
    """Head, end and cursors, in one snapshot."""
    [row] = await rows.fetch(_STANDING)
    taken_up = dict(zip(row["producers"] or [], row["seqs"] or [], strict=True))
    return Standing(Place(row["position"], row["mac"]), row["last"], taken_up)


_STORED = """
SELECT position, key_version, body, mac, id::text AS id, producer, seq, site::text AS site, patient::text AS patient
FROM trail WHERE position > $1 AND position <= $2 ORDER BY position LIMIT $3
"""


async def stored(rows: ReadConnection, *, after: int, upto: int, limit: int) -> list[Any]:
    """Rows of the trail in order of position, with their generated columns as text."""
    return await rows.fetch(_STORED, after, upto, limit)
