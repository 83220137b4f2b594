"""What a file says of its making (Exif 2.32, tags DateTimeOriginal, Make, Model)."""

import re
from datetime import datetime, timedelta

import pyvips

from dermfolio.images.imaging.results import CaptureFacts

_DATE = re.compile(r"^(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)")
_VALUE = re.compile(r"^(.*?) \(.*\)$", re.DOTALL)
_EARLIEST = datetime(1990, 1, 1)  # noqa: DTZ001 - cameras write local time; no digital photograph is older
_TEXT_LENGTH = 100


def capture_facts(image: pyvips.Image) -> CaptureFacts:
    """Read what is said; None for what is missing, unreadable or impossible."""
    return CaptureFacts(
        captured_at=_moment(_field(image, "exif-ifd2-DateTimeOriginal")),
        camera_make=_text(_field(image, "exif-ifd0-Make")),
        camera_model=_text(_field(image, "exif-ifd0-Model")),
    )


def _field(image: pyvips.Image, name: str) -> str | None:
    if image.get_typeof(name) == 0:
        return None
    try:
        value = image.get(name)
    except (pyvips.Error, UnicodeDecodeError):
        return None
    found = _VALUE.match(value) if isinstance(value, str) else None
    return found[1] if found else None


def _moment(text: str | None) -> str | None:
    found = _DATE.match(text) if text else None
    if not found:
        return None
    try:
        moment = datetime(*map(int, found.groups()))  # type: ignore[arg-type] # noqa: DTZ001 - the camera's local time
    except ValueError:
        return None
    latest = datetime.now() + timedelta(days=1)  # noqa: DTZ005 - a day covers every time zone
    return moment.isoformat() if _EARLIEST <= moment <= latest else None


def _text(text: str | None) -> str | None:
    cleaned = "".join(c for c in text if c.isprintable()).strip()[:_TEXT_LENGTH] if text else ""
    return cleaned or None
