"""A service knows the level of the trail soon after it changed, and records everything while it does not know it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from dermfolio.common import audit_level
from dermfolio.common.audit_level import AuditLevel
from dermfolio.common.auth import ActorVerifier, Call
from dermfolio.common.bus import Answers, Connection, Publisher, Requests
from dermfolio.common.bus.publishing import Outgoing
from dermfolio.common.setup import apply
from dermfolio.common.testing import Ground
from dermfolio.contracts.settings import GetSettings, SettingsChanged
from dermfolio.contracts.views import settings as views
from dermfolio.contracts.views.settings import SettingsView

from .conftest import Until

pytestmark = pytest.mark.req("AUD-2")


class Identity:
    """Answers what the level is, slowly where it is held up."""

    def __init__(self) -> None:
        self.level: views.AuditLevel = "comprehensive"
        self.asked = 0
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.bus: Connection | None = None

    async def settings(self, _: GetSettings, __: Call) -> SettingsView:
        level, self.asked = self.level, self.asked + 1
        await self.may_answer.wait()
        return SettingsView(
            idle_minutes=30,
            absolute_hours=12,
            second_factor_required=False,
            upload_limit_bytes=2**20,
            emergency_minutes=60,
            audit_level=level,
            version=0,
        )

    async def decide(self, level: views.AuditLevel) -> None:
        assert self.bus
        self.level = level
        said = SettingsChanged(fields=["audit_level"], version=1, audit_level=level)
        outgoing = Outgoing(str(said.id), said.subject, said.model_dump_json().encode(), None)
        await Publisher(self.bus).publish([outgoing])

    @asynccontextmanager
    async def answering(self, ground: Ground) -> AsyncIterator["Identity"]:
        async with (
            Connection(ground.nats.url, "identity", ground.nats.passwords["identity"]) as self.bus,
            Answers(self.bus, ActorVerifier(ground.trusted_keys), {GetSettings: self.settings}),
        ):
            yield self


@pytest.fixture
async def level(ground: Ground) -> AsyncIterator[AuditLevel]:
    """What a replica of images knows."""
    await apply(ground.nats.url, ground.nats.passwords["setup"])
    async with (
        Connection(ground.nats.url, "images", ground.nats.passwords["images"]) as connection,
        Requests(connection, ground.signer("images"), patience=0.2) as requests,
    ):
        made = AuditLevel(requests)
        await made.listen(connection)
        running = asyncio.create_task(made.run())
        yield made
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_what_was_decided_holds_as_soon_as_it_is_heard(ground: Ground, level: AuditLevel, until: Until) -> None:
    async with Identity().answering(ground) as identity:
        await until(lambda: identity.asked > 0)
        for _ in range(3):
            await identity.decide("essential")
            await until(level.essential)
            await identity.decide("comprehensive")
            await until(lambda: not level.essential())


async def test_an_answer_that_news_overtook_does_not_count(ground: Ground, level: AuditLevel, until: Until) -> None:
    async with Identity().answering(ground) as identity:
        await until(lambda: identity.asked > 0)
        await identity.decide("essential")
        await until(level.essential)
        identity.may_answer.clear()
        before = identity.asked
        await identity.decide("essential")
        await until(lambda: identity.asked > before)
        await identity.decide("comprehensive")
        await until(lambda: not level.essential())
        identity.may_answer.set()
        await until(lambda: identity.asked > before + 1)
        assert not level.essential()


async def test_news_that_was_lost_is_asked_for(
    ground: Ground, level: AuditLevel, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_level, "ASKED_EVERY_SECONDS", 0.05)
    async with Identity().answering(ground) as identity:
        identity.level = "essential"
        await until(level.essential)
        identity.level = "comprehensive"
        await until(lambda: not level.essential())


async def test_while_identity_is_away_everything_is_recorded_after_a_while(
    ground: Ground, level: AuditLevel, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not level.essential()
    monkeypatch.setattr(audit_level, "ASKED_EVERY_SECONDS", 0.05)
    monkeypatch.setattr(audit_level, "BELIEVED_SECONDS", 1.0)
    async with Identity().answering(ground) as identity:
        identity.level = "essential"
        await until(level.essential)
    await until(lambda: not level.essential())
    async with identity.answering(ground):
        await until(level.essential)
