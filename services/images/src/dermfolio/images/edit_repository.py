"""Every query about what people change of photographs. Who asks has shown before that they may see the patient."""

from collections.abc import Collection, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from dermfolio.common.db import ReadConnection, WriteSession
from dermfolio.contracts.views.editing import Side
from dermfolio.contracts.views.images import ImageState
from dermfolio.images import places
from dermfolio.images.models import Image

_POOLS = 0x706F6F6C
"""The class of advisory locks that stand for pools ("pool")."""

_THERE = "SELECT id FROM images WHERE id = ANY($1) AND patient = ANY($2) AND state <> 'rejected'"
_TAGGED = "SELECT tags FROM images WHERE id = ANY($1) AND patient = ANY($2)"


async def there(rows: ReadConnection, images: Collection[UUID], patients: Sequence[UUID]) -> set[UUID]:
    """Those of the images that these records have; a rejected file is no photograph."""
    return {row["id"] for row in await rows.fetch(_THERE, list(images), patients)}


async def tags(rows: ReadConnection, images: Collection[UUID], patients: Sequence[UUID]) -> list[set[UUID]]:
    """The tags of each of the images that these records have."""
    return [set(row["tags"]) for row in await rows.fetch(_TAGGED, list(images), patients)]


async def held(s: WriteSession, images: Collection[UUID], patients: Sequence[UUID]) -> Sequence[Image]:
    """Those of the images that these records have, held until the transaction ends: in the order of their ids, so that
    who holds some waits for nobody who waits for these.
    """
    wanted = select(Image).where(col(Image.id).in_(images), *_standing(patients))
    return (await s.exec(wanted.order_by(col(Image.id)).with_for_update())).all()


async def hold_order(s: WriteSession, patients: Sequence[UUID]) -> None:
    """Hold the order of these records' pool until the transaction ends. It is held before any photograph is."""
    for patient in sorted(patients):
        number = int.from_bytes(patient.bytes[-4:], "big", signed=True)
        await s.execute(sa.select(sa.func.pg_advisory_xact_lock(_POOLS, number)))


async def place_of(s: WriteSession, image: UUID, patients: Sequence[UUID]) -> str | None:
    """Where an image of these records stands."""
    return (await s.exec(select(Image.place).where(Image.id == image, *_standing(patients)))).first()


async def following(
    s: WriteSession, patients: Sequence[UUID], image: UUID, place: str, side: Side
) -> tuple[UUID, str] | None:
    """(id, place) of what stands beside an image on one side, if anything does."""
    standing, key = sa.tuple_(col(Image.place), col(Image.id)), sa.tuple_(sa.literal(place), sa.literal(image))
    beyond, order = (
        (standing > key, (col(Image.place), col(Image.id)))
        if side == "newer"
        else (standing < key, (col(Image.place).desc(), col(Image.id).desc()))
    )
    wanted = select(Image.id, Image.place).where(beyond, *_standing(patients)).order_by(*order).limit(1)
    return (await s.exec(wanted)).first()


async def together(s: WriteSession, patients: Sequence[UUID], place: str) -> Sequence[UUID]:
    """The images in the microsecond of a place, in their order."""
    wanted = (
        select(Image.id)
        .where(col(Image.place).startswith(places.moment_of(place)), *_standing(patients))
        .order_by(col(Image.place), col(Image.id))
    )
    return (await s.exec(wanted)).all()


def _standing(patients: Sequence[UUID]) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    """What the pool of these records shows."""
    return col(Image.patient).in_(patients), col(Image.state) != ImageState.REJECTED
