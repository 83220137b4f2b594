"""Transforms and places as two photographs of one thing, or a hand, may give them."""

import math

import numpy as np
from hypothesis import strategies as st

sizes = st.tuples(st.integers(100, 6000), st.integers(100, 6000))
"""(columns, rows)."""


def points(least: int, most: int):
    """Places of the unit square."""
    one = st.floats(0, 1, allow_subnormal=False)
    return st.lists(st.tuples(one, one), min_size=least, max_size=most).map(np.array)


@st.composite
def matrices(draw, *, tilt=0.2, shear=0.2):
    """About the middle of photographs of some 1000 pixels."""
    angle, scale = draw(st.floats(-math.pi, math.pi)), draw(st.floats(0.5, 2))
    skew, slope = draw(st.floats(-shear, shear)), [draw(st.floats(-tilt, tilt)) / 1000 for _ in range(2)]
    cosine, sine = scale * math.cos(angle), scale * math.sin(angle)
    shift = [draw(st.floats(-300, 300)) for _ in range(2)]
    about = np.array([[cosine, -sine, shift[0]], [sine, cosine, shift[1]], [*slope, 1]])
    about = about @ np.array([[1, skew, 0], [0, 1, 0], [0, 0, 1]])
    to_middle = np.array([[1, 0, -500], [0, 1, -500], [0, 0, 1.0]])
    matrix = np.linalg.inv(to_middle) @ about @ to_middle
    return matrix / matrix[2, 2]
