"""Notes that two people changed at once are merged, and nothing that was typed is lost."""

import json
import time
from collections import Counter
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermfolio.patients.merging import Clash, Merge, merge

pytestmark = pytest.mark.req("ENT-3")

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "merging.json").read_text())

notes = st.lists(st.sampled_from(["", " ", "a", "b", "c", "d", "e", "long words"]), max_size=12).map("\n".join)
"""Few words, so that paragraphs are repeated, moved and met again."""


@st.composite
def changed(draw: st.DrawFn, base: str, words: list[str]) -> str:
    """What somebody makes of notes: some paragraphs deleted, changed, added."""
    made: list[str] = []
    for line in base.split("\n"):
        match draw(st.integers(0, 5)):
            case 0:
                continue
            case 1:
                made.append(draw(st.sampled_from(words)))
            case 2:
                made += [line, draw(st.sampled_from(words))]
            case _:
                made.append(line)
    return "\n".join(made)


@st.composite
def meetings(draw: st.DrawFn) -> tuple[str, str, str]:
    """Notes, and what two people made of them; one of them writes words that the other does not."""
    base = draw(notes)
    return base, draw(changed(base, ["x", "y", "a", ""])), draw(changed(base, ["u", "v", "b", ""]))


def swapped(found: Merge) -> list[Clash]:
    return [Clash(clash.base, clash.theirs, clash.ours) for clash in found.clashes]


def all_of(found: Merge, side: str) -> Counter[str]:
    """Every paragraph that is decided, or offered as one side's."""
    parts = [getattr(part, side) if isinstance(part, Clash) else part for part in found.parts]
    return Counter(line for part in parts for line in part)


@pytest.mark.parametrize("case", CASES, ids=[case["about"] for case in CASES])
def test_cases_that_the_browser_merges_alike(case: dict[str, Any]) -> None:
    found = merge(case["base"], case["ours"], case["theirs"])
    assert found.text == case["text"]
    expected = [
        Clash(*(tuple(clash[side]) for side in ("base", "ours", "theirs"))) for clash in case.get("clashes", [])
    ]
    assert list(found.clashes) == expected


@given(notes, notes)
def test_what_one_side_left_alone_becomes_what_the_other_made_of_it(base: str, side: str) -> None:
    assert merge(base, side, base).text == side
    assert merge(base, base, side).text == side


@given(notes, notes)
def test_what_both_did_alike_is_done_once(base: str, side: str) -> None:
    assert merge(base, side, side).text == side


@given(meetings())
def test_it_does_not_matter_whose_changes_are_called_ours_but_for_the_order_of_what_is_new(
    meeting: tuple[str, str, str],
) -> None:
    base, ours, theirs = meeting
    one, other = merge(base, ours, theirs), merge(base, theirs, ours)
    assert list(one.clashes) == swapped(other)
    assert all_of(one, "ours") == all_of(other, "theirs")


@given(meetings())
def test_nothing_that_was_typed_is_lost(meeting: tuple[str, str, str]) -> None:
    base, ours, theirs = meeting
    found, before = merge(base, ours, theirs), Counter(base.split("\n"))
    for side, text in (("ours", ours), ("theirs", theirs)):
        typed = Counter(text.split("\n")) - before
        typed.pop("", None)
        assert not typed - all_of(found, side)


@given(meetings())
def test_merging_again_with_what_was_merged_changes_nothing(meeting: tuple[str, str, str]) -> None:
    base, ours, theirs = meeting
    text = merge(base, ours, theirs).text
    if text is not None:
        assert merge(text, text, text).text == text
        assert merge(theirs, text, theirs).text == text
        assert merge(ours, ours, text).text == text


@pytest.mark.parametrize(
    "lines", [[""], ["a", "b"], [str(n) for n in range(300)], [str(n * 7919 % 20011) for n in range(20_011)]]
)
def test_the_longest_notes_are_merged_in_a_moment(lines: list[str]) -> None:
    base = "\n".join(islice(cycle(lines), 100_000))[:100_000]
    ours, theirs = base[1000:] + "\nx", "y\n" + base[: len(base) // 2][::-1]
    began = time.perf_counter()
    merge(base, ours, theirs)
    assert time.perf_counter() - began < 5
