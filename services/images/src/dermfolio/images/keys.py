"""Where objects of images lie, and what each is sealed as."""

import re
from uuid import UUID

from dermfolio.contracts.images import OBJECT_OWNER, original_key
from dermfolio.contracts.views.images import RenditionSize

OWNER = OBJECT_OWNER
ORIGINALS = "originals/"
RENDITIONS = "renditions/"

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_REVISION = re.compile(r"0|[1-9][0-9]{0,9}")


def original(image: UUID, attempt: UUID) -> str:
    """The uploaded bytes of one attempt; attempts are never repeated, so nothing is ever overwritten."""
    return original_key(image, attempt)


def rendition(image: UUID, revision: int, size: RenditionSize) -> str:
    """One rendition of one revision; a revision is written whole before the row points to it."""
    return f"{RENDITIONS}{image}/{revision}/{size}.{'png' if size == 'full' else 'webp'}"


def rotated(image: UUID, revision: int) -> str:
    """The original of a revision, as a file that says that it stands turned; written with the revision."""
    return f"{RENDITIONS}{image}/{revision}/rotated.jpg"


def parse_original(key: str) -> tuple[UUID, UUID] | None:
    """(image, attempt) of an original's key; None for any other key."""
    parts = key.split("/")
    if len(parts) != 3 or not key.startswith(ORIGINALS):
        return None
    image, attempt = _id(parts[1]), _id(parts[2])
    return None if image is None or attempt is None else (image, attempt)


def parse_rendition(key: str) -> tuple[UUID, int] | None:
    """(image, revision) of the key of whatever belongs to a revision; None for any other key."""
    parts = key.split("/")
    if len(parts) != 4 or not key.startswith(RENDITIONS) or not _REVISION.fullmatch(parts[2]):
        return None
    image = _id(parts[1])
    return None if image is None else (image, int(parts[2]))


def image_of(key: str) -> UUID | None:
    """The image under whose name an object lies; None where its key names none."""
    parts = key.split("/")
    return _id(parts[1]) if len(parts) > 2 and key.startswith((ORIGINALS, RENDITIONS)) else None


def _id(text: str) -> UUID | None:
    """An id as our keys have it; there are other ways to write one."""
    return UUID(text) if _ID.fullmatch(text) else None
