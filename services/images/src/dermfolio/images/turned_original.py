"""The file that shows all pixels of a photograph as people turned it."""

import json
import re
from uuid import UUID

from dermfolio.common.errors import Refused
from dermfolio.contracts.images import StoredObject
from dermfolio.images import keys
from dermfolio.images.imaging import Developed
from dermfolio.images.imaging.orientation import turned
from dermfolio.images.imaging.reoriented import reoriented
from dermfolio.images.repository import Located

_JPEG = "image/jpeg"
_EXTENSION = re.compile(r"(?<=[^./\\])\.[A-Za-z0-9]{1,5}$")


def turned_original(image: UUID, found: Located) -> StoredObject:
    """The JPEG file with the orientation in its Exif block changed, or else the PNG of all pixels. Refused as
    `not_found` where these are too many for one.
    """
    if found.rotated_bytes is not None:
        key, size, media_type, name = keys.rotated(image, found.revision), found.rotated_bytes, _JPEG, None
    else:
        full = next((r for r in json.loads(found.renditions) if r["size"] == "full"), None)
        if full is None:
            raise Refused("not_found")
        key, size, media_type = keys.rendition(image, found.revision, "full"), full["bytes"], full["media_type"]
        name = as_png(found.file_name)
    return StoredObject(
        patient=found.patient,
        key=key,
        context_revision=found.revision,
        bytes=size,
        media_type=media_type,
        etag=f'"{image.hex}-{found.revision}-rotated"',
        file_name=name or found.file_name,
    )


def as_jpeg(original: bytes, developed: Developed, rotation: int) -> bytes | None:
    """The original as a file that says that it is turned; None where the pixels themselves have to be turned."""
    if rotation == 0 or developed.media_type != _JPEG:
        return None
    return reoriented(original, turned(developed.capture.orientation, rotation))


def as_png(name: str) -> str:
    """A file name with the extension of a PNG file."""
    return name if name.lower().endswith(".png") else f"{_EXTENSION.sub('', name)}.png"
