import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dermfolio.registration.geometry import Model
from dermfolio.registration.geometry.landmarks import Landmarked, LandmarkFault, aligned, offered, usual
from dermfolio.registration.geometry.planes import applied, is_plausible
from dermfolio.registration.geometry.quarter_turns import points_turned, turned
from dermfolio.registration.geometry.stored import points_from_stored, to_stored

from .strategies import matrices, points

SIZE = (1000, 1000)
SPREAD = np.array([[0.1, 0.1], [0.9, 0.15], [0.85, 0.9], [0.12, 0.8], [0.5, 0.45], [0.3, 0.6], [0.7, 0.3], [0.6, 0.7]])


def pointed_out(matrix, places, size=SIZE):
    return applied(to_stored(matrix, size, size), places)


def found(places, there, model=None):
    return aligned(places, there, moving_size=SIZE, reference_size=SIZE, model=model)


@pytest.mark.req("CMP-4")
@settings(max_examples=40)
@given(matrices(tilt=0, shear=0))
def test_two_pairs_give_a_similarity(matrix):
    result = found(SPREAD[:2], pointed_out(matrix, SPREAD[:2]))
    assert isinstance(result, Landmarked)
    assert result.model is Model.SIMILARITY
    assert result.matrix == pytest.approx(to_stored(matrix, SIZE, SIZE), rel=1e-6, abs=1e-6)


@pytest.mark.req("CMP-4")
@settings(max_examples=40)
@given(matrices(tilt=0), st.integers(3, 8))
def test_three_and_more_pairs_give_an_affine_transform(matrix, count):
    result = found(SPREAD[:count], pointed_out(matrix, SPREAD[:count]))
    assert isinstance(result, Landmarked)
    assert result.model is Model.AFFINE
    assert result.matrix == pytest.approx(to_stored(matrix, SIZE, SIZE), rel=1e-5, abs=1e-5)
    assert max(result.residuals) < 1e-3


@pytest.mark.req("CMP-4")
@settings(max_examples=40)
@given(matrices(), st.integers(4, 8))
def test_four_and_more_pairs_give_a_homography_where_one_asks(matrix, count):
    assume(is_plausible(matrix, SIZE, largest_scale=15, largest_stretch=4))
    result = found(SPREAD[:count], pointed_out(matrix, SPREAD[:count]), Model.HOMOGRAPHY)
    assert isinstance(result, Landmarked)
    assert result.matrix == pytest.approx(to_stored(matrix, SIZE, SIZE), rel=1e-4, abs=1e-4)


def test_what_is_offered_grows_with_the_pairs():
    assert [offered(count) for count in range(5)] == [
        (),
        (),
        (Model.SIMILARITY,),
        (Model.SIMILARITY, Model.AFFINE),
        (Model.SIMILARITY, Model.AFFINE, Model.HOMOGRAPHY),
    ]
    assert [usual(count) for count in (1, 2, 3, 4, 9)] == [None, Model.SIMILARITY, *[Model.AFFINE] * 3]


def test_residuals_are_pixels_of_a_reference_of_1024():
    there = SPREAD[:3].copy()
    there[0, 0] += 0.03
    result = aligned(SPREAD[:3], there, moving_size=(500, 500), reference_size=(500, 500), model=Model.SIMILARITY)
    exact = aligned(SPREAD[:3], there, moving_size=(5000, 5000), reference_size=(5000, 5000), model=Model.SIMILARITY)
    assert isinstance(result, Landmarked)
    assert isinstance(exact, Landmarked)
    assert 5 < max(result.residuals) < 0.03 * 1024
    assert result.residuals == pytest.approx(exact.residuals, rel=0.01)


@settings(max_examples=40)
@given(matrices(tilt=0, shear=0), st.integers(0, 5), st.floats(0, 6.28))
def test_the_pair_that_contradicts_the_others_is_marked(matrix, wrong, bearing):
    there = pointed_out(matrix, SPREAD[:6])
    there[wrong] += 0.15 * np.array([np.cos(bearing), np.sin(bearing)])
    result = found(SPREAD[:6], there)
    assert isinstance(result, Landmarked)
    assert [number for number, is_outlier in enumerate(result.outliers) if is_outlier] == [wrong]


@settings(max_examples=10)
@given(matrices(tilt=0, shear=0), st.integers(0, 2**31))
def test_a_hand_that_trembles_has_no_outliers(matrix, seed):
    there = pointed_out(matrix, SPREAD) + np.random.default_rng(seed).uniform(-0.001, 0.001, SPREAD.shape)
    result = found(SPREAD, there)
    assert isinstance(result, Landmarked)
    assert not any(result.outliers)


@given(matrices(), st.integers(-4, 4), st.integers(-4, 4))
def test_landmarks_of_turned_photographs_give_the_turned_alignment(matrix, by, other):
    there = pointed_out(matrix, SPREAD[:4])
    before = found(SPREAD[:4], there)
    after = found(points_turned(SPREAD[:4], by), points_turned(there, other))
    assume(isinstance(before, Landmarked))
    assert after.matrix == pytest.approx(turned(before.matrix, moving=by, reference=other), rel=1e-4, abs=1e-5)
    assert after.residuals == pytest.approx(before.residuals, rel=1e-4, abs=1e-4)


def test_pairs_that_do_not_determine_a_model_are_a_fault():
    line = np.array([[0.1, 0.1], [0.2, 0.2], [0.8, 0.8], [0.9, 0.9]])
    assert found(SPREAD[:1], SPREAD[:1]) is LandmarkFault.TOO_FEW
    assert found(SPREAD[:3], SPREAD[:3], Model.HOMOGRAPHY) is LandmarkFault.TOO_FEW
    assert found(line, line) is LandmarkFault.UNDETERMINED
    assert found(np.repeat(SPREAD[:1], 2, axis=0), SPREAD[:2]) is LandmarkFault.UNDETERMINED
    assert found(SPREAD[:3], SPREAD[[1, 0, 2]] * 1.0) is LandmarkFault.FOLDED
    assert found(SPREAD[:4], SPREAD[[0, 2, 1, 3]], Model.HOMOGRAPHY) in {
        LandmarkFault.FOLDED,
        LandmarkFault.UNDETERMINED,
    }


@settings(max_examples=60)
@given(points(0, 7), points(0, 7), st.sampled_from([None, *Model]))
def test_whatever_is_pointed_out_gives_a_sound_alignment_or_a_fault(here, there, model):
    count = min(len(here), len(there))
    here, there = here[:count].reshape(-1, 2), there[:count].reshape(-1, 2)
    result = found(here, there, model)
    if isinstance(result, Landmarked):
        assert np.isfinite(result.matrix).all()
        assert len(result.residuals) == len(result.outliers) == count
        places = points_from_stored(applied(result.matrix, here), SIZE)
        away = np.linalg.norm(places - points_from_stored(there, SIZE), axis=1) * 1.024
        assert result.residuals == pytest.approx(away.tolist(), rel=1e-4, abs=1e-3)


@pytest.mark.parametrize(
    ("here", "there"),
    [
        (SPREAD[:3], SPREAD[:2]),
        (SPREAD[:3, :1], SPREAD[:3, :1]),
        (np.array([[0, np.nan], [1, 1]]), SPREAD[:2]),
        (SPREAD[:2], np.array([[0, np.inf], [1, 1]])),
    ],
)
def test_what_are_no_pairs_are_errors(here, there):
    with pytest.raises(ValueError, match=r"places"):
        found(here, there)
