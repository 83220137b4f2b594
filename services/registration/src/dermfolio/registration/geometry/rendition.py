"""The bounded picture that everything works on: lightness, its contrast evened out."""

from dataclasses import dataclass, field
from functools import cached_property

import cv2
import numpy as np

from dermfolio.registration.geometry.planes import Size, resized
from dermfolio.registration.geometry.values import Field, Grey, Matrix, Picture

_CLIP, _CELLS = 2.0, (8, 8)
"""Contrast-limited adaptive histogram equalisation (Zuiderveld, Graphics Gems IV, 1994): limit and tiles."""
_NEIGHBOURHOOD = 1 / 64
"""Deviation of the window that lightness is compared with, of the long edge."""
_FAINTEST = 1.0
"""Deviation of lightness, in steps of 8 bits, below which contrast is not raised to 1: sensor noise and JPEG."""


@dataclass(frozen=True)
class Rendition:
    """A photograph at a bounded size."""

    grey: Grey
    full: Size
    """Of the photograph, in pixels."""
    _smaller: dict[int, "Rendition"] = field(default_factory=dict, repr=False, compare=False)

    @property
    def size(self) -> Size:
        """Columns and rows of the rendition."""
        return self.grey.shape[1], self.grey.shape[0]

    @property
    def long_edge(self) -> int:
        """In pixels of the rendition."""
        return max(self.size)

    @property
    def to_full(self) -> Matrix:
        """Places of the rendition to places of the photograph."""
        return resized(self.size, self.full)

    @cached_property
    def evened(self) -> Grey:
        """With its contrast evened out, for the detector."""
        return np.asarray(cv2.createCLAHE(_CLIP, _CELLS).apply(self.grey), dtype=np.uint8)

    @cached_property
    def normalised(self) -> Field:
        """With mean 0 and deviation at most 1 around every place: what lamp and exposure change is gone."""
        return normalised(self.grey.astype(np.float32), self.long_edge * _NEIGHBOURHOOD)

    def at_most(self, long_edge: int) -> "Rendition":
        """The same at a smaller size, where it is larger; asked again, the same one."""
        if self.long_edge <= long_edge:
            return self
        if long_edge not in self._smaller:
            self._smaller[long_edge] = Rendition(_reduced(self.grey, long_edge), self.full)
        return self._smaller[long_edge]


def rendition(picture: Picture, long_edge: int) -> Rendition:
    """A photograph with at most this many pixels along its long edge.

    Raises ValueError where it is no array of rows by columns by 3 of uint8.
    """
    if picture.ndim != 3 or picture.shape[2] != 3 or picture.dtype != np.uint8 or 0 in picture.shape:
        raise ValueError(f"rows by columns by 3 of uint8 expected, not {picture.shape} of {picture.dtype}")
    grey = np.asarray(cv2.cvtColor(np.ascontiguousarray(picture), cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    return Rendition(_reduced(grey, long_edge), (picture.shape[1], picture.shape[0]))


def normalised(lightness: Field, deviation: float) -> Field:
    """Less its mean, over its deviation, both in a Gaussian window of this deviation in pixels."""
    around = lightness - cv2.GaussianBlur(lightness, (0, 0), deviation)
    contrast = cv2.sqrt(cv2.GaussianBlur(around * around, (0, 0), deviation))
    return np.asarray(around / np.maximum(contrast, _FAINTEST), dtype=np.float32)


def _reduced(grey: Grey, long_edge: int) -> Grey:
    rows, columns = grey.shape
    scale = long_edge / max(rows, columns)
    if scale >= 1:
        return grey
    size = (max(round(columns * scale), 1), max(round(rows * scale), 1))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
