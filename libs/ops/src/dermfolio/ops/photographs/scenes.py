"""What is in front of the camera: a patch of somebody's skin, its hairs and lesions, lit as in an examination room."""

import functools
from dataclasses import dataclass
from typing import Literal

import numpy as np

from dermfolio.ops.photographs import lesions, strokes
from dermfolio.ops.photographs.noise import Field, clouds, furrows, window
from dermfolio.ops.photographs.skin import TONES, Lamp, Rgb, Skin, lit

Subject = Literal["mole", "atypical mole", "many moles", "angiomas", "plaque", "rash", "freckles"]

_HAIR = {
    "I": (0.34, 0.22, 0.11),
    "II": (0.20, 0.12, 0.06),
    "III": (0.05, 0.03, 0.02),
    "IV": (0.025, 0.016, 0.012),
    "V": (0.015, 0.01, 0.008),
    "VI": (0.008, 0.006, 0.005),
}
_DRAPE = np.array([0.055, 0.16, 0.21], dtype=np.float32)
_TILES_SEED = 20_240_229


@dataclass(frozen=True)
class Scene:
    """One view of one person's skin."""

    phototype: str
    """I to VI, after Fitzpatrick."""
    subject: Subject
    width_mm: float
    """How much skin the long edge of the photograph shows."""
    hairs: float = 0.3
    """Per square millimetre, as far as one sees them."""
    on_drape: bool = False
    """Whether it is an arm or a leg that lies on a surgical drape, instead of skin from edge to edge."""


@dataclass(frozen=True)
class _Tiles:
    """Textures that all scenes take their windows from."""

    mottle: Field
    blotch: Field
    pigment: Field
    folds: Field
    nets: dict[int, Field]


@functools.cache
def textures() -> _Tiles:
    """Make the textures, once per process; it takes most of a second."""
    rng = np.random.default_rng(_TILES_SEED)
    return _Tiles(
        mottle=clouds(rng, finest=12, coarsest=160),
        blotch=clouds(rng, finest=60, coarsest=900),
        pigment=clouds(rng, finest=6, coarsest=120),
        folds=clouds(rng, finest=1.2, coarsest=14, slope=1.2),
        nets={cell: furrows(rng, cell=cell) for cell in (9, 17)},
    )


def seen(scene: Scene, rng: np.random.Generator, shape: tuple[int, int]) -> Rgb:
    """The light of a scene, linear, as `shape` pixels (rows, columns)."""
    tiles = textures()
    scale = max(shape) / scene.width_mm
    cell = min(tiles.nets, key=lambda size: abs(size - 0.42 * scale))
    net = window(tiles.nets[cell], shape, rng)
    skin = _bare(scene, rng, shape, net, depth=min(1.0, 0.028 * scale))
    _paint(scene, rng, skin, scale, tiles)
    lamp = Lamp(
        bearing=float(rng.uniform(-2.6, -0.5)),
        slant=float(rng.uniform(0.35, 0.6)),
        falloff=float(rng.uniform(0.12, 0.3)),
        warmth=float(rng.uniform(0.96, 1.12)),
    )
    light = lit(skin, lamp)
    _grow_hairs(scene, rng, light, scale)
    if scene.on_drape:
        _lay_on_drape(rng, light, tiles)
    return light


def _bare(scene: Scene, rng: np.random.Generator, shape: tuple[int, int], net: Field, *, depth: float) -> Skin:
    tiles = textures()
    mottle, blotch = window(tiles.mottle, shape, rng), window(tiles.blotch, shape, rng)
    folds = window(tiles.folds, shape, rng)
    uneven = 0.7 + 0.3 * np.clip(1 + blotch, 0, 2)
    return Skin(
        tone=TONES[scene.phototype],
        melanin=(0.022 * mottle + 0.05 * blotch + 0.05 * net * uneven).astype(np.float32),
        blood=(0.05 * window(tiles.mottle, shape, rng) + 0.08 * window(tiles.blotch, shape, rng)).astype(np.float32),
        height=(depth * (0.30 * folds - 0.75 * net * uneven)).astype(np.float32),
        shine=(0.35 + 0.25 * np.clip(window(tiles.blotch, shape, rng), -1, 2)).astype(np.float32),
    )


def _paint(scene: Scene, rng: np.random.Generator, skin: Skin, scale: float, tiles: _Tiles) -> None:
    rows, columns = skin.shape
    middle = (rows * rng.uniform(0.42, 0.58), columns * rng.uniform(0.42, 0.58))
    grain, net = tiles.pigment, tiles.nets[9]

    def anywhere() -> lesions.Place:
        return (rows * rng.uniform(0.06, 0.94), columns * rng.uniform(0.06, 0.94))

    def small_moles(count: int, largest_mm: float) -> None:
        for _ in range(count):
            radius = scale * largest_mm / 2 * rng.uniform(0.35, 1.0)
            lesions.mole(
                skin, rng, anywhere(), radius, grain=grain, net=net, darkness=rng.uniform(0.5, 1.6), raised=0.06
            )

    if scene.subject == "mole":
        lesions.mole(skin, rng, middle, scale * 2.6, grain=grain, net=net, darkness=1.9, raised=0.14)
        small_moles(2, 1.4)
    elif scene.subject == "atypical mole":
        lesions.mole(skin, rng, middle, scale * 4.4, grain=grain, net=net, darkness=0.9, irregular=0.3, patchy=0.35)
        beside = (middle[0] - scale * 0.9, middle[1] + scale * 1.2)
        lesions.mole(skin, rng, beside, scale * 2.1, grain=grain, net=net, darkness=1.5, irregular=0.35, patchy=0.45)
    elif scene.subject == "many moles":
        small_moles(26, 6.0)
        lesions.freckles(skin, rng, 60, radius=scale * 0.9)
    elif scene.subject == "angiomas":
        for size in (1.6, 1.1, 0.8, 0.6, 0.5, 0.4):
            lesions.angioma(skin, rng, anywhere(), scale * size)
        small_moles(2, 2.0)
    elif scene.subject == "plaque":
        lesions.plaque(skin, rng, middle, scale * scene.width_mm * 0.2, grain=grain, net=net)
        for _ in range(3):
            lesions.plaque(
                skin, rng, anywhere(), scale * scene.width_mm * rng.uniform(0.02, 0.06), grain=grain, net=net
            )
    elif scene.subject == "rash":
        for _ in range(4):
            lesions.rash(skin, rng, anywhere(), scale * scene.width_mm * rng.uniform(0.12, 0.24), grain=tiles.mottle)
        roots = np.array([[rows, columns]]) * rng.uniform(0.2, 0.8, (14, 2))
        skin.blood += 0.7 * strokes.draw(
            strokes.vessels(rng, roots.astype(np.float32), length=scale * 7, points=160), skin.shape, width=1.6
        )
    else:
        lesions.freckles(skin, rng, 320, radius=scale * scene.width_mm * 0.008)
        small_moles(3, 2.5)


def _grow_hairs(scene: Scene, rng: np.random.Generator, light: Rgb, scale: float) -> None:
    shape = (light.shape[0], light.shape[1])
    count = int(scene.hairs * shape[0] * shape[1] / scale**2)
    if not count:
        return
    roots = (rng.random((count, 2)) * np.array(shape)).astype(np.float32)
    length = scale * 7.0
    hairs = strokes.hairs(
        rng, roots, length=length, bearing=float(rng.uniform(0.3, 1.2)), spread=0.35, points=max(int(1.2 * length), 12)
    )
    width = float(np.clip(scale * 0.05, 0.6, 4.0))
    shadow = strokes.draw(hairs + np.float32(0.9 * width), shape, width=width * 1.3)
    shaded = np.nonzero(shadow)
    light[shaded] *= 1 - 0.22 * shadow[shaded][:, None]
    hair = strokes.draw(hairs, shape, width=width)
    covered = np.nonzero(hair)
    light[covered] += 0.7 * hair[covered][:, None] * (np.array(_HAIR[scene.phototype], np.float32) - light[covered])


def _lay_on_drape(rng: np.random.Generator, light: Rgb, tiles: _Tiles) -> None:
    shape = (light.shape[0], light.shape[1])
    tilt = float(rng.uniform(-0.22, 0.22))
    down = np.linspace(-0.5, 0.5, shape[0], dtype=np.float32)[:, None]
    along = np.linspace(-0.5, 0.5, shape[1], dtype=np.float32)[None, :] * (shape[1] / shape[0])
    across = (down - tilt * along) / (0.36 + 0.035 * np.cos(2.2 * along + float(rng.random()) * 3))
    limb = np.clip(1 - np.abs(across), 0, None)
    light *= (0.30 + 0.70 * np.sqrt(np.clip(1 - across * across, 0, 1)) - 0.10 * np.minimum(across, 0))[..., None]
    edge = np.clip(limb * 140, 0, 1)[..., None]
    weave = 1 + 0.05 * window(tiles.folds, shape, rng) + 0.16 * window(tiles.blotch, shape, rng)
    contact = 1 - 0.6 * np.exp(-np.clip(np.abs(across) - 1, 0, None) * 9)
    light *= edge
    light += (1 - edge) * (weave * contact)[..., None] * _DRAPE
