"""Queries about checkpoints. They are only ever inserted and read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from dermfolio.audit.chain import Place
from dermfolio.audit.models import checkpoints, deliveries
from dermfolio.common.db import ReadConnection, WriteSession


class Kept(NamedTuple):
    """A checkpoint as the database keeps it."""

    position: int
    mac: bytes
    at: str
    note: str


_COLUMNS = """
SELECT position, mac, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, note FROM checkpoints
"""
_KEPT = f"{_COLUMNS} WHERE position > $1 AND position <= $2 ORDER BY position LIMIT $3"
_UNDELIVERED = f"""{_COLUMNS}
WHERE position > coalesce((SELECT position FROM deliveries WHERE destination = $1), 0) ORDER BY position LIMIT $2
"""  # noqa: S608 - our own words


async def origin_id(rows: ReadConnection) -> UUID:
    """The id that names this trail."""
    return UUID(str(await rows.fetchval("SELECT id FROM trail_origin")))


async def newest(rows: ReadConnection) -> int:
    """The position of the newest checkpoint; 0 when there is none."""
    return int(await rows.fetchval("SELECT coalesce(max(position), 0) FROM checkpoints"))


async def newest_place(s: WriteSession) -> tuple[int, datetime | None]:
    """The position of the newest checkpoint and when it was made; 0 and None when there is none."""
    found = await s.execute(
        sa.select(checkpoints.c.position, checkpoints.c.at).order_by(checkpoints.c.position.desc()).limit(1)
    )
    row = found.one_or_none()
    return (0, None) if row is None else (row.position, row.at)


async def insert_checkpoint(s: WriteSession, place: Place, at: datetime, note: str) -> None:
    """Keep a new checkpoint."""
    await s.execute(insert(checkpoints).values(position=place.position, mac=place.mac, at=at, note=note))


async def kept(rows: ReadConnection, *, after: int, upto: int, limit: int) -> list[Kept]:
    """Checkpoints in order of position."""
    return [Kept(*row) for row in await rows.fetch(_KEPT, after, upto, limit)]


async def undelivered(rows: ReadConnection, destination: str, limit: int) -> list[Kept]:
    """The oldest checkpoints that were not brought to a destination yet."""
    return [Kept(*row) for row in await rows.fetch(_UNDELIVERED, destination, limit)]


async def delivered(rows: ReadConnection, destination: str) -> int:
    """The position up to which every checkpoint was brought to a destination."""
    found = await rows.fetchval("SELECT position FROM deliveries WHERE destination = $1", destination)
    return int(found or 0)


async def note_delivery(s: WriteSession, destination: str, position: int) -> None:
    """Remember that all checkpoints up to a position were brought to a destination."""
    new = insert(deliveries).values(destination=destination, position=position)
    furthest = sa.func.greatest(deliveries.c.position, new.excluded.position)
    await s.execute(new.on_conflict_do_update(index_elements=["destination"], set_={"position": furthest}))


async def macs(rows: ReadConnection, positions: Sequence[int]) -> dict[int, Any]:
    """The MACs that records of the trail have."""
    found = await rows.fetch("SELECT position, mac FROM trail WHERE position = ANY($1::bigint[])", list(positions))
    return {row["position"]: row["mac"] for row in found}
