"""What the store lists beside what the table holds, image by image: three streams in the order of images' ids, of which
one image is in memory at a time.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from dermfolio.common.blobs import Blobs, Stored
from dermfolio.images import keys

T = TypeVar("T")


class OutOfOrder(RuntimeError):  # noqa: N818 - what was found
    """A stream went back: what is missing in it and what is only late cannot be told apart."""


@dataclass(frozen=True, slots=True)
class Together:
    """An image, by its row or by objects that lie under its name; or one object whose key names no image."""

    image: UUID | None
    objects: list[Stored]


async def together(
    rows: AsyncIterator[UUID], originals: AsyncIterator[Stored], renditions: AsyncIterator[Stored]
) -> AsyncIterator[Together]:
    """Each image that has a row or an object once, in the order of their ids, and in between what names no image.

    Raises OutOfOrder when a stream is not in that order.
    """
    table = _Source(rows, lambda row: row)
    stores = [_Source(listed, lambda stored: keys.image_of(stored.key)) for listed in (originals, renditions)]
    await table.advance()
    for store in stores:
        await store.advance()
    while True:
        for store in stores:
            while store.item is not None and store.image is None:
                yield Together(None, [store.item])
                await store.advance()
        ahead = [head for head in (table.image, *(store.image for store in stores)) if head is not None]
        if not ahead:
            return
        image, objects = min(ahead), list[Stored]()
        if table.image == image:
            await table.advance()
        for store in stores:
            while store.item is not None and store.image == image:
                objects.append(store.item)
                await store.advance()
        yield Together(image, objects)


async def foreign(blobs: Blobs) -> AsyncIterator[Together]:
    """Every object that lies neither among the originals nor among the renditions."""
    after = ""
    for ours in (keys.ORIGINALS, keys.RENDITIONS):
        async for stored in blobs.stored(after=after):
            if stored.key.startswith(ours):
                break
            yield Together(None, [stored])
        after = ours.removesuffix("/") + "0"  # the character after the slash: what sorts behind all of ours
    async for stored in blobs.stored(after=after):
        yield Together(None, [stored])


class _Source(Generic[T]):
    """A stream, of which the next item is known."""

    def __init__(self, stream: AsyncIterator[T], image_of: Callable[[T], UUID | None]) -> None:
        self._stream = stream
        self._image_of = image_of
        self._last: UUID | None = None
        self.item: T | None = None
        self.image: UUID | None = None

    async def advance(self) -> None:
        self.item = await anext(self._stream, None)
        self.image = None if self.item is None else self._image_of(self.item)
        if self.image is None:
            return
        if self._last is not None and self.image < self._last:
            raise OutOfOrder(f"{self.image} came after {self._last}")
        self._last = self.image
