"""The hub alone, on a feed written by hand."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermfolio.common.bus import FeedItem, Position
from dermfolio.contracts.images import ImageIngested, ImageViewed
from dermfolio.gateway.live.alerts import Alert
from dermfolio.gateway.live.hub import Hub
from dermfolio.gateway.live.shown import Shown

SITE = uuid4()
PATIENTS = [uuid4() for _ in range(3)]


class WrittenFeed:
    """A feed that yields what it was given, then nothing more."""

    def __init__(self, end: Position, *batches: list[FeedItem] | Position) -> None:
        self._end = end
        self._batches = batches

    async def end(self) -> Position:
        return self._end

    async def follow(self, _: Position) -> AsyncIterator[list[FeedItem] | Position]:
        for batch in self._batches:
            yield batch


class NoSessions:
    def forget(self, **_: object) -> None:
        raise AssertionError("no session ends here")


class NoSettings:
    def forget(self) -> None:
        raise AssertionError("no setting changes here")


class Ear:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.heard: list[int] = []
        self.resyncs: list[Position] = []

    def tell(self, event: Shown) -> None:
        self.heard.append(event.seq)

    def alert(self, _: Alert) -> None:
        raise AssertionError("nobody opens a patient here")

    def resync(self, position: Position) -> None:
        self.resyncs.append(position)

    def recheck(self, **_: object) -> None:
        raise AssertionError("no session ends here")

    def look_again(self, *_: object) -> None:
        raise AssertionError("nobody's sight changes here")


def item(seq: int, patient: UUID = PATIENTS[0], epoch: str = "e1") -> FeedItem:
    event = ImageIngested(image=uuid4(), patient=patient, site=SITE, version=seq, revision=1)
    return FeedItem(Position(epoch, seq), event.subject, event.model_dump_json().encode())


def read(seq: int) -> FeedItem:
    event = ImageViewed(image=uuid4(), patient=PATIENTS[0], site=SITE)
    return FeedItem(Position("e1", seq), event.subject, event.model_dump_json().encode())


def ran(end: Position, *batches: list[FeedItem] | Position, ring: int = 100) -> tuple[Hub, Ear]:
    """A hub that has read everything, and somebody who followed the first patient all the time."""
    ear = Ear()
    hub = Hub(WrittenFeed(end, *batches), NoSessions(), NoSettings(), ring=ring)  # type: ignore[arg-type]
    hub.follow(PATIENTS[0], ear)
    with hub.connected(ear):
        asyncio.run(hub.run())
    return hub, ear


def seqs(found: list[Shown] | None) -> list[int] | None:
    return None if found is None else [event.seq for event in found]


def test_it_knows_the_newest_events_of_each_patient() -> None:
    hub, ear = ran(Position("e1", 3), [item(1), item(2, PATIENTS[1]), read(3)], [item(4), item(5)])
    assert ear.heard == [1, 4, 5]
    assert seqs(hub.since(Position("e1", 0), PATIENTS[0])) == [1, 4, 5]
    assert seqs(hub.since(Position("e1", 1), PATIENTS[0])) == [4, 5]
    assert seqs(hub.since(Position("e1", 5), PATIENTS[0])) == []
    assert seqs(hub.since(Position("e1", 0), PATIENTS[1])) == [2]
    assert hub.position == Position("e1", 5)


def test_what_it_does_not_know_it_says() -> None:
    hub, _ = ran(Position("e1", 20), [item(n) for n in range(11, 31)], ring=10)
    assert seqs(hub.since(Position("e1", 20), PATIENTS[0])) == [*range(21, 31)]
    for unknown in (Position("e1", 19), Position("e1", 31), Position("e2", 25)):
        assert hub.since(unknown, PATIENTS[0]) is None


def test_a_gap_in_the_stream_is_told_to_everyone() -> None:
    hub, ear = ran(Position("e1", 0), [item(1), item(2)], [item(7)])
    assert ear.resyncs[1:] == [Position("e1", 6)]
    assert ear.heard == [1, 2, 7]
    assert hub.since(Position("e1", 2), PATIENTS[0]) is None
    assert seqs(hub.since(Position("e1", 6), PATIENTS[0])) == [7]


def test_a_stream_made_anew_is_told_to_everyone() -> None:
    hub, ear = ran(Position("e1", 0), [item(1)], Position("e2", 0), [item(1, epoch="e2")])
    assert ear.resyncs[1:] == [Position("e2", 0)]
    assert hub.since(Position("e1", 0), PATIENTS[0]) is None
    assert seqs(hub.since(Position("e2", 0), PATIENTS[0])) == [1]


def test_an_event_that_is_none_is_passed_over() -> None:
    nonsense = FeedItem(Position("e1", 2), ImageIngested.subject, b'{"patient": 7}')
    hub, ear = ran(Position("e1", 0), [item(1), nonsense, item(3)])
    assert ear.heard == [1, 3]
    assert hub.position.seq == 3


def test_nobody_is_kept_after_leaving() -> None:
    hub, _ = ran(Position("e1", 0))
    assert not hub._following
    assert not hub._everyone


@pytest.mark.req("API-2")
@given(st.lists(st.sampled_from(PATIENTS), max_size=40), st.integers(1, 15), st.data())
def test_replay_and_live_together_miss_nothing_and_repeat_nothing(
    of: list[UUID], ring: int, data: st.DataObject
) -> None:
    """Wherever a browser stopped: what it is replayed now is exactly what it was not told, or it is told to fetch."""
    stopped = data.draw(st.integers(0, len(of)))
    hub, _ = ran(Position("e1", 0), [item(n, who) for n, who in enumerate(of, start=1)], ring=ring)
    missed = [n for n, who in enumerate(of, start=1) if n > stopped and who == PATIENTS[0]]
    found = seqs(hub.since(Position("e1", stopped), PATIENTS[0]))
    if len(of) - stopped <= ring:
        assert found == missed
    else:
        assert found is None
