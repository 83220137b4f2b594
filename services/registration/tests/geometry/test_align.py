import dataclasses

import numpy as np
import pytest

from dermfolio.registration.geometry import Model, Refusal, align

from .scenes import checks, corner_error, movement, photograph, rings, skin

HAND_HELD = [
    movement(shift=(31.5, -18.25)),
    movement(turn=7, scale=1.1, shift=(-20, 12)),
    movement(turn=-24, scale=0.82, shift=(40, 30)),
    movement(turn=12, scale=1.22, tilt=(0.04, -0.03)),
]


@pytest.mark.req("CMP-3")
@pytest.mark.parametrize("truth", HAND_HELD)
def test_two_photographs_of_one_skin_are_laid_on_each_other(truth):
    scene = skin(1)
    found = align(photograph(scene), photograph(scene, truth, seed=1, light=0.5, noise=4))
    assert found.accepted
    assert found.reason is None
    assert corner_error(found.matrix, truth) < 1
    assert found.confidence > 0.9
    assert found.residual < 2
    assert found.inliers > 20


def test_the_simplest_model_that_explains_is_taken():
    scene = skin(2)
    turned, tilted = movement(turn=9, scale=1.1), movement(turn=9, tilt=(0.05, 0.05))
    assert align(photograph(scene), photograph(scene, turned, seed=1)).model is Model.SIMILARITY
    assert align(photograph(scene), photograph(scene, tilted, seed=1)).model is Model.HOMOGRAPHY


def test_photographs_of_many_pixels_are_laid_on_each_other_at_full_resolution():
    scene, truth = skin(3), movement(turn=5, shift=(10, 5))
    large = [np.kron(photograph(scene, m, seed=s), np.ones((4, 4, 1), np.uint8)) for s, m in enumerate((None, truth))]
    found = align(*large)
    # a pixel of the small picture is a square of 4 by 4, whose middle is 1.5 pixels from the centre of its first pixel
    grown = np.array([[4, 0, 1.5], [0, 4, 1.5], [0, 0, 1]])
    assert found.accepted
    assert corner_error(np.linalg.inv(grown) @ found.matrix @ grown, truth) < 1


@pytest.mark.parametrize("degrees", [90, 137])
def test_a_photograph_taken_with_the_camera_held_otherwise_is_laid_on_the_other(degrees):
    scene, truth = skin(4), movement(turn=degrees)
    found = align(photograph(scene), photograph(scene, truth, seed=1))
    assert found.accepted
    assert corner_error(found.matrix, truth) < 1


def test_what_overlaps_by_half_is_laid_on_each_other():
    scene, truth = skin(5), movement(shift=(180, 60))
    found = align(photograph(scene), photograph(scene, truth, seed=1))
    assert found.accepted
    assert corner_error(found.matrix, truth) < 1.5
    assert found.overlap == pytest.approx((1 - 180 / 480) * (1 - 60 / 360), abs=0.02)


@pytest.mark.req("CMP-3")
def test_two_skins_are_refused():
    found = align(photograph(skin(10)), photograph(skin(20), seed=1))
    assert not found.accepted
    assert found.reason in {Refusal.NO_CONSENSUS, Refusal.LOW_OVERLAP, Refusal.POORLY_SPREAD, Refusal.UNCERTAIN}
    assert found.confidence < 0.1


@pytest.mark.req("CMP-3")
def test_two_people_before_one_wall_are_refused():
    wall, first, second = photograph(skin(30)), photograph(skin(31), seed=1), photograph(skin(32), seed=2)
    first[:200], second[:200] = wall[:200], wall[:200]
    found = align(first, second)
    assert not found.accepted
    assert found.reason is Refusal.CONTRADICTED


def test_photographs_with_nothing_but_an_edge_are_refused():
    edge = np.full((300, 400, 3), 80, dtype=np.uint8)
    edge[:, 150:] = 170
    found = align(edge, np.roll(edge, 20, axis=1))
    assert not found.accepted


def test_a_mirrored_photograph_is_refused():
    picture = photograph(skin(6))
    found = align(picture, np.ascontiguousarray(picture[:, ::-1]))
    assert not found.accepted


@pytest.mark.req("CMP-3")
@pytest.mark.parametrize(
    ("pattern", "truth"),
    [
        (checks, movement()),
        (checks, movement(shift=(37, 5))),
        (rings, movement(turn=20)),
    ],
)
def test_a_pattern_that_fits_in_many_ways_is_refused(pattern, truth):
    scene = pattern()
    found = align(photograph(scene), photograph(scene, truth, seed=1))
    assert not found.accepted
    assert found.reason is Refusal.REPEATED


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        ((40, 40), Refusal.TOO_SMALL),
        ((1, 1), Refusal.TOO_SMALL),
        ((4000, 60), Refusal.TOO_SMALL),
        ((300, 300), Refusal.FEATURELESS),
    ],
)
def test_what_cannot_be_compared_is_refused_with_its_reason(shape, reason):
    plain = np.full((*shape, 3), 120, dtype=np.uint8)
    for pair in ((plain, plain), (plain, photograph(skin(7))), (photograph(skin(7)), plain)):
        found = align(*pair)
        assert not found.accepted
        assert found.reason is reason
        assert found.matrix is None


def test_noise_alone_is_refused():
    rng = np.random.default_rng(0)
    first, second = (rng.integers(0, 256, (300, 400, 3), dtype=np.uint8) for _ in range(2))
    assert not align(first, second).accepted


@pytest.mark.parametrize(
    "picture",
    [
        np.zeros((100, 100), dtype=np.uint8),
        np.zeros((100, 100, 4), dtype=np.uint8),
        np.zeros((100, 100, 3), dtype=np.float32),
        np.zeros((0, 100, 3), dtype=np.uint8),
    ],
)
def test_arrays_that_are_no_photographs_are_errors(picture):
    with pytest.raises(ValueError, match="uint8"):
        align(picture, photograph(skin(8)))


def test_the_same_photographs_give_the_same_alignment():
    scene = skin(9)
    pair = photograph(scene), photograph(scene, HAND_HELD[2], seed=1, noise=6)
    first, second = align(*pair), align(*pair)
    assert np.array_equal(first.matrix, second.matrix)
    told = [dataclasses.asdict(dataclasses.replace(found, matrix=None)) for found in (first, second)]
    assert told[0] == told[1]


def test_neither_photographs_nor_alignment_change():
    scene = skin(9)
    pair = [photograph(scene), photograph(scene, HAND_HELD[0], seed=1)]
    for picture in pair:
        picture.flags.writeable = False
    found = align(*pair)
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.accepted = False
    with pytest.raises(ValueError, match="read-only"):
        found.matrix[0, 0] = 2
    with pytest.raises(ValueError, match="WRITEABLE"):
        found.matrix.flags.writeable = True
