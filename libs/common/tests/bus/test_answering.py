"""The answering side: as many at once as promised, shared between replicas, nothing dropped at the end."""

import asyncio
import time
from typing import Any
from uuid import UUID, uuid4

import pytest
from nats.js.client import JetStreamContext
from prometheus_client import REGISTRY

from dermfolio.common.auth import Call
from dermfolio.common.bus import Connection, Requests
from dermfolio.common.bus.answers import LIMIT
from dermfolio.common.errors import Refused, Unavailable
from dermfolio.common.testing import Ground
from dermfolio.contracts.images import IngestImage
from dermfolio.contracts.patients import Admission, GetPatient, MayAdmit, PatientCreated
from dermfolio.contracts.streams import STREAMS

SITE = UUID(int=1)
ASKED = MayAdmit(patient=UUID(int=2))


class Brief(MayAdmit):
    """The same question, with less patience."""

    timeout = 0.3


class Slow:
    """A handler that holds everybody until it is released."""

    def __init__(self) -> None:
        self.release = asyncio.Event()
        self.inside = 0
        self.most = 0
        self.handled = 0

    async def handle(self, _: MayAdmit, __: Call) -> Admission:
        self.inside += 1
        self.most = max(self.most, self.inside)
        await self.release.wait()
        self.inside -= 1
        self.handled += 1
        return Admission(site=SITE)


def _count(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


async def test_sixty_four_are_handled_at_once_and_the_rest_wait_their_turn(
    ground: Ground, answering: Any, until: Any
) -> None:
    slow = Slow()
    async with answering("patients", {MayAdmit: slow.handle}), ground.asking() as requests:
        asking = [asyncio.create_task(requests.ask(ASKED)) for _ in range(LIMIT + 36)]
        await until(lambda: slow.inside == LIMIT)
        slow.release.set()
        assert len(await asyncio.gather(*asking)) == LIMIT + 36
    assert LIMIT == 64
    assert slow.most == LIMIT


async def test_a_slow_question_does_not_hold_the_others(ground: Ground, answering: Any, until: Any) -> None:
    slow = Slow()

    async def get(_: GetPatient, __: Call) -> Admission:
        return Admission(site=SITE)

    async with answering("patients", {MayAdmit: slow.handle, GetPatient: get}), ground.asking() as requests:
        asking = asyncio.create_task(requests.ask(ASKED))
        await until(lambda: slow.inside == 1)
        for _ in range(50):
            await requests.ask_raw(GetPatient(patient=uuid4()))
        slow.release.set()
        await asking


async def test_replicas_share_the_questions_and_each_is_handled_once(ground: Ground, answering: Any) -> None:
    handled: list[tuple[int, UUID]] = []

    def replica(number: int) -> Any:
        async def admit(asked: MayAdmit, _: Call) -> Admission:
            handled.append((number, asked.patient))
            return Admission(site=SITE)

        return {MayAdmit: admit}

    patients = [uuid4() for _ in range(200)]
    async with answering("patients", replica(1)), answering("patients", replica(2)), ground.asking() as requests:
        await asyncio.gather(*(requests.ask(MayAdmit(patient=p)) for p in patients))
    assert sorted(p for _, p in handled) == sorted(patients)
    assert {number for number, _ in handled} == {1, 2}


async def test_who_stops_finishes_what_is_under_way_and_leaves_the_rest_to_others(
    ground: Ground, answering: Any, until: Any
) -> None:
    leaving, staying = Slow(), Slow()
    staying.release.set()
    async with ground.asking() as requests:
        first = answering("patients", {MayAdmit: leaving.handle})
        await first.__aenter__()
        asking = asyncio.create_task(requests.ask(ASKED))
        await until(lambda: leaving.inside == 1)
        async with answering("patients", {MayAdmit: staying.handle}):
            stopping = asyncio.create_task(first.__aexit__(None, None, None))
            await _answered_by(requests, staying)
            assert not stopping.done()
            leaving.release.set()
            await asking
            await stopping
    assert leaving.handled == leaving.most


async def _answered_by(requests: Requests, handler: Slow, times: int = 20) -> None:
    """Ask until this many questions in a row were answered by this one."""
    before = handler.handled
    while handler.handled < before + times:
        await requests.ask(Brief(patient=SITE))


@pytest.mark.parametrize("busy", [False, True], ids=["idle", "after work"])
async def test_stopping_takes_no_longer_than_the_work_under_way(ground: Ground, answering: Any, busy: bool) -> None:
    async def admit(_: MayAdmit, __: Call) -> Admission:
        return Admission(site=SITE)

    async with ground.asking() as requests:
        async with answering("patients", {MayAdmit: admit}):
            if busy:
                await asyncio.gather(*(requests.ask(ASKED) for _ in range(50)))
            began = time.monotonic()
        assert time.monotonic() - began < 4  # half of what it would wait for work that hangs


@pytest.mark.parametrize(
    "reply",
    ["", PatientCreated.subject, IngestImage.subject, "dlq.x.y", "$JS.API.STREAM.PURGE.EVENTS", GetPatient.subject],
)
async def test_no_answer_is_said_where_whoever_asks_may_not_speak(
    ground: Ground, answering: Any, connect: Any, streams: Any, js: JetStreamContext, reply: str
) -> None:
    """The server lets who was asked publish to any place that the question names."""
    handled: list[UUID] = []

    async def admit(asked: MayAdmit | GetPatient, _: Call) -> Admission:
        handled.append(asked.patient)
        return Admission(site=SITE)

    before = _count("dermfolio_bus_handled_total", subject=MayAdmit.subject, outcome="no_inbox")
    await js.publish(PatientCreated.subject, b"{}")
    token = {"Dermfolio-Actor": ground.signer("gateway").own()}
    async with (
        answering("patients", {MayAdmit: admit, GetPatient: admit}),
        ground.asking() as requests,
        connect("gateway") as bare,
    ):
        for payload in (b"{}", ASKED.model_dump_json().encode()):  # an error has no body, which is what a purge wants
            await bare.client.publish(MayAdmit.subject, payload, reply=reply, headers=token)
        await bare.client.flush()
        assert await requests.ask(MayAdmit(patient=SITE)) == Admission(site=SITE)
    assert handled == [SITE]
    kept = {stream.name: (await js.stream_info(stream.name)).state.messages for stream in STREAMS}
    assert kept == {"JOBS": 0, "EVENTS": 1, "DEAD": 0}
    assert _count("dermfolio_bus_handled_total", subject=MayAdmit.subject, outcome="no_inbox") == before + 2


async def test_metrics_count_what_was_handled_how_it_ended_and_what_is_under_way(
    ground: Ground, answering: Any, until: Any
) -> None:
    ends: list[Exception | None] = [None, Refused("not_found"), Unavailable("x"), ValueError("x")]

    async def admit(_: MayAdmit, __: Call) -> Admission:
        if end := ends.pop():
            raise end
        return Admission(site=SITE)

    slow = Slow()
    names = {"ok": 1.0, "not_found": 1.0, "unavailable": 1.0, "internal": 1.0}
    before = {o: _count("dermfolio_bus_handled_total", subject=MayAdmit.subject, outcome=o) for o in names}
    timed = _count("dermfolio_bus_handling_seconds_count", subject=MayAdmit.subject)
    async with answering("patients", {MayAdmit: admit, GetPatient: slow.handle}), ground.asking() as requests:
        for code in ("internal", "not_found"):  # between the two it was unavailable, and was asked again
            with pytest.raises(Refused, match=code):
                await requests.ask(ASKED)
        await requests.ask(ASKED)
        asking = asyncio.create_task(requests.ask_raw(GetPatient(patient=uuid4())))
        await until(lambda: _count("dermfolio_bus_in_flight", kind="rpc") == 1)
        slow.release.set()
        await asking
        await until(lambda: _count("dermfolio_bus_in_flight", kind="rpc") == 0)
    after = {o: _count("dermfolio_bus_handled_total", subject=MayAdmit.subject, outcome=o) for o in names}
    assert {o: after[o] - before[o] for o in names} == names
    assert _count("dermfolio_bus_handling_seconds_count", subject=MayAdmit.subject) == timed + 4


async def test_the_connection_is_a_metric(connect: Any) -> None:
    connection: Connection
    async with connect("patients") as connection:
        assert connection.connected
        assert _count("dermfolio_bus_connected") == 1
    assert _count("dermfolio_bus_connected") == 0
