"""How much is to be thought of an alignment, and whether it is good enough to be shown.

Confidence is a logistic model of four features, each of which means something; `benchmarks/registration/fit.py` fits
its coefficients. Acceptance asks for more than confidence: each of its limits refuses by itself, with its reason.
"""

import math
from dataclasses import dataclass

from dermfolio.registration.geometry.refinement import Evidence, Refined
from dermfolio.registration.geometry.values import Refusal

FEATURES = ("agreement", "surplus", "uniqueness", "firmness")
COEFFICIENTS = (-8.0, 10.0, 1.5, 4.0, 1.0)
"""The constant, then one for each feature; fitted, see above."""
LEAST_CONFIDENCE = 0.9
_LEAST_AGREEING = 12
_LEAST_OVERLAP = 0.25
_MOST_UNCERTAIN = 0.004
"""Of the reference's diagonal, in the corners: two and a half of it are the 1 % that an alignment may be off by."""
_MOST_RIVALRY = 0.7
_MOST_RIVALRY_AGREED, _AGREED = 0.8, 0.8
"""Of bricks and the like, which resemble themselves elsewhere, where nearly every tile agrees."""
_CHANCE = 0.12
"""Part of the tiles that agree where nothing is to be found."""


@dataclass(frozen=True)
class Verdict:
    """What is thought of an alignment."""

    confidence: float
    """0 to 1."""
    reason: Refusal | None
    """Why it is not good enough; None where it is."""


def features(evidence: Evidence) -> tuple[float, ...]:
    """Of the logistic model, in the order of FEATURES.

    - agreement: part of the tiles that were found where they were expected;
    - surplus: logarithm of how many more tiles agree than by chance;
    - uniqueness: how much worse the photographs fit elsewhere, 0 to 1;
    - firmness: how well the corners are pinned down, in powers of e, 0 at 1 % of the diagonal.
    """
    surplus = evidence.agreeing * (1 - _CHANCE / max(evidence.agreement, _CHANCE))
    return (
        evidence.agreement,
        math.log1p(surplus),
        1 - min(evidence.rivalry, 1.0),
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
        (Refusal.NO_CONSENSUS, evidence.agreeing >= _LEAST_AGREEING and evidence.agreement > 2 * _CHANCE),
        (
            Refusal.REPEATED,
            evidence.rivalry <= (_MOST_RIVALRY_AGREED if evidence.agreement >= _AGREED else _MOST_RIVALRY),
        ),
        (Refusal.LOW_OVERLAP, found.overlap >= _LEAST_OVERLAP),
        (Refusal.POORLY_SPREAD, evidence.uncertainty <= _MOST_UNCERTAIN),
        (Refusal.UNCERTAIN, sure >= LEAST_CONFIDENCE),
    )
    return Verdict(sure, next((reason for reason, kept in limits if not kept), None))
