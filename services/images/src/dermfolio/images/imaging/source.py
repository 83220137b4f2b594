"""A file as it is handed to its loader."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """What a loader reads, and what it would not tell of the picture."""

    data: bytes
    exif: bytes = b""
    """The Exif block, or the directories that hold its tags, where the loader hands none over."""
    is_upright: bool = False
    """Whether the loader turns the picture, so that the orientation in the Exif block has no meaning."""
    is_display_p3: bool = False
    """Whether the file says so without embedding a profile."""
    is_lab: bool = False
    """Whether the three bands are eight-bit CIE L*a*b*, a* and b* with a sign."""
    has_alpha: bool = True
    """Whether a band beyond the colours is transparency."""
