"""Places of photographs in the order of their pool."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermfolio.contracts.views.editing import Side
from dermfolio.images import places

moments = st.datetimes(timezones=st.just(UTC))
reasonable = st.datetimes(datetime(1900, 1, 1), datetime(2199, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - see timezones
images = st.uuids()


@pytest.mark.req("POOL-7")
@given(moments, moments, images, images)
def test_a_pool_that_nobody_ordered_is_in_the_order_of_time(a: datetime, b: datetime, one: UUID, other: UUID) -> None:
    if a < b:
        assert places.dated(a, one) < places.dated(b, other)


@given(moments, images)
def test_a_place_leaves_room_on_both_sides(moment: datetime, image: UUID) -> None:
    place = places.dated(moment, image)
    assert len(place) == places.MOMENT_DIGITS + 7
    assert not place.endswith("0")


sides = st.sampled_from(["newer", "older"])


@pytest.mark.req("POOL-10")
@given(st.lists(st.tuples(st.integers(0, 1000), sides), max_size=300), moments, images)
def test_places_beside_others_keep_the_order_in_which_they_were_put(
    steps: list[tuple[int, Side]], moment: datetime, image: UUID
) -> None:
    order = [places.dated(moment, image)]
    for number, side in steps:
        at = number % len(order)
        beyond = at + (1 if side == "newer" else -1)
        following = order[beyond] if 0 <= beyond < len(order) else None
        place = places.beside(order[at], following, side)
        if place is None:
            order = places.spread(places.moment_of(order[at]), len(order))
            continue
        order.insert(at + (side == "newer"), place)
    assert order == sorted(set(order))
    for place in order:
        assert places.moment_of(place) == places.moment_of(order[0])
        assert places.MOMENT_DIGITS < len(place) <= places.LONGEST
        assert not place.endswith("0")


@pytest.mark.req("POOL-10")
@given(reasonable, images, sides)
def test_a_place_beside_the_first_and_the_last_stays_in_their_microsecond(
    moment: datetime, image: UUID, side: Side
) -> None:
    place = places.dated(moment, image)
    far = places.dated(moment + timedelta(days=1 if side == "newer" else -1), image)
    for _ in range(50):
        before, place = place, places.beside(place, far, side) or ""
        assert (before < place) == (side == "newer")
        assert places.moment_of(place) == places.moment_of(before)


def test_there_is_room_for_hundreds_at_one_spot_and_then_none() -> None:
    one, other = places.dated(datetime(2026, 3, 12, tzinfo=UTC), UUID(int=1)), None
    count = 0
    while (place := places.beside(one, other, "newer")) is not None:
        other, count = place, count + 1
    assert count > 300


def test_there_is_no_room_between_equal_places() -> None:
    place = places.dated(datetime(2026, 3, 12, tzinfo=UTC), UUID(int=1))
    assert places.beside(place, place, "newer") is None
    assert places.beside(place, place, "older") is None


@given(st.integers(1, 5000))
def test_places_that_are_spread_are_in_order_and_have_room_between_them(count: int) -> None:
    found = places.spread("0" * places.MOMENT_DIGITS, count)
    assert found == sorted(set(found))
    assert len(found) == count
    assert max(map(len, found)) <= places.MOMENT_DIGITS + 5
    assert not any(place.endswith("0") for place in found)
