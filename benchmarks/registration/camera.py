"""What a camera and a room make of a view: exposure, white balance, cloth, blur, noise, JPEG."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.registration.sources import Picture

Light = NDArray[np.float32]
"""Rows of columns of (red, green, blue), linear."""


@dataclass(frozen=True)
class Shot:
    """How one photograph was taken."""

    brightest: float
    """sRGB level, 0 to 1, that the 97th percentile is exposed to."""
    balance: tuple[float, float, float]
    gamma: float
    blur: float
    """Deviation in pixels."""
    shake: float
    """Length of the path of a motion blur, in pixels."""
    noise: float
    """Deviation, in steps of 8 bits."""
    quality: int
    """Of JPEG, 1 to 100."""
    cloth: float
    """Part of the photograph that cloth covers from one side."""
    sticker: bool
    stamp: bool
    """Whether the camera wrote the date into the corner."""


def shot(rng: np.random.Generator, *, stamp: bool) -> Shot:
    """One at random."""
    return Shot(
        brightest=float(rng.uniform(0.6, 0.95)),
        balance=(float(rng.uniform(0.88, 1.12)), 1.0, float(rng.uniform(0.85, 1.15))),
        gamma=float(rng.uniform(0.8, 1.25)),
        blur=float(rng.choice((0.0, 0.5, 0.9, 1.3))),
        shake=float(rng.choice((0.0, 0.0, 0.0, 3.0))),
        noise=float(rng.choice((0.8, 1.5, 3.0, 5.0))),
        quality=int(rng.integers(60, 96)),
        cloth=float(rng.choice((0.0, 0.0, 0.08, 0.18))),
        sticker=bool(rng.random() < 0.2),
        stamp=stamp,
    )


def exposed(light: Light, how: Shot) -> Picture:
    """Linear light to 8 bits of sRGB, without what happens later."""
    level = float(np.percentile(light[::8, ::8].max(axis=2), 97))
    levels = np.clip(light * np.asarray(how.balance, np.float32) / np.float32(max(level, 1e-3)), 0, 1.3)
    curve = (levels ** np.float32(how.gamma / 2.2)) * np.float32(255 * how.brightest)
    return np.asarray(np.clip(curve, 0, 255), dtype=np.uint8)


def taken(view: Picture, how: Shot, rng: np.random.Generator) -> Picture:
    """The photograph of what stands before the camera."""
    scene = view.copy()
    if how.cloth:
        _drape(scene, how.cloth, rng)
    if how.sticker:
        _stick(scene, rng)
    picture = scene.astype(np.float32)
    if how.blur:
        picture = cv2.GaussianBlur(picture, (0, 0), how.blur).astype(np.float32)
    if how.shake:
        picture = cv2.filter2D(picture, -1, _path(how.shake, rng)).astype(np.float32)
    grain = rng.standard_normal(picture.shape[:2], dtype=np.float32)[..., None]
    colour = rng.standard_normal(picture.shape, dtype=np.float32)
    picture += np.float32(how.noise) * (np.float32(0.85) * grain + np.float32(0.5) * colour)
    done = np.asarray(np.clip(np.rint(picture), 0, 255), dtype=np.uint8)
    if how.stamp:
        _stamp(done)
    return _compressed(done, how.quality)


def _compressed(picture: Picture, quality: int) -> Picture:
    done, data = cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert done
    decoded = cv2.imdecode(data, cv2.IMREAD_COLOR)
    assert decoded is not None
    return np.asarray(np.ascontiguousarray(decoded[..., ::-1]), dtype=np.uint8)


def _path(length: float, rng: np.random.Generator) -> NDArray[np.float32]:
    size = int(length) * 2 + 1
    kernel = np.zeros((size, size), dtype=np.float32)
    angle = rng.uniform(0, np.pi)
    reach = length / 2 * np.array([np.cos(angle), np.sin(angle)])
    middle = np.array([size // 2, size // 2])
    start, end = (tuple(int(v) for v in np.rint(middle + sign * reach)) for sign in (-1, 1))
    cv2.line(kernel, start, end, 1.0, 1)
    return np.asarray(kernel / kernel.sum(), dtype=np.float32)


def _drape(scene: Picture, part: float, rng: np.random.Generator) -> None:
    """Cloth with a weave from one of the four sides, its edge wavy."""
    turns = int(rng.integers(4))
    turned = np.rot90(scene, turns)
    rows, columns = turned.shape[:2]
    wave = np.cumsum(rng.standard_normal(columns)) * 0.4
    edge = np.clip(rows * part + wave - wave.mean(), 0, rows)
    cover = np.arange(rows)[:, None] < edge[None, :]
    colour = rng.uniform(20, 235, 3)
    period = float(rng.uniform(4, 12))
    weave = np.sin(np.arange(rows) * 6.28 / period)[:, None] + np.sin(np.arange(columns) * 6.28 / period)[None, :]
    cloth = np.clip(colour + 6 * weave[..., None] + rng.normal(0, 3, (rows, columns, 1)), 0, 255).astype(np.uint8)
    turned[cover] = cloth[cover]


def _stick(scene: Picture, rng: np.random.Generator) -> None:
    """A paper label with writing, which somebody puts elsewhere at each visit."""
    rows, columns = scene.shape[:2]
    height, width = int(rows * 0.07), int(columns * 0.14)
    top, left = int(rng.integers(rows - height)), int(rng.integers(columns - width))
    scene[top : top + height, left : left + width] = 235
    number = str(int(rng.integers(1000, 9999)))
    cv2.putText(scene, number, (left + 6, top + height - 8), cv2.FONT_HERSHEY_SIMPLEX, height / 40, (20, 20, 30), 2)


def _stamp(picture: Picture) -> None:
    rows, columns = picture.shape[:2]
    at = (int(columns * 0.62), int(rows * 0.96))
    cv2.putText(picture, "2026-03-14 09:26", at, cv2.FONT_HERSHEY_DUPLEX, columns / 1100, (255, 170, 40), 2)
