"""What operators are shown of a comparison of store and table."""

from datetime import timedelta
from uuid import UUID

import pytest

from dermfolio.contracts.messages import now
from dermfolio.contracts.reconciling import Lost, Reconciled
from dermfolio.ops.reconcile import summary

pytestmark = pytest.mark.req("DEL-6")

IMAGE = UUID(int=7)


def test_counts_are_shown_and_how_long_the_oldest_is_in_quarantine() -> None:
    found = Reconciled(
        images=1200, objects=4801, claimed=4800, quarantined=1, quarantined_since=now() - timedelta(days=2, hours=12)
    )
    lines = [line.split() for line in summary(found, dry_run=False).splitlines()]
    assert ["photographs", "1,200"] in lines
    assert ["in", "quarantine", "1", "the", "oldest", "for", "2.5", "days"] in lines
    assert ["removed", "0"] in lines


def test_a_store_that_has_lost_many_is_told_of_in_the_counts() -> None:
    shown = summary(Reconciled(unnamed=3000, missing=[Lost(image=IMAGE, object="original", since=None)]), dry_run=False)
    [line] = [line.split() for line in shown.splitlines() if line.startswith("missing")]
    assert line[:2] == ["missing", "3,001"]
    assert "nothing" in line


def test_what_is_lost_is_named_and_a_dry_run_says_that_it_did_nothing() -> None:
    lost = Lost(image=IMAGE, object="original", since=None)
    shown = summary(Reconciled(removed=3, missing=[lost], damaged=[lost]), dry_run=True)
    assert "would be removed" in shown
    rows = [line.split() for line in shown.splitlines()[-2:]]
    assert rows == [[str(IMAGE), "original", "missing", "now"], [str(IMAGE), "original", "damaged", "now"]]
