"""Where objects of images lie, and what each is sealed as."""

from uuid import UUID

from dermfolio.contracts.images import OBJECT_OWNER, original_key
from dermfolio.contracts.views.images import RenditionSize

OWNER = OBJECT_OWNER
ORIGINALS = "originals/"
RENDITIONS = "renditions/"


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
    parts = key.removeprefix(ORIGINALS).split("/")
    try:
        return (UUID(parts[0]), UUID(parts[1])) if len(parts) == 2 else None
    except ValueError:
        return None


def parse_rendition(key: str) -> tuple[UUID, int] | None:
    """(image, revision) of the key of whatever belongs to a revision; None for any other key."""
    parts = key.removeprefix(RENDITIONS).split("/")
    try:
        return (UUID(parts[0]), int(parts[1])) if len(parts) == 3 else None
    except ValueError:
        return None
