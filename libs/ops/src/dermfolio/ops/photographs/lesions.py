"""What is seen on skin: moles, freckles, angiomas, plaques. Each is painted into the layers of a Skin."""

import math

import numpy as np

from dermfolio.ops.photographs.noise import Field, window
from dermfolio.ops.photographs.skin import Skin

Place = tuple[float, float]
"""Row and column of a centre, in pixels."""

_MARGIN = 2.2
"""How far around a lesion its edge, halo and texture may reach, in radii."""


class _Patch:
    """The part of a skin around a lesion, in coordinates of its own."""

    def __init__(
        self,
        skin: Skin,
        rng: np.random.Generator,
        at: Place,
        radius: float,
        *,
        irregular: float,
        margin: float = _MARGIN,
    ) -> None:
        reach = radius * margin
        rows, columns = skin.shape
        self.rows = slice(max(int(at[0] - reach), 0), max(min(int(at[0] + reach), rows), 0))
        self.columns = slice(max(int(at[1] - reach), 0), max(min(int(at[1] + reach), columns), 0))
        self.cut = (self.rows, self.columns)
        down = np.arange(self.rows.start, self.rows.stop, dtype=np.float32)[:, None] - at[0]
        right = np.arange(self.columns.start, self.columns.stop, dtype=np.float32)[None, :] - at[1]
        turn, flat = rng.random() * math.pi, 1 + irregular * 0.6 * rng.random()
        u = (down * math.cos(turn) + right * math.sin(turn)) * flat
        v = right * math.cos(turn) - down * math.sin(turn)
        away = np.sqrt(u * u + v * v) + np.float32(1e-3)
        bearing = (v + 1j * u) / away
        edge, harmonic = np.full(away.shape, radius, dtype=np.float32), bearing
        for lobes in range(2, 7):
            harmonic = harmonic * bearing
            size, phase = radius * irregular * rng.standard_normal() / lobes**1.2, rng.random() * 6.3
            edge += size * (math.cos(phase) * harmonic.real - math.sin(phase) * harmonic.imag)
        self.distance = away / np.maximum(edge, 0.3 * radius)
        """0 in the middle, 1 on the edge."""
        self.shape = (self.distance.shape[0], self.distance.shape[1])

    def inside(self, softness: float) -> Field:
        """1 within, 0 without, and a soft edge of this part of the radius."""
        ramp = np.clip((1 - self.distance) / softness + 0.5, 0, 1)
        return np.asarray(ramp * ramp * (3 - 2 * ramp), dtype=np.float32)

    def dome(self) -> Field:
        """1 in the middle, sinking to 0 a little beyond the edge without a crease."""
        return np.asarray(np.clip(1 - (self.distance / 1.15) ** 2, 0, 1) ** 2, dtype=np.float32)


def mole(
    skin: Skin,
    rng: np.random.Generator,
    at: Place,
    radius: float,
    *,
    grain: Field,
    net: Field,
    darkness: float,
    irregular: float = 0.12,
    raised: float = 0.0,
    patchy: float = 0.2,
) -> None:
    """A melanocytic naevus: pigment with a net and patches; `raised` is its height in radii."""
    patch = _Patch(skin, rng, at, radius, irregular=irregular)
    body = patch.inside(0.28)
    tone = 1 + patchy * window(grain, patch.shape, rng) + 0.18 * (window(net, patch.shape, rng) - 0.3)
    centre = 0.7 + 0.4 * np.clip(1 - patch.distance, 0, 1)
    skin.melanin[patch.cut] += darkness * body * centre * np.clip(tone, 0.15, 2)
    skin.blood[patch.cut] += 0.25 * patch.inside(0.7)
    if raised:
        skin.height[patch.cut] += raised * radius * patch.dome()
        skin.shine[patch.cut] += 0.5 * body


def angioma(skin: Skin, rng: np.random.Generator, at: Place, radius: float) -> None:
    """A cherry angioma: a small, shining red dome."""
    patch = _Patch(skin, rng, at, radius, irregular=0.06)
    body = patch.inside(0.18)
    skin.blood[patch.cut] += 2.6 * body
    skin.melanin[patch.cut] += 0.25 * body
    skin.height[patch.cut] += 0.5 * radius * patch.dome()
    skin.shine[patch.cut] += 1.5 * body


def plaque(skin: Skin, rng: np.random.Generator, at: Place, radius: float, *, grain: Field, net: Field) -> None:
    """A psoriatic plaque: sharply bounded redness under silvery scale."""
    patch = _Patch(skin, rng, at, radius, irregular=0.3, margin=1.8)
    body = patch.inside(0.10)
    skin.blood[patch.cut] += (1.05 + 0.2 * window(grain, patch.shape, rng)) * body
    flakes = np.clip(window(grain, patch.shape, rng) - 0.15, 0, 1.3) * body * np.clip(1.15 - patch.distance, 0, 1)
    skin.melanin[patch.cut] -= 0.85 * flakes
    skin.blood[patch.cut] -= 1.0 * flakes
    skin.height[patch.cut] += 1.6 * flakes * window(net, patch.shape, rng) + 0.02 * radius * body
    skin.shine[patch.cut] += 0.3 * flakes


def rash(skin: Skin, rng: np.random.Generator, at: Place, radius: float, *, grain: Field) -> None:
    """Diffuse redness without an edge."""
    patch = _Patch(skin, rng, at, radius, irregular=0.35)
    skin.blood[patch.cut] += 0.8 * patch.inside(0.9) * np.clip(1 + 0.45 * window(grain, patch.shape, rng), 0, 2)


def freckles(skin: Skin, rng: np.random.Generator, count: int, *, radius: float) -> None:
    """Many small flat spots, denser around some place."""
    rows, columns = skin.shape
    middle = np.array([rows, columns]) * rng.random(2)
    for at in middle + rng.standard_normal((count, 2)) * np.array([rows, columns]) * 0.35:
        if 0 < at[0] < rows and 0 < at[1] < columns:
            patch = _Patch(skin, rng, (at[0], at[1]), radius * (0.5 + rng.random()), irregular=0.25)
            skin.melanin[patch.cut] += (0.12 + 0.3 * rng.random()) * patch.inside(0.6)
