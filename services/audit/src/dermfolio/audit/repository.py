"""What writes the trail and walks along the chain; `search.py` looks for records. The trail is only ever inserted into
and read.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from asyncpg.cursor import Cursor
from sqlalchemy.dialects.postgresql import insert

from dermfolio.audit.chain import Link, Place
from dermfolio.audit.models import chain_keys, trail, trail_head
from dermfolio.common.db import ReadConnection, WriteSession

_INSERT = sa.text(
    "INSERT INTO trail (position, at, key_version, body, mac) "
    "SELECT position, at::timestamptz, key_version, body::json, mac "
    "FROM unnest(:positions, :moments, :key_versions, :bodies, :macs) AS new (position, at, key_version, body, mac)"
).bindparams(
    sa.bindparam("positions", type_=sa.ARRAY(sa.BigInteger)),
    sa.bindparam("moments", type_=sa.ARRAY(sa.Text)),
    sa.bindparam("key_versions", type_=sa.ARRAY(sa.Integer)),
    sa.bindparam("bodies", type_=sa.ARRAY(sa.Text)),
    sa.bindparam("macs", type_=sa.ARRAY(sa.LargeBinary)),
)
_MAKE_MONTHS = sa.text("SELECT make_month(month::timestamptz) FROM unnest(:months) AS month").bindparams(
    sa.bindparam("months", type_=sa.ARRAY(sa.Text))
)


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


async def append(s: WriteSession, links: Sequence[Link], moments: Sequence[str]) -> None:
    """Insert links, with when each happened, behind the locked head, and move it."""
    await s.execute(_MAKE_MONTHS, {"months": sorted({f"{moment[:7]}-01T00:00:00Z" for moment in moments})})
    await s.execute(
        _INSERT,
        {
            "positions": [link.position for link in links],
            "moments": list(moments),
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
SELECT position, key_version, body, mac, concat_ws(' ', id, producer, seq,
       coalesce(site::text, '-'), coalesce(patient::text, '-')) AS columns
FROM trail
"""
_UPTO = f"{_STORED} WHERE position <= $1 ORDER BY position, at"
_BEYOND = f"{_STORED} WHERE position > $1 ORDER BY position, at LIMIT $2"


async def stored(rows: ReadConnection, *, upto: int) -> Cursor:
    """Rows of the trail in order of position, also those that somebody put before the first or at the place of others,
    with their generated columns as one text. To be read inside a transaction, in which nothing is sorted: the months
    are read side by side along their keys, however long they are.
    """
    await rows.execute("SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_seqscan = off")
    return await rows.cursor(_UPTO, upto)


async def beyond(rows: ReadConnection, *, after: int, limit: int) -> list[Any]:
    """Rows behind a position."""
    return await rows.fetch(_BEYOND, after, limit)
