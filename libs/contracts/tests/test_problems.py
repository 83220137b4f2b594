"""The catalogue of errors."""

import re

import pytest

from dermfolio.contracts import problems
from dermfolio.contracts.problems import PROBLEMS, Problem
from dermfolio.contracts.views.images import SENTENCES, RejectionReason


def test_codes_are_unique() -> None:
    assert len(PROBLEMS) == len(problems._ALL)


@pytest.mark.parametrize("problem", PROBLEMS.values(), ids=lambda p: p.code)
def test_a_problem_has_a_stable_code_an_error_status_and_sentences(problem: Problem) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", problem.code)
    assert 400 <= problem.status <= 599
    assert problem.detail.endswith(".")
    assert problem.detail[0].isupper()
    assert problem.title
    assert not problem.title.endswith(".")
    assert problem.type == f"urn:dermfolio:problem:{problem.code}"


@pytest.mark.parametrize("reason", RejectionReason)
def test_every_reason_for_a_rejection_is_a_sentence_to_act_on(reason: RejectionReason) -> None:
    assert SENTENCES[reason].endswith(".")
