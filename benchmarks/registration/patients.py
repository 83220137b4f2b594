"""Invented patients: a patch of somebody's skin that is looked at twice, with what changed between the visits.

Pores and furrows, mottling and moles belong to the patient and are the same at both visits, up to what is said to
change; hairs, lamp and redness are of the visit. The layers are those of `dermfolio.ops.photographs`.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from dermfolio.ops.photographs import lesions, strokes
from dermfolio.ops.photographs.scenes import textures
from dermfolio.ops.photographs.skin import TONES, Lamp, Rgb, Skin, lit

Field = NDArray[np.float32]
Shape = tuple[int, int]
"""Rows and columns."""

_HAIR = {"I": 0.20, "II": 0.12, "III": 0.04, "IV": 0.02, "V": 0.012, "VI": 0.007}
_NEW, _GONE = 0.12, 0.10
"""Parts of the moles that come and go between two visits."""


@dataclass(frozen=True)
class Mole:
    """A mole: where it is, how large, how dark, and the seed of its outline."""

    row: float
    column: float
    radius: float
    darkness: float
    seed: int


@dataclass(frozen=True)
class Patient:
    """What stays the same of somebody's skin, on a canvas of `shape` pixels."""

    tone: str
    shape: Shape
    melanin: Field
    blood: Field
    height: Field
    shine: Field
    moles: tuple[Mole, ...]


def patient(rng: np.random.Generator, tone: str, shape: Shape) -> Patient:
    """Somebody with this phototype, "I" to "VI"."""
    mottle, blotch = _clouds(rng, shape, 10, 90), _clouds(rng, shape, 60, 500)
    folds, net = _clouds(rng, shape, 2, 14), _furrows(rng, shape, float(rng.uniform(8, 22)))
    pores = _pores(rng, shape)
    uneven = 0.7 + 0.3 * np.clip(1 + blotch, 0, 2)
    relief = float(rng.uniform(0.1, 0.5))
    count = int(rng.choice((2, 6, 15, 40)))
    return Patient(
        tone=tone,
        shape=shape,
        melanin=0.025 * mottle + 0.05 * blotch + 0.05 * net * uneven + 0.06 * pores,
        blood=0.04 * mottle[::-1] + 0.06 * blotch[:, ::-1],
        height=np.asarray(relief * (0.3 * folds - 0.75 * net * uneven - 0.6 * pores), dtype=np.float32),
        shine=np.asarray(0.35 + 0.2 * np.clip(blotch, -1, 2), dtype=np.float32),
        moles=tuple(_mole(rng, shape) for _ in range(count)),
    )


def later(rng: np.random.Generator, before: Patient) -> Patient:
    """The same patient months later: moles have come, gone, grown and darkened."""
    kept = [mole for mole in before.moles if rng.random() > _GONE]
    changed = [
        replace(mole, radius=mole.radius * rng.uniform(0.85, 1.3), darkness=mole.darkness * rng.uniform(0.7, 1.4))
        for mole in kept
    ]
    new = [_mole(rng, before.shape) for _ in range(int(rng.poisson(_NEW * len(before.moles) + 0.3)))]
    return replace(before, moles=(*changed, *new))


def seen(who: Patient, rng: np.random.Generator, cut: tuple[slice, slice], *, hairiness: float) -> Rgb:
    """The light of the part `cut` of the canvas, linear; `hairiness` in hairs per 10,000 pixels."""
    shape = (cut[0].stop - cut[0].start, cut[1].stop - cut[1].start)
    skin = Skin(
        tone=TONES[who.tone],
        melanin=who.melanin[cut].copy(),
        blood=who.blood[cut] + np.float32(rng.uniform(-0.1, 0.15)),
        height=who.height[cut].copy(),
        shine=who.shine[cut] * np.float32(rng.uniform(0.3, 1.6)),
    )
    tiles = textures()
    for mole in who.moles:
        at = (mole.row - cut[0].start, mole.column - cut[1].start)
        reach = 2.3 * mole.radius
        if not (-reach < at[0] < shape[0] + reach and -reach < at[1] < shape[1] + reach):
            continue
        own = np.random.default_rng(mole.seed)
        lesions.mole(
            skin, own, at, mole.radius, grain=tiles.pigment, net=tiles.nets[9], darkness=mole.darkness, raised=0.08
        )
    if rng.random() < 0.3:
        place = (shape[0] * rng.uniform(0.2, 0.8), shape[1] * rng.uniform(0.2, 0.8))
        lesions.rash(skin, rng, place, max(shape) * rng.uniform(0.08, 0.2), grain=tiles.mottle)
    lamp = Lamp(
        bearing=float(rng.normal(-1.6, 0.4)),
        slant=float(rng.uniform(0.15, 0.45)),
        falloff=float(rng.uniform(0.05, 0.4)),
        warmth=float(rng.uniform(0.9, 1.15)),
    )
    light = lit(skin, lamp)
    _grow_hairs(who, rng, light, hairiness)
    return light


def _grow_hairs(who: Patient, rng: np.random.Generator, light: Rgb, hairiness: float) -> None:
    shape = (light.shape[0], light.shape[1])
    count = int(hairiness * shape[0] * shape[1] / 1e4)
    if not count:
        return
    roots = (rng.random((count, 2)) * np.array(shape)).astype(np.float32)
    length = float(rng.uniform(30, 110))
    drawn = strokes.hairs(rng, roots, length=length, bearing=rng.uniform(0, 3), spread=0.35, points=int(1.2 * length))
    cover = strokes.draw(drawn, shape, width=float(rng.uniform(0.8, 2.4)))
    light += 0.7 * cover[..., None] * (np.float32(_HAIR[who.tone]) - light)


def _mole(rng: np.random.Generator, shape: Shape) -> Mole:
    return Mole(
        row=float(rng.uniform(0, shape[0])),
        column=float(rng.uniform(0, shape[1])),
        radius=float(np.exp(rng.uniform(np.log(3), np.log(28)))),
        darkness=float(rng.uniform(0.4, 1.9)),
        seed=int(rng.integers(2**31)),
    )


def _clouds(rng: np.random.Generator, shape: Shape, finest: int, coarsest: int) -> Field:
    """Value noise (Ebert et al., Texturing and Modeling, 1994): octaves of cubic interpolation, deviation about 1."""
    field = np.zeros(shape, dtype=np.float32)
    size, weight, total = float(coarsest), 1.0, 0.0
    while size >= finest:
        grid = rng.standard_normal((int(shape[0] / size) + 3, int(shape[1] / size) + 3)).astype(np.float32)
        large = cv2.resize(grid, None, fx=size, fy=size, interpolation=cv2.INTER_CUBIC)
        top, left = (int(rng.integers(large.shape[axis] - shape[axis] + 1)) for axis in (0, 1))
        field += weight * large[top : top + shape[0], left : left + shape[1]]
        total += weight * weight * 0.6
        size, weight = size / 2, weight * 0.7
    return np.asarray(field / np.float32(np.sqrt(total)), dtype=np.float32)


def _furrows(rng: np.random.Generator, shape: Shape, cell: float) -> Field:
    """The net between cells about `cell` pixels wide: borders of a Voronoi diagram of jittered points, soft."""
    rows, columns = np.meshgrid(np.arange(0, shape[0], cell), np.arange(0, shape[1], cell), indexing="ij")
    points = np.stack([rows, columns], axis=-1).reshape(-1, 2) + rng.uniform(-0.45, 0.45, (rows.size, 2)) * cell
    points = np.clip(points, 0, np.array(shape) - 1).astype(np.intp)
    away = np.full(shape, 255, dtype=np.uint8)
    away[points[:, 0], points[:, 1]] = 0
    _, labels = cv2.distanceTransformWithLabels(away, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    edge = np.zeros(shape, dtype=np.float32)
    edge[:-1] = labels[:-1] != labels[1:]
    edge[:, :-1] = np.maximum(edge[:, :-1], labels[:, :-1] != labels[:, 1:])
    soft = cv2.GaussianBlur(edge, (0, 0), max(0.7, 0.09 * cell))
    return np.asarray(soft / soft.max(), dtype=np.float32)


def _pores(rng: np.random.Generator, shape: Shape) -> Field:
    """Dark points, some 4 in a square of 100 pixels, of several sizes."""
    count = int(rng.uniform(2, 8) * shape[0] * shape[1] / 1e4)
    field = np.zeros(shape, dtype=np.float32)
    at = (rng.random((count, 2)) * np.array(shape)).astype(np.intp)
    field[at[:, 0], at[:, 1]] = rng.uniform(0.3, 1.0, count)
    soft = cv2.GaussianBlur(field, (0, 0), 1.2) + 2.5 * cv2.GaussianBlur(
        np.where(rng.random(shape) < 0.15, field, 0).astype(np.float32), (0, 0), 2.2
    )
    return np.asarray(np.clip(soft * 8, 0, 1), dtype=np.float32)
