"""Turning stored pixels upright (Exif 2.32, tag 0x0112), and from there by quarter turns."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # who only asks how a picture is turned does not load libvips
    import pyvips

_TURNS = {
    1: (0, False),
    2: (0, True),
    3: (180, False),
    4: (180, True),
    5: (90, True),
    6: (90, False),
    7: (270, True),
    8: (270, False),
}
"""Orientation -> degrees clockwise, then whether to mirror left to right."""

_ORIENTATIONS = {turn: orientation for orientation, turn in _TURNS.items()}


def turned(orientation: int, rotation: int) -> int:
    """The orientation of stored pixels whose upright picture is turned clockwise by a multiple of 90 degrees."""
    degrees, mirrored = _TURNS[orientation]
    # to turn what is mirrored is to mirror what is turned the other way
    return _ORIENTATIONS[(degrees + (-rotation if mirrored else rotation)) % 360, mirrored]


def swaps_sides(orientation: int) -> bool:
    """Whether the upright width is the stored height."""
    return orientation >= 5


def upright(picture: "pyvips.Image", orientation: int) -> "pyvips.Image":
    """Turn a picture in memory as its photographer saw it; `orientation` is 1 to 8."""
    degrees, mirrored = _TURNS[orientation]
    if degrees:
        picture = picture.rot(f"d{degrees}")
    return picture.fliphor() if mirrored else picture
