import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermfolio.registration.geometry.planes import applied
from dermfolio.registration.geometry.quarter_turns import points_turned, turned
from dermfolio.registration.geometry.stored import from_stored, points_from_stored, points_to_stored, to_stored

from .strategies import matrices, points, sizes

quarters = st.integers(-9, 9)


@given(matrices(), sizes, sizes)
def test_what_is_stored_comes_back(matrix, moving, reference):
    back = from_stored(to_stored(matrix, moving, reference), moving, reference)
    assert back == pytest.approx(matrix, rel=1e-6, abs=1e-6)


@given(matrices(), sizes, sizes, points(1, 5))
def test_what_is_stored_moves_places_as_the_pixels_do(matrix, moving, reference, places):
    there = applied(matrix, points_from_stored(places, moving))
    stored = applied(to_stored(matrix, moving, reference), places)
    assert points_from_stored(stored, reference) == pytest.approx(there, rel=1e-6, abs=1e-3)


@given(sizes, points(1, 5))
def test_places_come_back(size, places):
    assert points_to_stored(points_from_stored(places, size), size) == pytest.approx(places, abs=1e-9)


def test_edges_are_zero_and_one_and_centres_between():
    assert points_to_stored(np.array([[-0.5, -0.5], [3.5, 1.5], [0, 0]]), (4, 2)) == pytest.approx(
        np.array([[0, 0], [1, 1], [0.125, 0.25]])
    )


def test_an_alignment_of_renditions_is_one_of_the_originals():
    small = np.array([[1, 0, 10], [0, 1, -4], [0, 0, 1.0]])
    stored = to_stored(small, (640, 480), (320, 240))
    large = from_stored(stored, (6400, 4800), (3200, 2400))
    assert large[:2, 2] == pytest.approx([10 * 10 + 4.5 - 4.5, -4 * 10])


@given(matrices(), sizes, sizes, quarters, quarters, points(1, 5))
def test_a_turned_photograph_keeps_its_places(matrix, moving, reference, by, other, places):
    stored = to_stored(matrix, moving, reference)
    after = turned(stored, moving=by, reference=other)
    expected = points_turned(applied(stored, places), other)
    assert applied(after, points_turned(places, by)) == pytest.approx(expected, rel=1e-6, abs=1e-6)


@given(matrices(), quarters, quarters)
def test_turns_add_up_and_four_are_none(matrix, by, other):
    stored = to_stored(matrix, (1000, 1000), (1000, 1000))
    twice = turned(turned(stored, moving=by, reference=other), moving=4 - by, reference=-other)
    assert twice == pytest.approx(stored, rel=1e-6, abs=1e-6)


@given(st.integers(2, 7), st.integers(2, 7), quarters)
def test_places_turn_as_numpy_turns_pixels(rows, columns, by):
    picture = np.arange(rows * columns).reshape(rows, columns)
    after = np.rot90(picture, -by)
    for value in (0, columns - 1, rows * columns - 1):
        row, column = divmod(value, columns)
        place = points_to_stored(np.array([[column, row]], dtype=float), (columns, rows))
        [found] = np.rint(points_from_stored(points_turned(place, by), (after.shape[1], after.shape[0]))).astype(int)
        assert after[found[1], found[0]] == value
