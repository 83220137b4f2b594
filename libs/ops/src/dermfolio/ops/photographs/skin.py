"""Skin under a lamp: melanin, blood and relief, and the light that comes back from them.

Melanin and haemoglobin absorb after Beer and Lambert, over a tone of its own per phototype; relief shades after
Lambert, and shines as Beckmann's microfacets do. All numbers are chosen by eye.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dermfolio.ops.photographs.noise import Field

Rgb = NDArray[np.float32]
"""Rows of columns of (red, green, blue)."""

TONES = {
    "I": (244, 214, 194),
    "II": (232, 194, 167),
    "III": (217, 170, 135),
    "IV": (181, 128, 92),
    "V": (134, 88, 60),
    "VI": (84, 54, 40),
}
"""A patch of skin of each of Fitzpatrick's phototypes in daylight, in sRGB."""

_MELANIN_ABSORBS = np.array([0.42, 0.72, 1.0], dtype=np.float32)
_BLOOD_ABSORBS = np.array([0.10, 0.62, 0.52], dtype=np.float32)


@dataclass
class Skin:
    """A patch of skin, layer by layer; every layer has one number per pixel."""

    tone: tuple[int, int, int]
    melanin: Field
    """More (or less) than the tone has; a dark mole is about 2."""
    blood: Field
    """More (or less) than the tone has; an angioma is about 3."""
    height: Field
    """In pixels."""
    shine: Field
    """How oily it is: 0 to 1."""

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.melanin.shape[0], self.melanin.shape[1]


@dataclass(frozen=True)
class Lamp:
    """Where the light comes from and how it falls off."""

    bearing: float
    """Radians, 0 from the right, clockwise."""
    slant: float
    """Slope of a surface that faces it; 0 is straight above."""
    falloff: float
    """Part of the light that is lost from the near to the far edge."""
    warmth: float
    """Red over blue, relative to daylight."""


def lit(skin: Skin, lamp: Lamp) -> Rgb:
    """The light that the camera gets, linear, 1 for a white card at the near edge."""
    down, right = np.gradient(skin.height)
    toward_row, toward_column = lamp.slant * math.sin(lamp.bearing), lamp.slant * math.cos(lamp.bearing)
    facing = 1 - (down * toward_row + right * toward_column)
    facing *= _falloff(skin.shape, lamp)
    np.clip(facing, 0.02, 1.6, out=facing)
    half_row, half_column = toward_row / 2, toward_column / 2
    lobe = 0.022
    glint = skin.shine * np.exp(-((down + half_row) ** 2 + (right + half_column) ** 2) / lobe) * 0.11
    tone = _linear(np.asarray(skin.tone, dtype=np.float32) / np.float32(255))
    tint = np.array([lamp.warmth**0.5, 1, lamp.warmth**-0.5], dtype=np.float32)
    light = np.empty((*skin.shape, 3), dtype=np.float32)
    for channel in range(3):
        absorbed = skin.melanin * _MELANIN_ABSORBS[channel] + skin.blood * _BLOOD_ABSORBS[channel]
        light[..., channel] = (tone[channel] * np.exp(-absorbed) * facing + glint) * tint[channel]
    return light


def _falloff(shape: tuple[int, int], lamp: Lamp) -> Field:
    rows = np.linspace(-0.5, 0.5, shape[0], dtype=np.float32)[:, None]
    columns = np.linspace(-0.5, 0.5, shape[1], dtype=np.float32)[None, :]
    along = rows * math.sin(lamp.bearing) + columns * math.cos(lamp.bearing)
    vignette = 1 - 0.35 * (rows * rows + columns * columns)
    return np.asarray((1 - lamp.falloff * (0.5 - along)) * vignette, dtype=np.float32)


def _linear(encoded: NDArray[np.float32]) -> NDArray[np.float32]:
    """Undo sRGB's transfer function (IEC 61966-2-1)."""
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4).astype(np.float32)
