"""Asking while the owner, or the bus itself, is away for a moment."""

import asyncio
import time
from typing import Any
from uuid import UUID

import pytest

from dermfolio.common.auth import Call
from dermfolio.common.errors import Unavailable
from dermfolio.common.testing import Ground
from dermfolio.contracts.identity import ChangePassword
from dermfolio.contracts.messages import Nothing
from dermfolio.contracts.patients import Admission, MayAdmit
from dermfolio.local.servers.nats_server import NatsServer

SITE, PATIENT = UUID(int=1), UUID(int=2)
ASKED = MayAdmit(patient=PATIENT)
PASSWORD = ChangePassword(current_password="old-one", new_password="new-one")
PATIENT_ENOUGH = 60.0


class Brief(MayAdmit):
    """The same question, with less patience."""

    timeout = 0.3


class BriefPassword(ChangePassword):
    """The same change, with less patience."""

    timeout = 0.3


BRIEF = [Brief(patient=PATIENT), BriefPassword(**dict(PASSWORD))]


class Owner:
    """Answers after as many failures as wanted, and counts how often it was asked."""

    def __init__(self, failures: list[Exception] | None = None) -> None:
        self.failures = failures or []
        self.asked = 0
        self.held: asyncio.Event | None = None
        self.reached = asyncio.Event()

    async def handle(self, request: Any, _: Call) -> Any:
        self.asked += 1
        self.reached.set()
        if self.failures:
            raise self.failures.pop()
        if self.held is not None:
            await self.held.wait()
        return Admission(site=SITE) if isinstance(request, MayAdmit) else Nothing()

    def answers(self, request: Any) -> dict[Any, Any]:
        return {MayAdmit if isinstance(request, MayAdmit) else ChangePassword: self.handle}


async def test_an_owner_that_misses_something_is_asked_again_until_it_can_answer(
    ground: Ground, answering: Any
) -> None:
    owner = Owner([Unavailable("store")] * 4)
    async with answering("patients", owner.answers(ASKED)), ground.asking(patience=PATIENT_ENOUGH) as requests:
        assert await requests.ask(ASKED) == Admission(site=SITE)
    assert owner.asked == 5


async def test_what_must_not_happen_twice_is_not_asked_again(ground: Ground, answering: Any) -> None:
    owner = Owner([Unavailable("database")])
    async with answering("identity", owner.answers(PASSWORD)), ground.asking(patience=PATIENT_ENOUGH) as requests:
        with pytest.raises(Unavailable):
            await requests.ask(PASSWORD)
    assert owner.asked == 1


@pytest.mark.parametrize("request_", [ASKED, PASSWORD], ids=["repeatable", "not repeatable"])
async def test_an_owner_that_is_not_there_yet_is_waited_for(
    ground: Ground, answering: Any, until: Any, request_: Any
) -> None:
    owner = Owner()
    async with ground.asking(patience=PATIENT_ENOUGH) as requests:
        asking = asyncio.create_task(requests.ask(request_))
        await until(lambda: next(requests._counter) > 3)  # it has been asked in vain, and again
        async with answering(request_.owner(), owner.answers(request_)):
            await asking
    assert owner.asked == 1


async def test_an_owner_that_restarts_is_waited_for(ground: Ground, answering: Any) -> None:
    owner = Owner()
    async with ground.asking(patience=PATIENT_ENOUGH) as requests:
        for _ in range(3):
            async with answering("patients", owner.answers(ASKED)):
                await requests.ask(ASKED)
            asking = asyncio.create_task(requests.ask(ASKED))
            async with answering("patients", owner.answers(ASKED)):
                await asking
    assert owner.asked == 6


@pytest.mark.parametrize("request_", BRIEF, ids=["may_admit", "password"])
async def test_when_patience_ends_the_caller_is_told(ground: Ground, request_: Any) -> None:
    async with ground.asking(patience=0.3) as requests:
        began = time.monotonic()
        with pytest.raises(Unavailable, match="nobody answers"):
            await requests.ask(request_)
        assert time.monotonic() - began < 20


@pytest.mark.parametrize("request_", BRIEF, ids=["may_admit", "password"])
async def test_an_owner_that_hangs_is_not_waited_for_for_ever(ground: Ground, answering: Any, request_: Any) -> None:
    owner = Owner()
    owner.held = asyncio.Event()
    async with ground.asking(patience=1) as requests, answering(request_.owner(), owner.answers(request_)):
        with pytest.raises(Unavailable, match="no answer"):
            await asyncio.wait_for(requests.ask(request_), 30)
        owner.held.set()
    assert (owner.asked > 1) == request_.repeatable


async def test_a_question_under_way_when_the_bus_is_killed_is_asked_again(
    ground: Ground, nats: NatsServer, answering: Any
) -> None:
    owner = Owner()
    owner.held = asyncio.Event()
    async with answering("patients", owner.answers(ASKED)), ground.asking(patience=PATIENT_ENOUGH) as requests:
        asking = [asyncio.create_task(requests.ask(ASKED)) for _ in range(20)]
        await asyncio.wait_for(owner.reached.wait(), 20)
        await asyncio.to_thread(nats.kill)
        owner.held.set()
        await asyncio.to_thread(nats.start)
        assert await asyncio.gather(*asking) == [Admission(site=SITE)] * 20


async def test_a_change_under_way_when_the_bus_is_killed_is_reported_as_unavailable_at_once(
    ground: Ground, nats: NatsServer, answering: Any
) -> None:
    owner = Owner()
    owner.held = asyncio.Event()
    async with answering("identity", owner.answers(PASSWORD)), ground.asking(patience=PATIENT_ENOUGH) as requests:
        asking = asyncio.create_task(requests.ask(PASSWORD))
        await asyncio.wait_for(owner.reached.wait(), 20)
        await asyncio.to_thread(nats.kill)
        with pytest.raises(Unavailable, match="no answer"):
            await asyncio.wait_for(asking, 10)
        owner.held.set()
        await asyncio.to_thread(nats.start)
    assert owner.asked == 1


async def test_what_is_asked_while_the_bus_is_down_is_answered_when_it_is_back(
    ground: Ground, nats: NatsServer, answering: Any
) -> None:
    owner = Owner()
    async with (
        answering("patients", owner.answers(ASKED)) as connection,
        ground.asking(patience=PATIENT_ENOUGH) as requests,
    ):
        await requests.ask(ASKED)
        await asyncio.to_thread(nats.kill)
        asking = [asyncio.create_task(requests.ask(ASKED)) for _ in range(20)]
        await asyncio.sleep(0.3)
        await asyncio.to_thread(nats.start)
        assert await asyncio.gather(*asking) == [Admission(site=SITE)] * 20
        assert connection.connected


async def test_a_bus_that_stays_away_ends_patience(ground: Ground, nats: NatsServer) -> None:
    async with ground.asking(patience=0.3) as requests:
        await asyncio.to_thread(nats.kill)
        for request in BRIEF:
            with pytest.raises(Unavailable):
                await asyncio.wait_for(requests.ask(request), 20)


async def test_a_bus_killed_again_and_again_loses_no_answer(ground: Ground, nats: NatsServer, answering: Any) -> None:
    owner = Owner()
    async with answering("patients", owner.answers(ASKED)), ground.asking(patience=PATIENT_ENOUGH) as requests:
        ends = asyncio.Event()

        async def ask() -> int:
            answers = 0
            while not ends.is_set():
                assert await requests.ask(ASKED) == Admission(site=SITE)
                answers += 1
            return answers

        askers = [asyncio.create_task(ask()) for _ in range(8)]
        for _ in range(5):
            await requests.ask(ASKED)
            await asyncio.to_thread(nats.kill)
            await asyncio.to_thread(nats.start)
        ends.set()
        assert min(await asyncio.gather(*askers)) > 0
