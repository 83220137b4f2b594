"""A camera: light to a developed photograph, and the file that it writes."""

import functools
from dataclasses import dataclass

import numpy as np
import pyvips
from numpy.typing import NDArray

from dermfolio.ops.photographs.skin import Rgb

_STEPS = 4096
_NOISE = 512

_UPRIGHT = 1
_STORED_AS = {1: None, 3: "d180", 6: "d270", 8: "d90"}
"""How the camera must have been turned for each EXIF orientation: what undoes the viewer's turn."""


@dataclass(frozen=True)
class Shot:
    """How a photograph is taken and written."""

    columns: int
    """Of the sensor: as stored, before a viewer turns it."""
    rows: int
    taken_at: str
    """Local time as EXIF writes it: `YYYY:MM:DD HH:MM:SS`."""
    make: str = "Lumen Optics"
    model: str = "LO-7 Macro"
    orientation: int = _UPRIGHT
    wide_gamut: bool = False
    """Display P3 instead of sRGB."""
    quality: int = 92
    noise: float = 2.2
    """Deviation, in steps of 8 bits."""
    latitude: str | None = None
    """EXIF's degrees, minutes and seconds as rationals, where the camera knows its place."""


def developed(light: Rgb, shot: Shot, shape: tuple[int, int]) -> pyvips.Image:
    """The photograph, upright, in sRGB, 8 bits: exposed, enlarged to `shape` (rows, columns), with its noise."""
    rows, columns = shape
    brightest = float(np.percentile(light[::16, ::16, 0], 97))
    exposure = (0.80 / brightest) ** 0.4  # a clinic's camera is set by hand, mostly
    levels = np.clip(light * (exposure * (_STEPS - 1)), 0, _STEPS - 1).astype(np.uint16)
    picture = pyvips.Image.new_from_array(_curve()[levels])
    if (picture.height, picture.width) != shape:
        picture = picture.resize(columns / picture.width, vscale=rows / picture.height, kernel="linear")
    noise = _noise(shot.noise).replicate(columns // _NOISE + 1, rows // _NOISE + 1)
    grainy = picture + noise.crop(0, 0, columns, rows)
    return grainy.cast("uchar").copy(interpretation="srgb")


def as_jpeg(picture: pyvips.Image, shot: Shot) -> bytes:
    """The file that the camera writes, with EXIF."""
    stored = _turned(picture, shot.orientation)
    if shot.wide_gamut:
        stored = stored.icc_transform("p3", input_profile="srgb", intent="relative")
    tags = {
        "exif-ifd0-Make": shot.make,
        "exif-ifd0-Model": shot.model,
        "exif-ifd2-DateTimeOriginal": shot.taken_at,
    }
    if shot.latitude is not None:
        tags |= {"exif-ifd3-GPSLatitudeRef": "N", "exif-ifd3-GPSLatitude": shot.latitude}
    stored = stored.copy()
    for name, value in tags.items():
        stored.set_type(pyvips.GValue.gstr_type, name, f"{value} ({value}, ASCII, {len(value) + 1} components)")
    stored.set_type(pyvips.GValue.gint_type, "orientation", shot.orientation)
    return bytes(stored.jpegsave_buffer(Q=shot.quality, keep="all"))


def as_png(picture: pyvips.Image) -> bytes:
    """A file as photo software exports it."""
    return bytes(picture.pngsave_buffer(compression=1, filter="sub"))


def _turned(picture: pyvips.Image, orientation: int) -> pyvips.Image:
    turn = _STORED_AS[orientation]
    return picture if turn is None else picture.rot(turn)


@functools.cache
def _curve() -> NDArray[np.uint8]:
    """The transfer function of sRGB (IEC 61966-2-1) with a soft shoulder, as a table."""
    light = np.linspace(0, 1, _STEPS)
    light = np.where(light < 0.7, light, 0.7 + 0.3 * np.tanh((light - 0.7) / 0.3) / np.tanh(1))
    encoded = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.round(255 * encoded).astype(np.uint8)


@functools.cache
def _noise(deviation: float) -> pyvips.Image:
    """A tile of noise, in steps of 8 bits: mostly in lightness, a little in colour, a little soft."""
    rng = np.random.default_rng(7)
    grain = rng.standard_normal((_NOISE, _NOISE, 1)) + 0.35 * rng.standard_normal((_NOISE, _NOISE, 3))
    grain = 0.75 * grain + 0.25 * np.roll(grain, 1, axis=1) + 0.25 * np.roll(grain, 1, axis=0)
    return pyvips.Image.new_from_array(np.rint(grain * (deviation / grain.std())).astype(np.int8))
