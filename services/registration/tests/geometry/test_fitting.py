import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermfolio.registration.geometry import Model
from dermfolio.registration.geometry.fitting import FREEDOM, fitted, residuals, uncertainty
from dermfolio.registration.geometry.planes import applied, corners, is_plausible, overlap, resized

from .strategies import matrices

SIZE = (1000, 1000)
SPREAD = np.random.default_rng(0).uniform(0, 1000, (40, 2))


@given(matrices())
def test_a_homography_is_found_again(matrix):
    found = fitted(Model.HOMOGRAPHY, SPREAD, applied(matrix, SPREAD))
    assert found is not None
    assert residuals(found, SPREAD, applied(matrix, SPREAD)).max() < 1e-4


@given(matrices(), st.sampled_from(list(Model)))
def test_nothing_fits_worse_than_what_is_simpler(matrix, model):
    noise = np.random.default_rng(1).normal(0, 2, SPREAD.shape)
    there = applied(matrix, SPREAD) + noise
    simplest, found = fitted(Model.SIMILARITY, SPREAD, there), fitted(model, SPREAD, there)
    # a homography is solved for algebraic distances: the same to within the noise
    assert np.square(residuals(found, SPREAD, there)).mean() < np.square(residuals(simplest, SPREAD, there)).mean() + 1


@pytest.mark.parametrize("model", list(Model))
def test_pairs_without_weight_do_not_count(model):
    there = SPREAD + 30
    there[7] += 500
    weights = np.ones(len(SPREAD))
    weights[7] = 0
    found = fitted(model, SPREAD, there, weights)
    assert found == pytest.approx(np.array([[1, 0, 30], [0, 1, 30], [0, 0, 1.0]]), abs=1e-6)


@pytest.mark.parametrize("model", list(Model))
def test_what_is_not_determined_is_not_fitted(model):
    least = FREEDOM[model] // 2
    spot = np.full((10, 2), 5.0)
    assert fitted(model, SPREAD[: least - 1], SPREAD[: least - 1]) is None
    assert fitted(model, spot, spot) is None
    line = np.outer(np.arange(10.0), [3.0, 5.0])
    if model is not Model.SIMILARITY:
        assert fitted(model, line, line) is None


@pytest.mark.parametrize("model", list(Model))
def test_uncertainty_is_what_repeated_measurements_show(model):
    matrix = np.array([[0.9, -0.2, 40], [0.2, 0.9, -10], [0, 0, 1.0]])
    rng = np.random.default_rng(2)
    near = SPREAD * 0.4 + 500  # away from three of the corners
    off = []
    for _ in range(200):
        there = applied(matrix, near) + rng.normal(0, 1.5, near.shape)
        found = fitted(model, near, there)
        off.append(np.square(residuals(found, corners(SIZE), applied(matrix, corners(SIZE)))).mean())
    told = uncertainty(model, matrix, near, 1.5, corners(SIZE))
    assert told == pytest.approx(np.sqrt(np.mean(off)), rel=0.15)


def test_mirrored_folded_and_squashed_transforms_are_implausible():
    def plausible(rows):
        return is_plausible(np.array(rows, dtype=float), SIZE, largest_scale=4, largest_stretch=2)

    assert plausible([[1, 0, 5], [0, 1, 5], [0, 0, 1]])
    assert plausible([[0, -2, 5], [2, 0, 5], [0, 0, 1]])
    assert not plausible([[-1, 0, 5], [0, 1, 5], [0, 0, 1]])
    assert not plausible([[5, 0, 0], [0, 5, 0], [0, 0, 1]])
    assert not plausible([[0.2, 0, 0], [0, 0.2, 0], [0, 0, 1]])
    assert not plausible([[1, 0, 0], [0, 2.5, 0], [0, 0, 1]])
    assert not plausible([[1, 0, 0], [0, 1, 0], [-0.002, 0, 1]])
    assert not plausible([[np.nan, 0, 0], [0, 1, 0], [0, 0, 1]])


def test_overlap_is_part_of_the_smaller_picture():
    half = np.array([[1, 0, 500], [0, 1, 0], [0, 0, 1.0]])
    assert overlap(half, SIZE, SIZE) == pytest.approx(0.5, abs=0.01)
    assert overlap(np.diag([0.5, 0.5, 1]), SIZE, SIZE) == pytest.approx(1, abs=0.01)
    assert overlap(half * [[1, 1, 3], [1, 1, 1], [1, 1, 1]], SIZE, SIZE) == 0


def test_a_resized_picture_keeps_its_edges():
    edges = np.array([[-0.5, -0.5], [99.5, 49.5]])
    assert applied(resized((100, 50), (10, 5)), edges) == pytest.approx(np.array([[-0.5, -0.5], [9.5, 4.5]]))
