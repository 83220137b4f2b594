"""Small photographs, as many as a storm needs: one picture, each time another file."""

import hashlib
from dataclasses import dataclass, field
from functools import cache
from uuid import UUID

import pyvips

_START = b"\xff\xd8"
_COMMENT = b"\xff\xfe"


@dataclass(frozen=True)
class File:
    """What somebody uploads."""

    name: str
    data: bytes = field(repr=False)

    @property
    def sha256(self) -> str:
        """Of its bytes."""
        return hashlib.sha256(self.data).hexdigest()


def photograph(serial: UUID) -> File:
    """A JPEG of one megapixel and about 300 kB; another `serial` makes other bytes of the same picture."""
    mark = serial.bytes
    comment = _COMMENT + (len(mark) + 2).to_bytes(2, "big") + mark
    return File(f"Muttermal Schulter links {serial.hex}.jpg", _START + comment + _picture()[len(_START) :])


def damaged(serial: UUID) -> File:
    """A photograph that ends in the middle."""
    whole = photograph(serial)
    return File(whole.name, whole.data[: len(whole.data) // 2])


@cache
def _picture() -> bytes:
    noise = pyvips.Image.gaussnoise(1200, 850, sigma=9, mean=0, seed=7)
    tone = (pyvips.Image.black(1200, 850, bands=3) + [205, 150, 125] + noise).cast("uchar")  # noqa: RUF005
    data: bytes = tone.copy(interpretation="srgb").jpegsave_buffer(Q=85)
    return data
