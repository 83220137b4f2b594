"""The photographs: skin as a 12-megapixel camera with a wide gamut writes it, in all eight orientations."""

import struct
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from dermfolio.ops.photographs import photograph
from dermfolio.ops.photographs.camera import Shot
from dermfolio.ops.photographs.scenes import Scene, textures

_SCENES = (
    Scene("I", "freckles", 150, 0.01),
    Scene("II", "mole", 42, 0.2),
    Scene("III", "many moles", 240, 0.02, on_drape=True),
    Scene("IV", "rash", 90, 0.05),
    Scene("V", "atypical mole", 30, 0.08),
    Scene("VI", "plaque", 110, 0.04),
    Scene("II", "angiomas", 48, 0.05),
    Scene("III", "mole", 36, 0.3),
)
_ORIENTATION = 0x0112
"""Exif 2.32, 4.6.4: Orientation."""


def photographs(directory: Path) -> list[Path]:
    """Write the eight files, 4000 by 3000 pixels in Display P3, the same in every run."""

    def made(number: int) -> Path:
        shot = Shot(4000, 3000, "2026:03:02 09:14:51", wide_gamut=True)
        path = directory / f"orientation{number + 1}.jpg"
        path.write_bytes(_turned(photograph(_SCENES[number], shot, 100 + number), number + 1))
        return path

    textures()
    with ThreadPoolExecutor(2) as threads:
        return list(threads.map(made, range(len(_SCENES))))


def _turned(jpeg: bytes, orientation: int) -> bytes:
    """Say another orientation (1 to 8) in the Exif header; the pixels stay."""
    for order in "<>":
        upright = struct.pack(f"{order}HHIH", _ORIENTATION, 3, 1, 1)
        if upright in jpeg:
            return jpeg.replace(upright, struct.pack(f"{order}HHIH", _ORIENTATION, 3, 1, orientation), 1)
    raise ValueError("no orientation in the file")
