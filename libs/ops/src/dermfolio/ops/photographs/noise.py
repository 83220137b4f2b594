"""Seeded fields of randomness that skin is made of: cloudy ones, and the net of its furrows. All tile seamlessly."""

import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float32]
"""A number per pixel: rows of columns."""

TILE = 1024
"""Rows and columns of a tile."""


def clouds(rng: np.random.Generator, *, finest: float, coarsest: float, slope: float = 2.0) -> Field:
    """A tile of noise with mean 0 and deviation 1, of wavelengths from `finest` to `coarsest` pixels.

    Its amplitude falls with frequency to the power of `slope` / 2: 1/f^slope in power.
    """
    spectrum = np.fft.rfft2(rng.standard_normal((TILE, TILE), dtype=np.float32))
    frequency = np.hypot(np.fft.fftfreq(TILE)[:, None], np.fft.rfftfreq(TILE)[None, :])
    frequency[0, 0] = 1.0
    band = np.exp(-((frequency * finest) ** 2) / 2) * (1 - np.exp(-((frequency * coarsest) ** 2) / 2))
    field = np.fft.irfft2(spectrum * band * frequency ** (-slope / 2), s=(TILE, TILE)).astype(np.float32)
    field -= field.mean()
    return np.asarray(field / field.std(), dtype=np.float32)


def furrows(rng: np.random.Generator, *, cell: int, jitter: float = 0.75) -> Field:
    """A tile of the net between cells about `cell` pixels wide: 1 in the middle of a furrow, 0 on the plateaus.

    It is the ridge F2 - F1 of Worley's noise (A cellular texture basis function, SIGGRAPH 1996) over a staggered grid.
    """
    count = max(TILE // cell // 2 * 2, 2)
    size = TILE / count
    rows, columns = np.mgrid[0:count, 0:count]
    offsets = (rng.random((2, count, count)) - 0.5) * jitter
    centre_y = ((rows + 0.5 + offsets[0]) * size).astype(np.float32)
    centre_x = ((columns + 0.5 + 0.5 * (rows % 2) + offsets[1]) * size).astype(np.float32)
    place = np.arange(TILE, dtype=np.float32) + 0.5
    own = (place / size).astype(np.intp)
    nearest = np.full((TILE, TILE), np.inf, dtype=np.float32)
    second = nearest.copy()
    for row_step in (-1, 0, 1):
        for column_step in (-2, -1, 0, 1):
            row, column = (own + row_step) % count, (own + column_step) % count
            down = _around(centre_y[np.ix_(row, column)] - place[:, None])
            right = _around(centre_x[np.ix_(row, column)] - place[None, :])
            distance = np.sqrt(down * down + right * right)
            np.minimum(second, np.maximum(nearest, distance), out=second)
            np.minimum(nearest, distance, out=nearest)
    net = np.exp(-(second - nearest) / (0.12 * size)).astype(np.float32)
    bend = clouds(rng, finest=cell, coarsest=8 * cell) * (0.35 * cell)
    rows, columns = np.indices(net.shape)
    bent: Field = net[np.rint(rows + bend).astype(np.intp) % TILE, np.rint(columns + bend.T).astype(np.intp) % TILE]
    return bent


def window(tile: Field, shape: tuple[int, int], rng: np.random.Generator) -> Field:
    """A piece of the tiled plane, of `shape`, from a random place, mirrored at random."""
    rows, columns = (
        (int(rng.integers(TILE)) + int(rng.choice((-1, 1))) * np.arange(length)) % TILE for length in shape
    )
    return np.asarray(tile[rows][:, columns])


def _around(distance: Field) -> Field:
    """The shorter way on a torus."""
    return np.asarray(distance - TILE * np.round(distance / TILE), dtype=np.float32)
