"""Comparing three streams in the order of images' ids."""

import tracemalloc
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermfolio.common.blobs import Stored
from dermfolio.contracts.views.images import ImageState
from dermfolio.images import keys
from dermfolio.images.judging import Claim, Verdict, judged
from dermfolio.images.together import OutOfOrder, Together, together

pytestmark = pytest.mark.req("DEL-6")

T = TypeVar("T")

MANY = 100_000
OLD, YOUNG = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)
BETWEEN = datetime(2026, 2, 1, tzinfo=UTC)

few_ids = st.sets(st.integers(0, 12).map(lambda n: UUID(int=n << 100)))


async def stream(items: Iterable[T]) -> AsyncIterator[T]:
    for item in items:
        yield item


def listed(found: Iterable[str]) -> list[Stored]:
    return [Stored(key, 1, OLD) for key in sorted(found)]


async def compared(rows: Iterable[UUID], originals: Iterable[str], renditions: Iterable[str]) -> list[Together]:
    return [one async for one in together(stream(sorted(rows)), stream(listed(originals)), stream(listed(renditions)))]


@given(few_ids, few_ids, few_ids, st.sets(st.sampled_from(["originals/x", "originals/~/a/b", "originals/A"])))
async def test_each_image_comes_once_with_all_its_objects_and_nothing_is_left_out(
    rows: set[UUID], first: set[UUID], second: set[UUID], odd: set[str]
) -> None:
    originals = {keys.original(image, UUID(int=n)) for image in first for n in range(2)}
    renditions = {keys.rendition(image, n, 320) for image in second for n in range(1, 3)}
    found = await compared(rows, originals | odd, renditions)
    images = [one.image for one in found if one.image is not None]
    assert images == sorted(rows | first | second)
    assert sorted(o.key for one in found for o in one.objects) == sorted(originals | renditions | odd)
    assert all(keys.image_of(stored.key) == one.image for one in found for stored in one.objects)


async def test_a_store_that_lists_in_no_order_is_not_believed() -> None:
    high, low = (keys.original(UUID(int=n), UUID(int=1)) for n in (2, 1))
    with pytest.raises(OutOfOrder):
        async for _ in together(stream([]), stream([Stored(high, 1, OLD), Stored(low, 1, OLD)]), stream([])):
            pass


async def test_many_objects_take_no_more_memory_than_a_few() -> None:
    def objects(key: Callable[[UUID], str]) -> Iterable[Stored]:
        return (Stored(key(UUID(int=n << 64)), 1, OLD) for n in range(MANY // 2))

    rows = (UUID(int=n << 64) for n in range(0, MANY // 2, 2))
    originals = objects(lambda image: keys.original(image, image))
    renditions = objects(lambda image: keys.rendition(image, 1, 320))
    seen = 0
    tracemalloc.start()
    async for one in together(stream(rows), stream(originals), stream(renditions)):
        seen += len(one.objects)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert seen == MANY
    assert peak < 1_000_000


IMAGE, ATTEMPT, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)
OWN, OTHERS = keys.original(IMAGE, ATTEMPT), keys.original(IMAGE, OTHER)
SMALL, SUPERSEDED = keys.rendition(IMAGE, 2, 320), keys.rendition(IMAGE, 1, 320)
ROTATED, ROTATED_BEFORE = keys.rotated(IMAGE, 2), keys.rotated(IMAGE, 1)
ODD = f"originals/{IMAGE}/{ATTEMPT}/more"


def claim(state: ImageState, *, rotated: bool = False) -> Claim:
    return Claim(IMAGE, ATTEMPT, 2, state, (320,), rotated)


@pytest.mark.parametrize(
    ("state", "verdicts"),
    [
        (ImageState.READY, {OWN: "claimed", OTHERS: "superfluous", SMALL: "claimed", SUPERSEDED: "superfluous"}),
        (ImageState.FAILED, {OWN: "claimed", SMALL: "claimed", ROTATED: "claimed", SUPERSEDED: "superfluous"}),
        (ImageState.PROCESSING, {OWN: "claimed", SMALL: "claimed", ROTATED: "claimed", SUPERSEDED: "superfluous"}),
        (
            ImageState.REJECTED,
            {OWN: "superfluous", OTHERS: "superfluous", SMALL: "superfluous", ROTATED: "superfluous"},
        ),
        (ImageState.READY, {OWN: "claimed", ROTATED: "claimed", ROTATED_BEFORE: "superfluous", ODD: "stray"}),
        (ImageState.READY, {OTHERS: "stray", SMALL: "claimed", SUPERSEDED: "stray"}),
    ],
    ids=["ready", "given up", "made again", "rejected", "of its revision", "its own original is missing"],
)
def test_what_is_known_not_to_count_is_superfluous_unless_it_may_be_all_that_is_left(
    state: ImageState, verdicts: dict[str, str]
) -> None:
    objects = [Stored(key, 1, OLD) for key in verdicts]
    assert {stored.key: verdict for stored, verdict in judged(objects, claim(state), BETWEEN)} == verdicts


def test_the_turned_file_of_a_revision_is_asked_for_where_there_is_one_and_while_it_is_shown() -> None:
    assert dict(claim(ImageState.READY).expected()) == {"original": OWN, "rendition": SMALL}
    turned = {"original": OWN, "rendition": SMALL, "rotated": ROTATED}
    assert dict(claim(ImageState.READY, rotated=True).expected()) == turned
    assert dict(claim(ImageState.PROCESSING, rotated=True).expected()) == {"original": OWN}


def test_what_nothing_is_known_of_is_a_stray_and_what_was_refused_as_a_duplicate_is_superfluous() -> None:
    objects = [Stored(OWN, 1, OLD), Stored(OTHERS, 1, YOUNG)]
    assert [v for _, v in judged(objects, None, BETWEEN)] == [Verdict.STRAY, Verdict.IN_FLIGHT]
    assert [v for _, v in judged(objects, "duplicate", BETWEEN)] == [Verdict.SUPERFLUOUS, Verdict.IN_FLIGHT]
    assert [v for _, v in judged(objects, "duplicate", YOUNG + timedelta(1))] == [Verdict.SUPERFLUOUS] * 2


@pytest.mark.parametrize(
    "key",
    [
        "originals/x/y",
        f"originals/{str(IMAGE).replace('-', '')}/{ATTEMPT}",
        f"originals/{ATTEMPT}",
        f"originals/{IMAGE}/{ATTEMPT}/more",
        f"renditions/{IMAGE}/01/320.webp",
        f"renditions/{IMAGE}/-1/320.webp",
        f"other/{IMAGE}/{ATTEMPT}",
    ],
)
def test_a_key_that_we_would_not_give_is_nobodys(key: str) -> None:
    assert keys.parse_original(key) is None
    assert keys.parse_rendition(key) is None
