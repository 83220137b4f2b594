"""Cursors lead back to where they came from: the same user, the same list, the same filter."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermfolio.common.auth import Actor, Call
from dermfolio.common.cursors import Cursors
from dermfolio.common.errors import Refused

SEED = bytes(range(32))
CURSORS = Cursors(SEED)
ANNA, BEAT = (Call(Actor("user", "gateway", user=UUID(int=n))) for n in (1, 2))
AT = datetime(2026, 3, 2, 9, 14, 51, 123456, UTC)

pytestmark = pytest.mark.req("API-1")


@given(st.datetimes(timezones=st.just(UTC)), st.uuids(), st.uuids())
def test_a_cursor_leads_any_replica_behind_its_row(at: datetime, row: UUID, patient: UUID) -> None:
    text = CURSORS.of(ANNA, "pool", patient).cursor(at, row)
    assert Cursors(SEED).of(ANNA, "pool", patient).behind(text) == (at, row)


def test_no_cursor_is_the_beginning() -> None:
    assert CURSORS.of(ANNA, "users").behind(None) == (None, None)


def test_a_cursor_of_another_user_list_filter_or_service_is_none() -> None:
    patient = uuid4()
    text = CURSORS.of(ANNA, "pool", patient).cursor(AT, uuid4())
    for other in (
        CURSORS.of(BEAT, "pool", patient),
        CURSORS.of(ANNA, "users"),
        CURSORS.of(ANNA, "pool", uuid4()),
        Cursors(bytes(32)).of(ANNA, "pool", patient),
    ):
        with pytest.raises(Refused) as refused:
            other.behind(text)
        assert refused.value.code == "invalid_request"


@given(st.text(max_size=250) | st.binary(max_size=200).map(lambda b: b.hex()))
def test_what_was_made_up_is_none(text: str) -> None:
    with pytest.raises(Refused):
        CURSORS.of(ANNA, "users").behind(text)


@given(st.integers(0, 200), st.characters(codec="ascii", categories=["L", "N"]))
def test_a_changed_character_spoils_it(place: int, character: str) -> None:
    of_list = CURSORS.of(ANNA, "users")
    text = of_list.cursor(AT, UUID(int=7))
    place %= len(text) - 1  # the last one holds bits that mean nothing
    changed = text[:place] + character + text[place + 1 :]
    if changed == text:
        assert of_list.behind(changed) == (AT, UUID(int=7))
    else:
        with pytest.raises(Refused):
            of_list.behind(changed)
