"""What a file says of its making."""

import re
from datetime import datetime, timedelta

from dermfolio.images.imaging.exif import Exif
from dermfolio.images.imaging.results import CaptureFacts

_DATE = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)", re.ASCII)
_EARLIEST = datetime(1990, 1, 1)  # noqa: DTZ001 - cameras write local time; no digital photograph is older
_TEXT_LENGTH = 100
_SENSITIVITIES = range(1, 10_000_000)


def capture_facts(exif: Exif, now: datetime) -> CaptureFacts:
    """Take over what is said; None for what is missing, unreadable or impossible. `now` bounds the capture time."""
    return CaptureFacts(
        captured_at=_moment(exif.taken, now),
        camera_make=_text(exif.make),
        camera_model=_text(exif.model),
        lens=_text(exif.lens),
        exposure_seconds=_within(exif.exposure, 1e-6, 3600),
        f_number=_within(exif.f_number, 0.5, 256),
        iso=_iso(exif.sensitivity),
        focal_length_mm=_within(exif.focal_length, 0.5, 5000),
        flash_fired=None if exif.flash is None else bool(exif.flash & 1),
        orientation=exif.orientation,
    )


def _moment(text: str | None, now: datetime) -> str | None:
    found = _DATE.match(text) if text else None
    if not found:
        return None
    try:
        moment = datetime(*map(int, found.groups()))  # type: ignore[arg-type] # noqa: DTZ001 - the camera's local time
    except ValueError:
        return None
    latest = now.replace(tzinfo=None) + timedelta(days=1)  # a day covers every time zone
    return moment.isoformat() if _EARLIEST <= moment <= latest else None


def _within(number: float | None, least: float, most: float) -> float | None:
    return round(number, 9) if number is not None and least <= number <= most else None


def _iso(number: int | None) -> int | None:
    return number if number is not None and number in _SENSITIVITIES else None


def _text(text: str | None) -> str | None:
    cleaned = "".join(c for c in text if c.isprintable()).strip()[:_TEXT_LENGTH].rstrip() if text else ""
    return cleaned or None
