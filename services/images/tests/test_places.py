"""Places of photographs in the order of their pool."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermfolio.images import places

moments = st.datetimes(timezones=st.just(UTC))
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
