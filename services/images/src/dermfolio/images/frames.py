"""What goes between the service and a decoding process: bytes with their length before them, and JSON.

Nothing is pickled: a decoder that a file has taken over must not run code in the service.
"""

import base64
import json
import math
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, TypeVar

from dermfolio.images.imaging.results import FULL, CaptureFacts, Developed, Reason, Rejected, Rendition, Size
from dermfolio.images.imaging.thumbhash import LENGTHS

T = TypeVar("T")

_SIZES: dict[object, Size] = {2560: 2560, 1280: 1280, 320: 320, FULL: FULL}

HEAD = 8
"""Bytes that hold the length of a frame, big-endian."""

LARGEST = 64 * 1024 * 1024
"""No frame that comes from a decoding process may be longer; what goes to it was bounded at the door."""


class Malformed(Exception):  # noqa: N818 - says what the other side's words are
    """A decoding process said what none of ours says."""


def framed(data: bytes) -> bytes:
    """Data with its length before it."""
    return len(data).to_bytes(HEAD, "big") + data


def asked(data: bytes, rotation: int) -> list[bytes]:
    """A file as frames: JSON that says by how many degrees it is to be turned, then the file."""
    return [json.dumps({"rotation": rotation}).encode(), data]


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
        "thumbhash": outcome.thumbhash,
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
            Rendition(_SIZES[size], int(width), int(height), picture)
            for (size, width, height), picture in zip(said["renditions"], data, strict=True)
        )
        size = (int(said["width"]), int(said["height"]))
        facts = _capture(said["capture"])
        return Developed(str(said["media_type"]), *size, renditions, facts, _thumbhash(said["thumbhash"]))
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as error:
        raise Malformed(type(error).__name__) from error


def _parsed(head: bytes) -> dict[str, Any]:
    try:
        said = json.loads(head)
    except ValueError as error:
        raise Malformed(type(error).__name__) from error
    if not isinstance(said, dict) or not isinstance(said.get("renditions", []), list):
        raise Malformed("not an outcome")
    return said


def _capture(said: dict[str, Any]) -> CaptureFacts:
    return CaptureFacts(
        captured_at=_maybe(str, said["captured_at"]),
        camera_make=_maybe(str, said["camera_make"]),
        camera_model=_maybe(str, said["camera_model"]),
        lens=_maybe(str, said["lens"]),
        exposure_seconds=_maybe(_number, said["exposure_seconds"]),
        f_number=_maybe(_number, said["f_number"]),
        iso=_maybe(int, said["iso"]),
        focal_length_mm=_maybe(_number, said["focal_length_mm"]),
        flash_fired=_maybe(bool, said["flash_fired"]),
        orientation=int(said["orientation"]),
    )


def _thumbhash(said: object) -> str:
    """What every browser that shows the pool will read."""
    if not isinstance(said, str) or len(base64.b64decode(said, validate=True)) not in LENGTHS:
        raise ValueError("not a ThumbHash")
    return said


def _maybe(kind: Callable[[Any], T], value: object) -> T | None:
    return None if value is None else kind(value)


def _number(value: object) -> float:
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("not a number")
    return float(value)
