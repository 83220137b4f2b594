"""Reference colour, in floating point from the definitions: nothing of the library under test takes part."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# Linear RGB to XYZ, white point D65 (SMPTE EG 432-1; Adobe RGB (1998), 4.3.5.3; IEC 61966-2-1).
P3_TO_XYZ = np.array(
    [[0.48657095, 0.26566769, 0.19821729], [0.22897456, 0.69173852, 0.07928691], [0, 0.04511338, 1.04394437]]
)
ADOBE_TO_XYZ = np.array([[0.57667, 0.18556, 0.18823], [0.29734, 0.62736, 0.07529], [0.02703, 0.07069, 0.99134]])
SRGB_TO_XYZ = np.array(
    [[0.41239080, 0.35758434, 0.18048079], [0.21263901, 0.71516868, 0.07219232], [0.01933082, 0.11919478, 0.95053215]]
)

D50 = np.array([0.9642, 1.0, 0.8249])
D50_TO_D65 = np.array(
    [[0.9555766, -0.0230393, 0.0631636], [-0.0282895, 1.0099416, 0.0210077], [0.0122982, -0.0204830, 1.3299098]]
)
"""After Bradford, as profiles adapt."""


def from_p3(rgb: Array) -> Array:
    """8-bit Display P3 to 8-bit sRGB, unrounded, clipped."""
    return _srgb_of(_linear(rgb / 255) @ P3_TO_XYZ.T)


def from_adobe_rgb(rgb: Array) -> Array:
    """8-bit Adobe RGB (1998) to 8-bit sRGB, unrounded, clipped."""
    return _srgb_of((rgb / 255) ** (563 / 256) @ ADOBE_TO_XYZ.T)


def from_lab(lab: Array) -> Array:
    """CIE L*a*b* of the printer's white (D50) to 8-bit sRGB, unrounded, clipped."""
    y = (lab[..., 0] + 16) / 116
    cube = np.stack([y + lab[..., 1] / 500, y, y - lab[..., 2] / 200], axis=-1)
    ratio = np.where(cube > 6 / 29, cube**3, 3 * (6 / 29) ** 2 * (cube - 4 / 29))
    return _srgb_of(ratio * D50 @ D50_TO_D65.T)


def delta_e(one: Array, other: Array) -> Array:
    """CIE76 distance of 8-bit sRGB colours; 1 is just about visible, 2.3 a just noticeable difference."""
    distance: Array = np.linalg.norm(_lab(one) - _lab(other), axis=-1)
    return distance


def _linear(encoded: Array) -> Array:
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)


def _srgb_of(xyz: Array) -> Array:
    linear = np.clip(xyz @ np.linalg.inv(SRGB_TO_XYZ).T, 0, 1)
    encoded: Array = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return encoded * 255


def _lab(rgb: Array) -> Array:
    ratio = _linear(rgb / 255) @ SRGB_TO_XYZ.T / SRGB_TO_XYZ.sum(axis=1)
    cube = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = np.moveaxis(cube, -1, 0)
    lab: Array = np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)
    return lab
