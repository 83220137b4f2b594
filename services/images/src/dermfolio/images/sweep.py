"""The reconciler: removes bytes that no image claims, once they are old enough to belong to nobody under way."""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import timedelta
from typing import TypeVar
from uuid import UUID, uuid5

import structlog

from dermfolio.common import faults
from dermfolio.common.blobs import Blobs, Stored
from dermfolio.common.db import Database
from dermfolio.contracts.images import ObjectSwept
from dermfolio.contracts.messages import now
from dermfolio.contracts.replay import Origin
from dermfolio.contracts.views.images import ImageState
from dermfolio.images import keys, repository

log = structlog.get_logger()

PAGE = 500
SWEPT = UUID("5a1f6c0e-8f0b-4b7e-9d3c-2f1f0a7d6e55")
"""Names the fact of an object's removal (RFC 9562, version 5): however often it is begun, it is recorded once."""

T = TypeVar("T")


class Sweeper:
    """Compares the store with the table, a page at a time."""

    def __init__(self, db: Database, blobs: Blobs, after: timedelta) -> None:
        self._db = db
        self._blobs = blobs
        self._after = after

    async def __call__(self) -> None:
        """Remove abandoned attempts, originals of rejected images, and revisions that do not count."""
        originals = await self._sweep(keys.ORIGINALS, keys.parse_original, _attempt_counts)
        renditions = await self._sweep(keys.RENDITIONS, keys.parse_rendition, _revision_counts)
        if originals or renditions:
            log.info("objects.swept", originals=originals, renditions=renditions)

    async def _sweep(
        self,
        prefix: str,
        parse: Callable[[str], tuple[UUID, T] | None],
        counts: Callable[[tuple[UUID, int, ImageState] | None, T], bool],
    ) -> int:
        swept = 0
        async for page in _pages(self._blobs.stored(prefix)):
            old = [(stored.key, parse(stored.key)) for stored in page if now() - stored.modified > self._after]
            named = [(key, place) for key, place in old if place is not None]
            async with self._db.read() as rows:
                claims = await repository.claims(rows, [image for _, (image, _) in named])
            unclaimed = [(key, image) for key, (image, part) in named if not counts(claims.get(image), part)]
            await self._remove(unclaimed)
            swept += len(unclaimed)
        return swept

    async def _remove(self, unclaimed: Sequence[tuple[str, UUID]]) -> None:
        if not unclaimed:
            return
        facts = {uuid5(SWEPT, key): image for key, image in unclaimed}
        async with self._db.write() as s:
            recorded = await repository.recorded(s, facts)
            for fact, image in facts.items():
                if fact not in recorded:
                    s.say(ObjectSwept(id=fact, image=image), Origin(service="images"))
        faults.point("sweep.recorded")
        await self._blobs.delete([key for key, _ in unclaimed])


def _attempt_counts(claim: tuple[UUID, int, ImageState] | None, attempt: UUID) -> bool:
    return claim is not None and claim[0] == attempt and claim[2] is not ImageState.REJECTED


def _revision_counts(claim: tuple[UUID, int, ImageState] | None, revision: int) -> bool:
    return claim is not None and claim[1] == revision and claim[2] is ImageState.READY


async def _pages(found: AsyncIterator[Stored]) -> AsyncIterator[list[Stored]]:
    page: list[Stored] = []
    async for stored in found:
        page.append(stored)
        if len(page) == PAGE:
            yield page
            page = []
    if page:
        yield page
