"""How much is to be thought of an alignment, and whether it is good enough to be shown.

Confidence is a logistic model of three features, each of which means something; `benchmarks/registration/fit.py` fits
its coefficients. Acceptance asks for more than confidence: each of its limits refuses by itself, with its reason.
"""

import math
from dataclasses import dataclass

from dermfolio.registration.geometry.refinement import Evidence, Refined
from dermfolio.registration.geometry.values import Refusal

FEATURES = ("excess", "uniqueness", "firmness")
COEFFICIENTS = (-7.9, 11.96, 0.41, 2.02)
"""The constant, then one for each feature; fitted, see above."""
LEAST_CONFIDENCE = 0.5
_LEAST_AGREEING = 12
_LEAST_OVERLAP = 0.25
_MOST_UNCERTAIN = 0.0015
"""Of the reference's diagonal, in the corners: a deviation of which six and more make the 1 % that an alignment may be
off by. Skin that was stretched shows here: its tiles agree less with any one movement.
"""
_LEAST_AGREEMENT, _PER_LIKENESS = 0.15, 0.5
"""Tiles that do not agree are drowned in noise, or covered, or show something else. Where those that agree are much
alike there is no noise, and more of them must: two patients before one wall are no pair.
"""
_MOST_SHIFTED, _MOST_TURNED = 0.7, 0.5
_MOST_SHIFTED_AGREED, _AGREED = 0.8, 0.8
"""Of bricks and the like, which resemble themselves elsewhere, where nearly every tile agrees."""
_ABOVE_CHANCE = 0.24
"""Part of the tiles: of photographs that have nothing in common some 12 % agree, rarely 20 %."""


@dataclass(frozen=True)
class Verdict:
    """What is thought of an alignment."""

    confidence: float
    """0 to 1."""
    reason: Refusal | None
    """Why it is not good enough; None where it is."""


def features(evidence: Evidence) -> tuple[float, ...]:
    """Of the logistic model, in the order of FEATURES.

    - excess: part of the tiles that were found where they were expected, less half of how alike those are: where they
      are much alike, the others ought to be;
    - uniqueness: 0 where the photographs fit elsewhere at least 0.8 times as well, 1 where less than 0.4 times;
    - firmness: how well the corners are pinned down, in powers of e, 0 at 1 % of the diagonal.
    """
    elsewhere = max(evidence.shifted, evidence.turned)
    return (
        evidence.agreement - _PER_LIKENESS * evidence.alike,
        min(max(2 - 2.5 * elsewhere, 0.0), 1.0),
        min(max(-math.log(max(evidence.uncertainty, 1e-6) / 0.01), -2.0), 3.0),
    )


def confidence(evidence: Evidence) -> float:
    """0 to 1."""
    constant, *slopes = COEFFICIENTS
    value = constant + sum(slope * feature for slope, feature in zip(slopes, features(evidence), strict=True))
    return 1 / (1 + math.exp(-min(max(value, -30.0), 30.0)))


def judged(found: Refined) -> Verdict:
    """What is thought of a refined movement."""
    evidence = found.evidence
    sure = confidence(evidence)
    limits = (
        (Refusal.NO_CONSENSUS, evidence.agreeing >= _LEAST_AGREEING and evidence.agreement >= _ABOVE_CHANCE),
        (Refusal.REPEATED, _is_unique(evidence)),
        (Refusal.CONTRADICTED, evidence.agreement >= _LEAST_AGREEMENT + _PER_LIKENESS * evidence.alike),
        (Refusal.LOW_OVERLAP, found.overlap >= _LEAST_OVERLAP),
        (Refusal.POORLY_SPREAD, evidence.uncertainty <= _MOST_UNCERTAIN),
        (Refusal.UNCERTAIN, sure >= LEAST_CONFIDENCE),
    )
    return Verdict(sure, next((reason for reason, kept in limits if not kept), None))


def _is_unique(evidence: Evidence) -> bool:
    most = _MOST_SHIFTED_AGREED if evidence.agreement >= _AGREED else _MOST_SHIFTED
    return evidence.shifted <= most and evidence.turned <= _MOST_TURNED
