"""Queries of what compares the store with the tables."""

from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlmodel import col

from dermfolio.common.db import Database, WriteSession
from dermfolio.common.leases import lock_number
from dermfolio.contracts.reconciling import LISTED_AT_MOST, ImageObject, Lost
from dermfolio.contracts.views.images import ImageState, RenditionSize
from dermfolio.images import keys
from dermfolio.images.judging import Claim
from dermfolio.images.models import Alarm, DuplicateUpload, Finding, Image, Orphan

ROWS = 1000

_FIRST = UUID(int=0)
_ONE_REMOVES = lock_number("images.sweep")
_NOW = sa.func.now()
_STORE_FAILS = "store_fails"

FindingKind = Literal["missing", "damaged"]


def claim_of(image: Image) -> Claim:
    """What a row says of its objects."""
    return Claim(
        image.id,
        image.attempt,
        image.revision,
        ImageState(image.state),
        _sizes(image.renditions),
        image.rotated_bytes is not None,
    )


async def moment(db: Database) -> datetime:
    """This moment by the clock of the database."""
    async with db.read() as rows:
        found: datetime = await rows.fetchval("SELECT now()")
    return found


async def ids(db: Database, after: UUID | None) -> AsyncIterator[UUID]:
    """The ids of all images after one, in their order; a page of them is in memory."""
    last: UUID = after or _FIRST
    while True:
        async with db.read() as rows:
            page = await rows.fetch("SELECT id FROM images WHERE id > $1 ORDER BY id LIMIT $2", last, ROWS)
        for row in page:
            yield row["id"]
        if len(page) < ROWS:
            return
        last = page[-1]["id"]


async def claims(s: WriteSession, images: Collection[UUID]) -> dict[UUID, Claim | Literal["duplicate"]]:
    """What the tables know of these images."""
    rotated = col(Image.rotated_bytes).is_not(None)
    claimed = sa.select(
        col(Image.id), col(Image.attempt), col(Image.revision), col(Image.state), col(Image.renditions), rotated
    )
    found = await s.execute(claimed.where(col(Image.id).in_(images)))
    known: dict[UUID, Claim | Literal["duplicate"]] = {
        image: Claim(image, attempt, revision, ImageState(state), _sizes(renditions), rotated)
        for image, attempt, revision, state, renditions, rotated in found
    }
    unknown = set(images) - known.keys()
    refused = await s.execute(sa.select(col(DuplicateUpload.upload)).where(col(DuplicateUpload.upload).in_(unknown)))
    return known | dict.fromkeys(refused.scalars(), "duplicate")


def _sizes(renditions: list[dict[str, Any]]) -> tuple[RenditionSize, ...]:
    return tuple(rendition["size"] for rendition in renditions)


async def alone(s: WriteSession) -> None:
    """Wait until no other transaction records removals, and keep others waiting until this one ends."""
    await s.execute(sa.select(sa.func.pg_advisory_xact_lock(_ONE_REMOVES)))


async def note(s: WriteSession, strays: Sequence[tuple[str, int]]) -> None:
    """Put objects, given as (key, bytes), into quarantine; those that are there stay since when they were found."""
    values = [{"key": key, "bytes": size, "found_at": _NOW, "seen_at": _NOW} for key, size in strays]
    await s.execute(insert(Orphan).values(values).on_conflict_do_update(index_elements=["key"], set_={"seen_at": _NOW}))


async def due(s: WriteSession, strays: Collection[str], grace: timedelta) -> set[str]:
    """Those of these objects that have been in quarantine for long enough."""
    old = col(Orphan.found_at) <= _NOW - grace
    return set((await s.execute(sa.select(col(Orphan.key)).where(col(Orphan.key).in_(strays), old))).scalars())


async def stray_originals(s: WriteSession) -> int:
    """How many originals are in quarantine."""
    originals = col(Orphan.key).startswith(keys.ORIGINALS)
    return (await s.execute(sa.select(sa.func.count()).select_from(Orphan).where(originals))).scalar_one()


async def release(s: WriteSession, strays: Collection[str]) -> None:
    """Take objects out of quarantine."""
    await s.execute(sa.delete(Orphan).where(col(Orphan.key).in_(strays)))


async def close_pass(s: WriteSession, began: datetime) -> None:
    """Let go what a whole pass has not met: orphans that are claimed or gone, objects that are there again, a store
    that has lost many.
    """
    await s.execute(sa.delete(Orphan).where(col(Orphan.seen_at) < began))
    await s.execute(sa.delete(Alarm).where(col(Alarm.seen_at) < began))
    await s.execute(sa.delete(Finding).where(col(Finding.finding) == "missing", col(Finding.seen_at) < began))


async def quarantined_since(s: WriteSession) -> datetime | None:
    """Since when the oldest object is in quarantine."""
    found: datetime | None = (await s.execute(sa.select(sa.func.min(col(Orphan.found_at))))).scalar()
    return found


async def find(s: WriteSession, image: UUID, what: ImageObject, finding: FindingKind) -> bool:
    """Keep a finding; tells whether it is new."""
    values: dict[str, Any] = {"image": image, "object": what, "finding": finding, "found_at": _NOW, "seen_at": _NOW}
    return await _is_new(s, insert(Finding).values(values), ["image", "object", "finding"])


async def _is_new(s: WriteSession, kept: Insert, key: list[str]) -> bool:
    """Write a row, or that it was seen again."""
    written = kept.on_conflict_do_update(index_elements=key, set_={"seen_at": _NOW})
    return bool((await s.execute(written.returning(sa.literal_column("xmax = 0", sa.Boolean)))).scalar_one())


async def find_store_failing(s: WriteSession) -> bool:
    """Keep that the store has lost many objects at once; tells whether that is new."""
    values: dict[str, Any] = {"alarm": _STORE_FAILS, "found_at": _NOW, "seen_at": _NOW}
    return await _is_new(s, insert(Alarm).values(values), ["alarm"])


async def store_fails(db: Database) -> bool:
    """Whether the store was found to have lost many objects at once, and not to have them again."""
    async with db.read() as rows:
        return bool(await rows.fetchval("SELECT EXISTS (SELECT FROM alarms WHERE alarm = $1)", _STORE_FAILS))


async def others_missing(db: Database, images: Collection[UUID]) -> int:
    """How many images besides these are known to have lost something."""
    query = "SELECT count(DISTINCT image)::int FROM findings WHERE finding = 'missing' AND image <> ALL($1)"
    async with db.read() as rows:
        found: int = await rows.fetchval(query, images)
    return found


async def mended(s: WriteSession, image: UUID) -> None:
    """The original of an image is whole."""
    theirs = (col(Finding.image) == image, col(Finding.object) == "original", col(Finding.finding) == "damaged")
    await s.execute(sa.delete(Finding).where(*theirs))


async def findings(s: WriteSession, finding: FindingKind, images: Iterable[UUID] | None = None) -> list[Lost]:
    """What is found and not mended, the oldest first: of these images, or all that a report names."""
    query = sa.select(col(Finding.image), col(Finding.object), col(Finding.found_at)).where(
        col(Finding.finding) == finding
    )
    if images is not None:
        query = query.where(col(Finding.image).in_(list(images)))
    found = await s.execute(query.order_by(col(Finding.found_at), col(Finding.image)).limit(LISTED_AT_MOST))
    return [Lost(image=image, object=what, since=since) for image, what, since in found]


async def open_findings(db: Database) -> dict[tuple[str, str], int]:
    """How many findings there are, by object and finding."""
    async with db.read() as rows:
        found = await rows.fetch("SELECT object, finding, count(*)::int AS count FROM findings GROUP BY 1, 2")
    return {(row["object"], row["finding"]): row["count"] for row in found}


async def in_quarantine(db: Database) -> int:
    """How many objects are in quarantine."""
    async with db.read() as rows:
        found: int = await rows.fetchval("SELECT count(*)::int FROM orphans")
    return found


async def due_for_examination(s: WriteSession, again_after: timedelta, limit: int) -> list[Image]:
    """Images whose originals were examined longest ago, and not lately."""
    by_age = (col(Image.examined_at).nulls_first(), col(Image.id))
    # in the words of the index, and limited before it is filtered: so no more of it is read
    oldest = sa.select(col(Image.id)).where(sa.text("state <> 'rejected'")).order_by(*by_age).limit(limit)
    stale = sa.or_(col(Image.examined_at).is_(None), col(Image.examined_at) < _NOW - again_after)
    found = await s.execute(sa.select(Image).where(col(Image.id).in_(oldest), stale).order_by(*by_age))
    return list(found.scalars())


async def damaged(s: WriteSession, limit: int) -> list[Image]:
    """Images whose originals were found damaged, those looked at longest ago first."""
    query = sa.select(Image).join(Finding, col(Finding.image) == col(Image.id)).where(col(Finding.finding) == "damaged")
    return list((await s.execute(query.order_by(col(Finding.seen_at)).limit(limit))).scalars())


async def examined(s: WriteSession, image: UUID) -> None:
    """The original of an image has been looked at."""
    await s.execute(sa.update(Image).where(col(Image.id) == image).values(examined_at=_NOW))
