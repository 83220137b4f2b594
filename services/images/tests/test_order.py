"""The order that people give a pool: whoever changes it at once, it is what one after another would have made it."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dermfolio.common.db import Database, WriteSession
from dermfolio.contracts.editing import SAID, ImagePlaced
from dermfolio.images import edit_repository, places

from .conftest import Clinic
from .editors import Editors, outcome, refused

pytestmark = pytest.mark.req("POOL-10")

MARCH = datetime(2026, 3, 12, 9, 30, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@pytest.fixture
async def editors(idle_clinic: Clinic) -> Editors:
    made = Editors(idle_clinic, idle_clinic.patient, [])
    for n in range(5):
        await made.add(MARCH + n * MICROSECOND)
    return made


async def test_photographs_stand_where_they_are_put(editors: Editors) -> None:
    assert await editors.order() == [0, 1, 2, 3, 4]
    await editors.put(4, "older", 0)
    assert await editors.order() == [4, 0, 1, 2, 3]
    await editors.put(0, "newer", 2)
    assert await editors.order() == [4, 1, 2, 0, 3]
    before = await editors.put(4, "newer", 3)
    assert await editors.order() == [1, 2, 0, 3, 4]
    assert await editors.put(4, "newer", 3) == before
    assert await editors.put(4, "newer", 3) == before
    facts = await editors.said(ImagePlaced)
    assert [(UUID(fact.data["image"]), fact.data["version"]) for fact in facts] == [
        (editors.images[4], 2),
        (editors.images[0], 2),
        (editors.images[4], 3),
    ]


async def test_a_photograph_keeps_its_date_wherever_it_is_put(editors: Editors) -> None:
    far = await editors.add(MARCH + timedelta(hours=8))
    saved = await editors.put(far, "newer", 1)
    assert saved.effective_at == MARCH + timedelta(hours=8)
    assert places.moment_of(saved.place) == places.moment_of((await editors.pool())[1].place)
    assert await editors.order() == [0, 1, far, 2, 3, 4]


async def test_a_photograph_is_put_beside_others_only(editors: Editors) -> None:
    assert (await refused(editors.put(0, "newer", 0))).code == "beside_itself"
    assert await editors.order() == [0, 1, 2, 3, 4]


async def test_what_is_put_beside_one_photograph_at_once_stands_there_in_some_order(editors: Editors) -> None:
    outcomes = await asyncio.gather(*(outcome(editors.put(image, "newer", 0)) for image in (1, 2, 3, 4)))
    assert outcomes == ["done"] * 4
    order = await editors.order()
    assert (order[0], set(order)) == (0, {0, 1, 2, 3, 4})
    assert len(await editors.said(ImagePlaced)) <= 4


async def test_where_there_is_no_room_those_of_the_microsecond_are_spread(
    editors: Editors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "LONGEST", places.MOMENT_DIGITS + 7)
    elsewhere = (await editors.pool())[4].place
    for image in (1, 2, 3, 1, 2, 3, 1, 2, 3) * 3:
        await editors.put(image, "newer", 0)
        assert (await editors.order())[:2] == [0, image]
    pool = await editors.pool()
    assert [editors.images.index(image.id) for image in pool] == [0, 3, 2, 1, 4]
    assert pool[4].place == elsewhere
    for image in editors.images[:4]:
        versions = [f.data["version"] for f in await editors.said(ImagePlaced) if UUID(f.data["image"]) == image]
        assert versions == [*range(2, 2 + len(versions))]
    assert any(UUID(fact.data["image"]) == editors.images[0] for fact in await editors.said(ImagePlaced))


async def test_photographs_of_one_place_are_told_apart_when_one_is_put_between_them(editors: Editors) -> None:
    when = MARCH - timedelta(days=1)
    place = places.dated(when, UUID(int=0))
    one, other = sorted([await editors.add(when, place=place) for _ in range(2)], key=lambda n: editors.images[n])
    await editors.put(4, "newer", one)
    assert await editors.order() == [one, 4, other, 0, 1, 2, 3]


async def test_one_that_is_on_its_way_elsewhere_is_not_spread(
    editors: Editors, monkeypatch: pytest.MonkeyPatch
) -> None:
    await editors.put(1, "newer", 0)
    await editors.send_away(0)
    monkeypatch.setattr(places, "LONGEST", places.MOMENT_DIGITS)
    assert (await refused(editors.put(2, "newer", 0))).code == "image_moving"
    assert await editors.order() == [0, 1, 2, 3, 4]
    assert len(await editors.said(ImagePlaced)) == 0


async def test_who_is_put_beside_one_that_goes_away_this_moment_finds_nothing(
    editors: Editors, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold = edit_repository.hold_order

    async def gone_meanwhile(s: WriteSession, patients: Sequence[UUID]) -> None:
        await hold(s, patients)
        await _give_away(editors.clinic.db, editors.images[0])

    monkeypatch.setattr(edit_repository, "hold_order", gone_meanwhile)
    assert (await refused(editors.put(2, "newer", 0))).code == "not_found"


async def _give_away(db: Database, image: UUID) -> None:
    await db.execute("UPDATE images SET patient = gen_random_uuid() WHERE id = $1", image)


PHOTOGRAPHS = 5
Step = tuple[str, int, int]


class Model:
    """A pool as a list: dates, oldest first, each with the photographs that stand there."""

    def __init__(self, dates: list[datetime]) -> None:
        self.standing: dict[datetime, list[int]] = {date: [image] for image, date in enumerate(dates)}
        self.dates = [*dates]
        self.versions = [0] * len(dates)

    def copy(self) -> "Model":
        made = Model([])
        made.standing = {date: [*images] for date, images in self.standing.items()}
        made.dates, made.versions = [*self.dates], [*self.versions]
        return made

    def order(self) -> list[int]:
        return [image for date in sorted(self.standing) for image in self.standing[date]]

    def put(self, image: int, neighbour: int, *, newer: bool) -> str:
        if image == neighbour:
            return "beside_itself"
        order = self.order()
        at = order.index(neighbour) + (1 if newer else -1)
        if not (0 <= at < len(order) and order[at] == image):
            self._take(image)
            there = next(images for images in self.standing.values() if neighbour in images)
            there.insert(there.index(neighbour) + newer, image)
        return "done"

    def date(self, image: int, when: datetime, version: int) -> str:
        if self.dates[image] == when:
            return "done"
        if self.versions[image] != version:
            return "stale_version"
        self._take(image)
        self.standing[when] = [image]
        self.dates[image] = when
        self.versions[image] += 1
        return "done"

    def _take(self, image: int) -> None:
        for images in self.standing.values():
            if image in images:
                images.remove(image)
        self.standing = {date: images for date, images in self.standing.items() if images}


class Pool:
    """A pool in the database, beside every model of it that what was seen allows: people who change it at once may
    have done so in several orders that look the same, and yet a photograph stands at another date.
    """

    def __init__(self, editors: Editors, dates: list[datetime]) -> None:
        self.editors = editors
        self.models = [Model(dates)]
        self.moments = 0

    async def at_once(self, steps: list[Step]) -> None:
        """Several people each do one thing; what becomes of it is what some order of theirs makes."""
        known = self.models[0]
        whens = [self._moment(step) for step in steps]
        outcomes = await asyncio.gather(*(self._do(step, when, known) for step, when in zip(steps, whens, strict=True)))
        order, pool = await self.editors.order(), await self.editors.pool()
        seen = (outcomes, order, [image.effective_at for image in pool])
        possible = []
        for before in self.models:
            for turns in permutations(range(len(steps))):
                model, expected = before.copy(), [""] * len(steps)
                for turn in turns:
                    expected[turn] = self._expect(model, steps[turn], whens[turn], known)
                if (expected, model.order(), [model.dates[image] for image in model.order()]) == seen:
                    possible.append(model)
        assert possible, (steps, known.order(), seen)
        self.models = [*{str(sorted(model.standing.items())): model for model in possible}.values()]

    async def versions_are_whole(self) -> None:
        """Each version of a photograph is one fact."""
        for image in await self.editors.pool():
            said = [f.data["version"] for f in await self.editors.said(*SAID) if UUID(f.data["image"]) == image.id]
            assert sorted(said) == [*range(2, len(said) + 2)]

    def _moment(self, step: Step) -> datetime:
        """A date that nobody has had."""
        self.moments += 1
        return MARCH + timedelta(days=step[2], microseconds=self.moments + PHOTOGRAPHS)

    async def _do(self, step: Step, when: datetime, known: Model) -> str:
        name, image, other = step
        if name == "date":
            return await outcome(self.editors.date(image, when, known.versions[image]))
        if name == "date again":
            return await outcome(self.editors.date(image, known.dates[image], known.versions[image]))
        return await outcome(self.editors.put(image, "newer" if name == "newer" else "older", other))

    def _expect(self, model: Model, step: Step, when: datetime, known: Model) -> str:
        name, image, other = step
        if name == "date":
            return model.date(image, when, known.versions[image])
        if name == "date again":
            return model.date(image, known.dates[image], known.versions[image])
        return model.put(image, other, newer=name == "newer")


ONE = st.tuples(
    st.sampled_from(["newer", "older", "newer", "older", "date", "date again"]),
    st.integers(0, PHOTOGRAPHS - 1),
    st.integers(0, PHOTOGRAPHS - 1),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.lists(ONE, min_size=1, max_size=3), max_size=8))
async def test_the_order_is_what_some_order_of_its_changes_makes(idle_clinic: Clinic, steps: list[list[Step]]) -> None:
    dates = [MARCH + n * MICROSECOND for n in range(PHOTOGRAPHS)]
    editors = Editors(idle_clinic, await idle_clinic.new_patient(f"p-{uuid4().hex[:8]}"), [])
    for date in dates:
        await editors.add(date)
    pool = Pool(editors, dates)
    with pytest.MonkeyPatch.context() as patch:
        # so short that photographs are spread now and then
        patch.setattr(places, "LONGEST", places.MOMENT_DIGITS + 1)
        for together in steps:
            await pool.at_once(together)
    await pool.versions_are_whole()
