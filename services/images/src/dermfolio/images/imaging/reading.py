"""One file under its loader: opened as often as it takes, each time as colours of 8 or 16 bits without transparency."""

from dataclasses import replace
from functools import cached_property
from typing import Any

import pyvips

from dermfolio.images.imaging import colour, depth, exif
from dermfolio.images.imaging.exif import Exif
from dermfolio.images.imaging.formats import Format
from dermfolio.images.imaging.orientation import swaps_sides, turned
from dermfolio.images.imaging.profiles import adobe_rgb

_PROFILE, _EXIF = "icc-profile-data", "exif-data"

ADOBE_RGB = "R03"
"""DCF 2.0, option file: in the Exif tag of interoperability."""


class Reading:
    """A file without fault. The header is read at once; raises pyvips.Error, as does everything else here.

    Upright is what people turned by `rotation` degrees clockwise from how the file says it stands.
    """

    def __init__(self, form: Format, data: bytes, rotation: int = 0) -> None:
        self.form = form
        self.rotation = rotation
        self._source = form.source(data)
        self.header = self._loaded(self._source.data)
        self.width, self.height = self.header.width, self.header.height
        """As the pixels are stored."""

    @cached_property
    def exif(self) -> Exif:
        """What it says of its making; the orientation is that of the pixels as they are loaded."""
        block = self.header.get(_EXIF) if self.header.get_typeof(_EXIF) else self._source.exif
        found = exif.read(block)
        return replace(found, orientation=1) if self._source.is_upright else found

    @cached_property
    def orientation(self) -> int:
        """How the pixels are stored, as Exif says it, of the photograph as people want it to stand."""
        return turned(self.exif.orientation, self.rotation)

    @property
    def is_shown_by_browsers(self) -> bool:
        """Whether a browser shows the file itself as the photograph that it is: all of it, upright, in its colours.
        Where browsers heed the orientation, it can be written into a copy of the file.
        """
        orientation_is_heeded = self.form.is_turned_by_browsers or (self.exif.orientation == 1 and not self.rotation)
        colours_are_heeded = self.header.interpretation != pyvips.Interpretation.CMYK and not self._means_adobe_rgb
        return self.form.is_shown_by_browsers and orientation_is_heeded and colours_are_heeded

    @property
    def upright_size(self) -> tuple[int, int]:
        """Width and height once it is upright."""
        sides = (self.width, self.height)
        return sides[::-1] if swaps_sides(self.orientation) else sides

    def picture(self, shrink: int = 1) -> pyvips.Image:
        """Its colours, to be read once, from top to bottom; smaller by about `shrink` where the decoder can."""
        loaded = self._loaded(self._source.data, shrink)
        if self._source.is_lab:
            loaded = colour.without_sign(loaded)
        colours = colour.opaque(depth.finite(loaded), self._white, has_alpha=self._source.has_alpha)
        return depth.whole(colours, self._white)

    def to_srgb(self, picture: pyvips.Image) -> pyvips.Image:
        """A picture of this file, of whatever size, in 8-bit sRGB."""
        meant = None
        if self._source.is_lab:
            picture = colour.lab(picture)
        elif self._source.is_display_p3:
            meant = bytes(pyvips.Operation.call("profile_load", "p3"))
        elif self._means_adobe_rgb:
            meant = adobe_rgb()
        return colour.to_srgb(picture, meant)

    def is_drawn(self) -> bool:
        """Whether the data fill the picture. Only asked where the decoder itself does not tell."""
        if self.form.bleached is None:
            return True
        white, (left, top, width, height) = self.form.bleached(self._source.data)
        if not width or not height:
            return False
        return bool(self._loaded(white).crop(left, top, width, height).min() == 255)

    @property
    def _means_adobe_rgb(self) -> bool:
        return self.exif.interoperability == ADOBE_RGB and not self.header.get_typeof(_PROFILE)

    @cached_property
    def _white(self) -> float:
        """Read once: each rendition of a picture must have the same."""
        return depth.white(self._loaded(self._source.data) if depth.is_measured(self.header) else self.header)

    def _loaded(self, data: bytes, shrink: int = 1) -> pyvips.Image:
        options: dict[str, Any] = {"memory": True} if self.form.in_memory else {}
        if shrink > 1 and self.form.shrinks_on_load is not None:
            options |= self.form.shrinks_on_load(shrink)
        load = getattr(pyvips.Image, self.form.loader)
        image: pyvips.Image = load(data, access="sequential", fail_on=self.form.fail_on, **options)
        return image
