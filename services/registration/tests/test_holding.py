"""No photograph leaves the workspace while a comparison uses it, whatever happens at once or halfway (WRK-1)."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from secrets import token_hex
from typing import Any
from uuid import UUID, uuid4

import pytest

from dermfolio.common.auth import Call
from dermfolio.common.bus import Requests
from dermfolio.common.errors import Refused, Unavailable
from dermfolio.contracts.comparisons import ComparisonCreated, ComparisonGivenUp, HoldForComparison, RestoreComparison
from dermfolio.contracts.entries import MaySeeEntry
from dermfolio.contracts.messages import now
from dermfolio.contracts.moving import MoveImage
from dermfolio.contracts.views.moving import NewMove
from dermfolio.registration import repository
from dermfolio.registration.create import Creator
from dermfolio.registration.holding import Holding
from dermfolio.registration.models import Hold
from dermfolio.registration.sight import Sight

from .desk import Desk

pytestmark = pytest.mark.req("WRK-1")

ROUNDS = 12


async def test_what_a_comparison_uses_cannot_be_removed_until_it_is_taken_out(desk: Desk) -> None:
    first, second, third = desk.images
    one, other = await desk.create([first, second]), await desk.create([second, third])
    with pytest.raises(Refused) as refused:
        await desk.choose(remove=[first, second])
    assert refused.value.code == "image_in_comparison"
    assert refused.value.facts == {
        "images": sorted([str(first), str(second)]),
        "comparisons": sorted([str(one), str(other)]),
    }
    assert (await desk.choose()).total == 3, "nothing of it was removed"
    await desk.change(one, 1, images=[second, third], reference=third)
    assert (await desk.removable(first)).total == 2
    await desk.delete(one)
    await desk.delete(other)
    assert (await desk.removable(second, third)).total == 0
    gone = await desk.refused(RestoreComparison(**desk.at(one)))
    assert (gone.code, gone.facts) == ("image_not_in_workspace", {"images": sorted([str(second), str(third)])})


async def test_other_entries_let_their_photographs_go(desk: Desk) -> None:
    await desk.choose(desk.images, entry=(other := await desk.another_entry()))
    await desk.create()
    assert (await desk.choose(remove=desk.images, entry=other)).total == 0


@pytest.mark.req("PAT-7")
async def test_what_a_comparison_uses_is_not_moved_to_another_patient(desk: Desk) -> None:
    target = await desk.new_patient(other := f"pat-{token_hex(6)}")
    await desk.create()
    move = NewMove(patient=target, unique_id=other)
    refusal = await desk.refused(MoveImage(patient=desk.patient, image=desk.images[0], version=1, move=move))
    assert (refusal.code, refusal.facts) == ("image_in_workspace", {"entries": [str(desk.entry)]})


async def test_of_a_comparison_and_a_removal_at_once_one_comes_first(desk: Desk) -> None:
    """Two replicas of each service; whoever wins, no comparison has a photograph that is not there."""
    first, second, third = desk.images
    outcomes = set()
    for _ in range(ROUNDS):
        id_ = uuid4()
        made, removed, changed = await asyncio.gather(
            _outcome(desk.create([first, second], id_)),
            _outcome(desk.choose(remove=[second])),
            _outcome(desk.create([second, third], uuid4())),
        )
        outcomes.add((made, removed))
        assert (removed == "done") != (made == "done" or changed == "done")
        assert {made, changed} <= {"done", "image_not_in_workspace"}
        workspace = await _workspace(desk)
        for comparison in await desk.all():
            assert set(comparison.images) <= workspace
            await desk.delete(comparison.id)
        await desk.removable(*desk.images)
        await desk.choose(desk.images)
    assert outcomes <= {("done", "image_in_comparison"), ("image_not_in_workspace", "done")}
    assert await desk.holds(), "nothing is held for comparisons that are not there"


async def test_the_same_request_several_times_at_once_makes_one_comparison(desk: Desk) -> None:
    asked = desk.creating()
    made = await asyncio.gather(*(desk.ask(asked) for _ in range(5)))
    assert {one.model_dump_json() for one in made} == {made[0].model_dump_json()}
    assert len(await desk.said(ComparisonCreated)) == 1
    assert await desk.holds(asked.comparison)
    async with desk.db.read() as rows:
        assert await rows.fetchval("SELECT count(*) FROM holds WHERE entry = $1", desk.entry) == 0


async def test_two_edits_at_once_leave_the_hold_of_one(desk: Desk) -> None:
    first, second, third = desk.images
    id_ = await desk.create([first, second])
    edits = ([first, third], [first, second, third])
    outcomes = await asyncio.gather(*(_outcome(desk.change(id_, 1, images=edit)) for edit in edits))
    assert sorted(outcomes) == ["done", "stale_version"]
    assert (await desk.get(id_)).images == edits[outcomes.index("done")]
    assert await desk.holds(id_)


async def test_what_a_process_left_halfway_is_given_up(desk: Desk) -> None:
    """As a process leaves it that dies between the answer of images and the transaction."""
    hold, comparison = uuid4(), uuid4()
    asked = HoldForComparison(
        patient=desk.patient, entry=desk.entry, comparison=comparison, hold=hold, images=desk.images
    )
    async with desk.ground.asking("registration") as registration:
        await registration.ask(asked, desk.call)
        await registration.ask(asked, desk.call)
    # noted last: the service that runs beside may give it up at once
    await _asked(desk, hold, age=timedelta(minutes=11))
    assert (await desk.removable(*desk.images)).total == 0
    [given_up] = await desk.said(ComparisonGivenUp)
    assert (given_up.data["freed"], given_up.origin.service) == (str(hold), "registration")


async def test_what_is_still_young_is_not_given_up(desk: Desk) -> None:
    hold = uuid4()
    await _asked(desk, hold, age=timedelta(minutes=1))
    async with desk.ground.asking("registration") as registration:
        await Holding(desk.db, registration, give_up_after=timedelta(minutes=10))()
    async with desk.db.write() as s:
        assert await repository.take_hold(s, hold)


async def test_a_change_whose_hold_was_given_up_meanwhile_is_not_written(desk: Desk) -> None:
    async with desk.ground.asking("registration") as registration:
        holding = Holding(desk.db, registration, give_up_after=timedelta(0))
        asked = desk.creating()
        seen = await registration.ask(MaySeeEntry(patient=desk.patient, entry=desk.entry), desk.call)
        async with holding.held(desk.call, asked, seen, desk.images) as hold:
            await holding()
        with pytest.raises(Unavailable):
            async with desk.db.write() as s:
                await holding.take(s, hold)
    assert (await desk.removable(*desk.images)).total == 0


async def test_without_images_no_comparison_is_made(desk: Desk) -> None:
    """Fails closed: nothing is written that nobody holds."""
    async with desk.ground.asking("registration", patience=0.2) as registration:
        deaf = _Deaf(registration)
        holding = Holding(desk.db, deaf, give_up_after=timedelta(0))
        with pytest.raises(Unavailable):
            await Creator(desk.db, Sight(registration), holding).create(desk.creating(), desk.call)
        assert await desk.all() == []
        await holding()
    assert len(await desk.said(ComparisonGivenUp)) == 1


class _Deaf(Requests):
    """Asks, and never hears what images answers: the hold is written, its reply is lost."""

    def __init__(self, requests: Requests) -> None:
        self._requests = requests

    async def ask(self, request: Any, call: Call | None = None) -> Any:
        await self._requests.ask(request, call)
        raise Unavailable("images: no answer")


async def _asked(desk: Desk, hold: UUID, *, age: timedelta) -> None:
    """Write down a hold as one does before images is asked, so long ago."""
    about = {"comparison": uuid4(), "entry": desk.entry, "patient": desk.patient, "site": desk.site}
    async with desk.db.write() as s:
        s.add(Hold(id=hold, asked_at=now() - age, **about))


async def _workspace(desk: Desk) -> set[UUID]:
    async with desk.images_db.read() as rows:
        found = await rows.fetch("SELECT image FROM workspace_images WHERE entry = $1", desk.entry)
    return {row["image"] for row in found}


async def _outcome(asking: Awaitable[object]) -> str:
    try:
        await asking
    except Refused as refusal:
        return refusal.code
    return "done"
