"""Conditional and partial requests."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from dermfolio.gateway.conditions import Unsatisfiable, unchanged, wanted

ETAG = '"abc"'


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("bytes=0-0", range(1)),
        ("bytes=0-99", range(100)),
        ("bytes=10-19", range(10, 20)),
        ("bytes=90-", range(90, 100)),
        ("bytes=90-1000", range(90, 100)),
        ("bytes=-10", range(90, 100)),
        ("bytes=-1000", range(100)),
        ("Bytes = 5 - 6", range(5, 7)),
        ("bytes=-", None),
        ("bytes=5-4", None),
        ("bytes=0-1,5-6", None),
        ("bytes=a-b", None),
        ("items=0-1", None),
        ("bytes=" + "9" * 40 + "-", None),
        ("", None),
    ],
)
def test_one_range_is_understood_and_nonsense_means_everything(text: str, span: range | None) -> None:
    assert wanted(Headers({"Range": text}), ETAG, 100) == span


@pytest.mark.parametrize("text", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_a_range_beyond_the_end_cannot_be_satisfied(text: str) -> None:
    with pytest.raises(Unsatisfiable):
        wanted(Headers({"Range": text}), ETAG, 100)


@given(st.text("bytes=-0123456789, ", max_size=30), st.integers(1, 10**12))
def test_a_range_never_leaves_the_object(text: str, length: int) -> None:
    try:
        span = wanted(Headers({"Range": text}), ETAG, length)
    except Unsatisfiable:
        return
    assert span is None or 0 <= span.start < span.stop <= length


def test_a_range_of_another_version_is_everything_of_this_one() -> None:
    assert wanted(Headers({"Range": "bytes=0-1", "If-Range": ETAG}), ETAG, 100) == range(2)
    assert wanted(Headers({"Range": "bytes=0-1", "If-Range": '"old"'}), ETAG, 100) is None


@pytest.mark.parametrize(
    ("text", "same"),
    [(ETAG, True), (f"W/{ETAG}", True), (f'"x", {ETAG}', True), ("*", True), ('"x"', False), ("", False)],
)
def test_the_client_that_has_it_is_told_so(text: str, same: bool) -> None:
    assert unchanged(Headers({"If-None-Match": text}), ETAG) is same
    assert not unchanged(Headers({}), ETAG)
