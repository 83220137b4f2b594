"""Fits the confidence of `dermfolio.registration.geometry.acceptance`: `python -m benchmarks.registration.fit`.

Every movement that any attempt leads to, of pairs and controls that no other run uses, with whether it is right: a
logistic regression with a small ridge, by Newton's method (Hastie, Tibshirani and Friedman, The elements of statistical
learning, 4.4.1). Prints what to copy.
"""

import argparse

import cv2
import numpy as np

from benchmarks.registration.measuring import SUCCESS
from benchmarks.registration.pairs import Pair, control, corner_error, pair
from dermfolio.registration.geometry import acceptance
from dermfolio.registration.geometry.pipeline import movements
from dermfolio.registration.geometry.refinement import LONG_EDGE, Refined
from dermfolio.registration.geometry.rendition import rendition

SEED = 1_000_003
_RIDGE = 0.3
_ROUNDS = 50


def main() -> None:
    """Measure, fit, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.registration.fit", description=__doc__)
    parser.add_argument("--pairs", type=int, default=300)
    parser.add_argument("--controls", type=int, default=300)
    wanted = parser.parse_args()
    cv2.setNumThreads(1)
    rows, right = [], []
    for make, count in ((pair, wanted.pairs), (control, wanted.controls)):
        for number in range(count):
            for values, is_right in _examples(make(number, SEED)):
                rows.append(values)
                right.append(is_right)
    print(f"{len(rows)} movements, {sum(right)} of them right")
    print(f"COEFFICIENTS = {tuple(round(float(value), 2) for value in fitted(np.array(rows), np.array(right)))}")


def fitted(
    features: np.ndarray[tuple[int, ...], np.dtype[np.float64]], right: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """The constant and one coefficient for each feature."""
    design = np.column_stack([np.ones(len(features)), features])
    ridge = np.diag([0.0] + [_RIDGE] * features.shape[1])
    answer = np.zeros(design.shape[1])
    for _ in range(_ROUNDS):
        told = 1 / (1 + np.exp(-np.clip(design @ answer, -30, 30)))
        slope = design.T @ (told - right) + ridge @ answer
        bend = (design * (told * (1 - told))[:, None]).T @ design + ridge + 1e-9 * np.eye(len(answer))
        answer = answer - np.linalg.solve(bend, slope)
    return np.asarray(answer, dtype=np.float64)


def _examples(made: Pair) -> list[tuple[tuple[float, ...], bool]]:
    diagonal = float(np.hypot(*made.reference.shape[:2]))
    reference, moving = rendition(made.reference, LONG_EDGE), rendition(made.moving, LONG_EDGE)
    return [
        (
            acceptance.features(found.evidence),
            made.truth is not None and corner_error(found.matrix, made) < SUCCESS * diagonal,
        )
        for found in movements(reference, moving)
        if isinstance(found, Refined)
    ]


if __name__ == "__main__":
    main()
