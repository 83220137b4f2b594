"""What is to become of an object, by what its image's row says of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from dermfolio.common.blobs import Stored
from dermfolio.contracts.reconciling import ImageObject
from dermfolio.contracts.views.images import ImageState, RenditionSize
from dermfolio.images import keys

Kind = ImageObject | Literal["rotated"]
"""What an object is to an image; of `rotated`, which is made again of the others, nobody is told."""


class Verdict(StrEnum):
    """What an object is."""

    CLAIMED = "claimed"
    IN_FLIGHT = "in flight"
    """Unclaimed, and young enough to belong to something under way."""

    SUPERFLUOUS = "superfluous"
    """Known not to count: refused, or another took its place and is there."""

    STRAY = "stray"
    """Nothing is known of it, or it may be the last that is left of a photograph."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What the row of an image says of its objects."""

    image: UUID
    attempt: UUID
    revision: int
    state: ImageState
    sizes: tuple[RenditionSize, ...]
    rotated: bool
    """Whether the revision has the original as a file that says that it is turned."""

    @property
    def original(self) -> str | None:
        """The key of the original that counts."""
        return None if self.state is ImageState.REJECTED else keys.original(self.image, self.attempt)

    def expected(self) -> Iterator[tuple[Kind, str]]:
        """Every object that must be there."""
        if self.original is not None:
            yield "original", self.original
        if self.state is ImageState.READY:
            for size in self.sizes:
                yield "rendition", keys.rendition(self.image, self.revision, size)
            if self.rotated:
                yield "rotated", keys.rotated(self.image, self.revision)

    def counts(self, key: str) -> bool:
        """Whether it claims this object: its original, and whatever belongs to its revision, also while that is made
        again.
        """
        if self.state is ImageState.REJECTED:
            return False
        return key == self.original or keys.parse_rendition(key) == (self.image, self.revision)


def judged(
    objects: list[Stored], claim: Claim | Literal["duplicate"] | None, old: datetime
) -> Iterator[tuple[Stored, Verdict]]:
    """Every object of an image, and what it is. `claim` is what the table knows of the image, or that its id was that
    of an upload which was refused as a duplicate; `old`, since when what is unclaimed belongs to nothing under way.
    """
    kept = isinstance(claim, Claim) and (claim.original is None or any(o.key == claim.original for o in objects))
    for stored in objects:
        if isinstance(claim, Claim) and claim.counts(stored.key):
            yield stored, Verdict.CLAIMED
        elif stored.modified > old:
            yield stored, Verdict.IN_FLIGHT
        elif (kept or claim == "duplicate") and _is_ours(stored.key):
            yield stored, Verdict.SUPERFLUOUS
        else:
            yield stored, Verdict.STRAY


def _is_ours(key: str) -> bool:
    return (keys.parse_original(key) or keys.parse_rendition(key)) is not None
