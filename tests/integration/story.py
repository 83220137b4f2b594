"""What clients saw, from the first request to the last: what the invariants are checked against."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from .browser import Browser
from .listener import Listener
from .uploading import Seen


@dataclass(frozen=True)
class Story:
    """The patient of a storm, and what everybody saw of it."""

    browser: Browser
    patient: UUID
    seen: Sequence[Seen]
    listeners: Sequence[Listener] = ()
    denials: Sequence[str] = field(default=())
    """Ids of requests that a gateway refused on its own."""

    def became_images(self) -> dict[UUID, Seen]:
        """Each photograph that somebody was told of, with an upload of its bytes."""
        return {s.image: s for s in self.seen if s.image is not None}
