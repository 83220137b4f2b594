import dataclasses

import numpy as np
import pytest

from dermfolio.registration.geometry import Model, Refusal
from dermfolio.registration.geometry.acceptance import LEAST_CONFIDENCE, confidence, features, judged
from dermfolio.registration.geometry.choosing import Fit
from dermfolio.registration.geometry.refinement import Evidence, Refined

GOOD = Evidence(agreement=0.9, agreeing=250, alike=0.6, shifted=0.2, turned=0.15, uncertainty=0.0003)
CHANCE = Evidence(agreement=0.1, agreeing=30, alike=0.15, shifted=1.6, turned=1.5, uncertainty=0.004)


def refined(evidence, overlap=0.8):
    fit = Fit(Model.SIMILARITY, np.eye(3), np.ones(3, dtype=bool), 0.5)
    return Refined(np.eye(3), fit, evidence, residual=0.7, overlap=overlap)


def test_what_nearly_everything_speaks_for_is_accepted():
    verdict = judged(refined(GOOD))
    assert verdict.reason is None
    assert verdict.confidence > 0.95


@pytest.mark.parametrize(
    ("change", "overlap", "reason"),
    [
        ({"agreeing": 9}, 0.8, Refusal.NO_CONSENSUS),
        ({"agreement": 0.2, "alike": 0.05}, 0.8, Refusal.NO_CONSENSUS),
        ({"agreement": 0.5, "alike": 0.95}, 0.8, Refusal.CONTRADICTED),
        ({"shifted": 0.85}, 0.8, Refusal.REPEATED),
        ({"shifted": 0.75, "agreement": 0.7}, 0.8, Refusal.REPEATED),
        ({"turned": 0.6}, 0.8, Refusal.REPEATED),
        ({}, 0.2, Refusal.LOW_OVERLAP),
        ({"uncertainty": 0.006}, 0.8, Refusal.POORLY_SPREAD),
    ],
)
def test_each_limit_refuses_by_itself(change, overlap, reason):
    verdict = judged(refined(dataclasses.replace(GOOD, **change), overlap))
    assert verdict.reason is reason


def test_what_chance_gives_is_not_believed():
    assert confidence(CHANCE) < 0.05
    assert judged(refined(CHANCE)).reason is Refusal.NO_CONSENSUS


def test_confidence_is_needed_beside_the_limits():
    faint = Evidence(agreement=0.26, agreeing=14, alike=0.2, shifted=0.69, turned=0.49, uncertainty=0.0014)
    assert confidence(faint) < LEAST_CONFIDENCE
    assert judged(refined(faint)).reason is Refusal.UNCERTAIN


@pytest.mark.parametrize(
    "better",
    [{"agreement": 0.95}, {"shifted": 0.1, "turned": 0.1}, {"uncertainty": 0.0001}],
)
def test_more_evidence_is_more_confidence(better):
    middling = Evidence(agreement=0.4, agreeing=60, alike=0.3, shifted=0.5, turned=0.4, uncertainty=0.002)
    assert confidence(dataclasses.replace(middling, **better)) > confidence(middling)


def test_features_are_finite_whatever_the_evidence():
    for evidence in (
        Evidence(agreement=0.0, agreeing=0, alike=-1.0, shifted=2.0, turned=2.0, uncertainty=1.0),
        Evidence(agreement=1.0, agreeing=1000, alike=1.0, shifted=0.0, turned=0.0, uncertainty=0.0),
    ):
        assert np.isfinite(features(evidence)).all()
        assert 0 <= confidence(evidence) <= 1
