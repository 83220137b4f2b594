"""What goes between the service and a decoding process: bytes with their length before them, and JSON.

Nothing is pickled: a decoder that a file has taken over must not run code in the service.
"""

import json
from dataclasses import asdict
from typing import Any

from dermfolio.images.imaging.results import CaptureFacts, Developed, Reason, Rejected, Rendition

HEAD = 8
"""Bytes that hold the length of a frame, big-endian."""

LARGEST = 64 * 1024 * 1024
"""No frame that comes from a decoding process may be longer; what goes to it was bounded at the door."""


class Malformed(Exception):  # noqa: N818 - says what the other side's words are
    """A decoding process said what none of ours says."""


def framed(data: bytes) -> bytes:
    """Data with its length before it."""
    return len(data).to_bytes(HEAD, "big") + data


def length(head: bytes) -> int:
    """The length of the frame behind a head. Raises Malformed when it is too long."""
    announced = int.from_bytes(head, "big")
    if announced > LARGEST:
        raise Malformed(f"a frame of {announced} bytes")
    return announced


def written(outcome: Developed | Rejected) -> list[bytes]:
    """An outcome as frames: JSON, then the renditions."""
    if isinstance(outcome, Rejected):
        return [json.dumps({"rejected": outcome.reason}).encode()]
    head = {
        "media_type": outcome.media_type,
        "width": outcome.width,
        "height": outcome.height,
        "capture": asdict(outcome.capture),
        "renditions": [[r.size, r.width, r.height] for r in outcome.renditions],
    }
    return [json.dumps(head).encode(), *(r.data for r in outcome.renditions)]


def announced(head: bytes) -> int:
    """How many frames follow the JSON of an outcome. Raises Malformed."""
    return len(_parsed(head).get("renditions", ()))


def read(head: bytes, data: list[bytes]) -> Developed | Rejected:
    """The outcome that `written` wrote. Raises Malformed."""
    said = _parsed(head)
    try:
        if "rejected" in said:
            return Rejected(Reason(said["rejected"]))
        renditions = tuple(
            Rendition(int(size), int(width), int(height), webp)
            for (size, width, height), webp in zip(said["renditions"], data, strict=True)
        )
        capture = CaptureFacts(
            captured_at=_text(said["capture"]["captured_at"]),
            camera_make=_text(said["capture"]["camera_make"]),
            camera_model=_text(said["capture"]["camera_model"]),
            orientation=int(said["capture"]["orientation"]),
        )
        return Developed(str(said["media_type"]), int(said["width"]), int(said["height"]), renditions, capture)
    except (KeyError, TypeError, ValueError) as error:
        raise Malformed(type(error).__name__) from error


def _parsed(head: bytes) -> dict[str, Any]:
    try:
        said = json.loads(head)
    except ValueError as error:
        raise Malformed(type(error).__name__) from error
    if not isinstance(said, dict) or not isinstance(said.get("renditions", []), list):
        raise Malformed("not an outcome")
    return said


def _text(value: object) -> str | None:
    return None if value is None else str(value)
