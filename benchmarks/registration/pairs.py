"""Pairs of photographs whose alignment is known, and pairs that have none. The same number gives the same pair.

A matrix maps places of the moving photograph to places of the reference; the centre of the top left pixel is (0, 0).
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.registration import camera, patients, sources
from benchmarks.registration.sources import Picture
from dermfolio.ops.photographs.skin import TONES

Matrix = NDArray[np.float64]

STRETCHED, PHOTOGRAPHS = "stretched skin", "photographs"
TONE_CLASSES = tuple(f"skin {tone}" for tone in TONES)
_SHAPES = ((768, 1024), (1024, 768), (683, 1024), (1024, 1024))
_TURN = math.radians(25)
_SHIFT = 0.15
_TILT = 0.05
"""How much the scale may change by perspective, from the middle to an edge."""


@dataclass(frozen=True)
class Pair:
    """A reference and a moving photograph; `truth` is None where there is nothing to align."""

    kind: str
    reference: Picture
    moving: Picture
    truth: Matrix | None


def pair(number: int, seed: int = 0) -> Pair:
    """One of the pairs that can be aligned: of ten, seven are skin, one stretched skin and two other photographs."""
    rng = np.random.default_rng((seed, 1, number))
    turn = number % 10
    if turn in (3, 7):
        return _of_source(rng)
    kind = STRETCHED if turn == 9 else ""
    tone = tuple(TONES)[int(rng.integers(6)) if kind else (number // 10 * 7 + turn - (turn > 3)) % 6]
    return _of_skin(rng, tone, kind or f"skin {tone}")


CONTROLS = (
    "two patients of one tone",
    "two patients",
    "two patients of one tone",
    "two patients before one wall",
    "two photographs",
    "two parts of one",
)


def control(number: int, seed: int = 0) -> Pair:
    """One of the pairs that nothing aligns."""
    rng = np.random.default_rng((seed, 2, number))
    stamp = bool(rng.random() < 0.3)  # the same words in both corners
    kind = CONTROLS[number % len(CONTROLS)]
    if kind.startswith("two patients"):
        tones = list(TONES)
        first = tones[number // len(CONTROLS) % 6]
        second = tones[int(rng.integers(6))] if kind == "two patients" else first
        shapes = [_SHAPES[int(rng.integers(len(_SHAPES)))] for _ in range(2)]
        walled = kind.endswith("wall")
        views = [
            _skin_view(rng, tone, shapes[0] if walled else shape)
            for tone, shape in zip((first, second), shapes, strict=True)
        ]
        if walled:
            _put_before_wall(rng, views)
    elif kind == "two photographs":
        names = rng.choice(sources.NAMES, 2, replace=False)
        views = [_part(sources.source(str(name)), rng, None) for name in names]
    else:
        picture = sources.source(str(rng.choice(("brick.png", "gravel.png", "grass.png", "page.png", "moon.png"))))
        views = [_part(picture, rng, half) for half in (0, 1)]
    reference, moving = (camera.taken(view, camera.shot(rng, stamp=stamp), rng) for view in views)
    return Pair(kind, reference, moving, None)


def _of_skin(rng: np.random.Generator, tone: str, kind: str) -> Pair:
    rows, columns = _SHAPES[int(rng.integers(len(_SHAPES)))]
    truth = _warp(rng, rows, columns)
    corners = _mapped(truth, _corners(rows, columns))
    stretch = 12 if kind == STRETCHED else 0
    low = np.minimum(np.floor(corners.min(axis=0)), 0).astype(int) - 2 - stretch
    high = np.maximum(np.ceil(corners.max(axis=0)), (columns, rows)).astype(int) + 3 + stretch
    shape = (int(high[1] - low[1]), int(high[0] - low[0]))
    who = patients.patient(rng, tone, shape)
    hairiness = float(rng.choice((0.0, 0.3, 1.0, 2.5)))
    here = (slice(-low[1], -low[1] + rows), slice(-low[0], -low[0] + columns))
    shots = [camera.shot(rng, stamp=False) for _ in range(2)]
    before = camera.exposed(patients.seen(who, rng, here, hairiness=hairiness), shots[0])
    hairiness *= float(rng.choice((0.0, 1.0, 1.0, 2.0)))  # shaved, as it was, or grown
    everywhere = (slice(0, shape[0]), slice(0, shape[1]))
    after = patients.seen(patients.later(rng, who), rng, everywhere, hairiness=hairiness)
    place = np.array([[1, 0, -low[0]], [0, 1, -low[1]], [0, 0, 1]], dtype=np.float64)
    warped = _sampled(after, place @ truth, (rows, columns), _stretching(rng, rows, columns) if stretch else None)
    views = (before, camera.exposed(warped, shots[1]))
    reference, moving = (camera.taken(view, how, rng) for view, how in zip(views, shots, strict=True))
    return _turned_round(rng, Pair(kind, reference, moving, truth))


def _put_before_wall(rng: np.random.Generator, views: list[Picture]) -> None:
    """Up to half of each view is the same gravel, from the same side."""
    rows, columns = views[0].shape[:2]
    wall = cv2.resize(sources.source("gravel.png"), (columns, rows), interpolation=cv2.INTER_CUBIC)
    part, side = float(rng.uniform(0.15, 0.5)), int(rng.integers(4))
    covered = np.rot90(np.zeros((rows, columns), dtype=bool), side).copy()
    covered[: int(covered.shape[0] * part)] = True
    for view in views:
        view[np.rot90(covered, -side)] = wall[np.rot90(covered, -side)]


def _skin_view(rng: np.random.Generator, tone: str, shape: tuple[int, int]) -> Picture:
    rows, columns = shape
    who = patients.patient(rng, tone, (rows, columns))
    hairiness = float(rng.choice((0.0, 0.3, 1.0, 2.5)))
    light = patients.seen(who, rng, (slice(0, rows), slice(0, columns)), hairiness=hairiness)
    return camera.exposed(light, camera.shot(rng, stamp=False))


def _of_source(rng: np.random.Generator) -> Pair:
    picture = sources.source(str(rng.choice(sources.NAMES)))
    rows, columns = _view_of(picture)
    top, left = (int(rng.integers(picture.shape[axis] - size + 1)) for axis, size in ((0, rows), (1, columns)))
    place = np.array([[1, 0, left], [0, 1, top], [0, 0, 1]], dtype=np.float64)
    bounds = np.array([picture.shape[1], picture.shape[0]]) - 1
    shrink = 1.0
    while True:  # smaller and smaller, until the moving view is within the picture
        truth = _warp(rng, rows, columns, shrink)
        corners = _mapped(place @ truth, _corners(rows, columns))
        if (corners >= 0).all() and (corners <= bounds).all():
            break
        shrink *= 0.99
    views = []
    for matrix in (np.eye(3), truth):
        light = _decoded(_sampled(picture.astype(np.float32), place @ matrix, (rows, columns), None))
        light = light * _shade(rng, rows, columns)
        views.append(light)
    shots = [camera.shot(rng, stamp=False) for _ in range(2)]
    reference, moving = (
        camera.taken(camera.exposed(view, how), how, rng) for view, how in zip(views, shots, strict=True)
    )
    return _turned_round(rng, Pair(PHOTOGRAPHS, reference, moving, truth))


def _view_of(picture: Picture) -> tuple[int, int]:
    return int(picture.shape[0] * 0.75), int(picture.shape[1] * 0.75)


def _part(picture: Picture, rng: np.random.Generator, half: int | None) -> Picture:
    """A view of a picture, or of one of its halves."""
    if half is not None:
        middle = picture.shape[1] // 2
        picture = picture[:, :middle] if half == 0 else picture[:, middle:]
    rows, columns = picture.shape[:2]
    scale = float(rng.uniform(1.0, 640 / max(rows, columns) + 1))
    large = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    light = _decoded(large.astype(np.float32)) * _shade(rng, large.shape[0], large.shape[1])
    return camera.exposed(light, camera.shot(rng, stamp=False))


def _turned_round(rng: np.random.Generator, made: Pair) -> Pair:
    """Half of the pairs the other way round: so that either may be the one that was resampled."""
    if rng.random() < 0.5 or made.truth is None:
        return made
    back = np.linalg.inv(made.truth)
    return Pair(made.kind, made.moving, made.reference, back / back[2, 2])


def _warp(rng: np.random.Generator, rows: int, columns: int, part: float = 1.0) -> Matrix:
    """Moving to reference: a turn, a scale, a shift and a little perspective about the middle, each up to `part`."""
    angle = rng.uniform(-_TURN, _TURN) * part
    scale = math.exp(rng.uniform(math.log(0.8), math.log(1.25)) * part)
    shift = rng.uniform(-_SHIFT, _SHIFT, 2) * (columns, rows) * part
    tilt = rng.uniform(-_TILT, _TILT, 2) * part / (np.array([columns, rows]) / 2)
    middle = np.array([(columns - 1) / 2, (rows - 1) / 2])
    to_middle = np.array([[1, 0, -middle[0]], [0, 1, -middle[1]], [0, 0, 1]])
    cosine, sine = scale * math.cos(angle), scale * math.sin(angle)
    about = np.array([[cosine, -sine, shift[0]], [sine, cosine, shift[1]], [tilt[0], tilt[1], 1]])
    back = np.array([[1, 0, middle[0]], [0, 1, middle[1]], [0, 0, 1]])
    made = back @ about @ to_middle
    return np.asarray(made / made[2, 2], dtype=np.float64)


def _stretching(rng: np.random.Generator, rows: int, columns: int) -> NDArray[np.float32]:
    """A smooth displacement of at most 8 pixels and no mean: rows of columns of (right, down)."""
    grid = rng.uniform(-1, 1, (4, 4, 2)).astype(np.float32)
    smooth = cv2.resize(grid, (columns, rows), interpolation=cv2.INTER_CUBIC)
    smooth -= smooth.mean(axis=(0, 1))
    return np.asarray(smooth * (float(rng.uniform(3, 8)) / np.abs(smooth).max()), dtype=np.float32)


def _sampled(
    canvas: NDArray[np.float32], matrix: Matrix, shape: tuple[int, int], stretch: NDArray[np.float32] | None
) -> NDArray[np.float32]:
    """A view: its pixel p shows the canvas at matrix(p), moved by the stretch. Where it is smaller, it is averaged."""
    scale = math.sqrt(abs(np.linalg.det(matrix[:2, :2])))
    if scale > 1:
        canvas = np.asarray(cv2.GaussianBlur(canvas, (0, 0), 0.5 * math.sqrt(scale * scale - 1) + 0.2), np.float32)
    rows, columns = shape
    x, y = np.meshgrid(np.arange(columns, dtype=np.float64), np.arange(rows, dtype=np.float64))
    w = matrix[2, 0] * x + matrix[2, 1] * y + matrix[2, 2]
    to_x = ((matrix[0, 0] * x + matrix[0, 1] * y + matrix[0, 2]) / w).astype(np.float32)
    to_y = ((matrix[1, 0] * x + matrix[1, 1] * y + matrix[1, 2]) / w).astype(np.float32)
    if stretch is not None:
        to_x, to_y = to_x + stretch[..., 0], to_y + stretch[..., 1]
    seen = cv2.remap(canvas, to_x, to_y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101)
    return np.asarray(np.clip(seen, 0, None), dtype=np.float32)


def _decoded(levels: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray((np.clip(levels, 0, 255) / 255) ** np.float32(2.2), dtype=np.float32)


def _shade(rng: np.random.Generator, rows: int, columns: int) -> NDArray[np.float32]:
    """Light that falls off to one side."""
    bearing, depth = rng.uniform(0, 2 * math.pi), rng.uniform(0, 0.5)
    down, right = np.linspace(-0.5, 0.5, rows)[:, None], np.linspace(-0.5, 0.5, columns)[None, :]
    return np.asarray(1 - depth * (0.5 + down * math.sin(bearing) + right * math.cos(bearing)), np.float32)[..., None]


def _corners(rows: int, columns: int) -> NDArray[np.float64]:
    return np.array([[0, 0], [columns - 1, 0], [columns - 1, rows - 1], [0, rows - 1]], dtype=np.float64)


def _mapped(matrix: Matrix, points: NDArray[np.float64]) -> NDArray[np.float64]:
    lifted = np.c_[points, np.ones(len(points))] @ matrix.T
    return np.asarray(lifted[:, :2] / lifted[:, 2:])


def corner_error(found: Matrix, made: Pair) -> float:
    """How far the four corners of the moving photograph are from where they belong, on average, in pixels of the
    reference; infinite where a corner has no place.
    """
    assert made.truth is not None
    corners = _corners(*made.moving.shape[:2])
    with np.errstate(all="ignore"):
        away = np.linalg.norm(_mapped(found, corners) - _mapped(made.truth, corners), axis=1).mean()
    return float(away) if np.isfinite(away) else math.inf
