"""Administrators of the home site hear of emergency access while it happens."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from dermfolio.common.testing import at
from dermfolio.contracts.alerts import OpeningAcknowledged
from dermfolio.contracts.organisation import RolesChanged
from dermfolio.contracts.roles import Permission, Role
from dermfolio.contracts.sharing import OpeningEnded, PatientOpened
from dermfolio.gateway.live import outgoing as outgoing_module
from dermfolio.gateway.live.alerts import Alert

from .conftest import Browser, World, until
from .hearing import Open
from .owner import ELSEWHERE, HOME, USERS

pytestmark = pytest.mark.req("ORG-8")

NewBrowser = Callable[..., Awaitable[Browser]]
ADMIN = USERS["admin"][0]


def opened(site: UUID = HOME) -> PatientOpened:
    return PatientOpened(patient=uuid4(), site=site, opening=uuid4(), user=uuid4())


def ended(opening: PatientOpened) -> OpeningEnded:
    return OpeningEnded(**opening.model_dump(include={"patient", "site", "opening", "user"}))


def acknowledged(opening: PatientOpened, administrator: UUID) -> OpeningAcknowledged:
    facts = opening.model_dump(include={"patient", "site", "opening", "user"})
    return OpeningAcknowledged(administrator=administrator, **facts)


async def test_the_administrator_hears_that_a_patient_was_opened_and_that_it_ended(
    world: World, new_browser: NewBrowser
) -> None:
    admin, opening = await new_browser("admin"), opened()
    async with admin.socket() as ws:
        socket = Open(ws)
        assert await socket.silent(0)
        await world.say(opening, ended(opening))
        told = [await socket.hear() for _ in range(2)]
        assert await socket.silent()
    assert told == [
        {"type": "emergency", "event": event, "site": str(HOME), "opening": str(opening.opening)}
        for event in ("patients.opened", "patients.opening_ended")
    ]


async def test_nobody_else_hears_of_it(world: World, new_browser: NewBrowser) -> None:
    for login in ("clinician", "viewer", "stranger", "both"):
        async with (await new_browser(login)).socket() as ws:
            assert await Open(ws).silent(0)
            await world.say(opened())
            assert await Open(ws).silent(), login
    async with (await new_browser("admin")).socket() as ws:
        assert await Open(ws).silent(0)
        await world.say(opened(ELSEWHERE))
        assert await Open(ws).silent(), "another site, although the user manages the installation"


async def test_what_is_acknowledged_is_heard_by_who_did_it_alone(world: World, new_browser: NewBrowser) -> None:
    mine = opened()
    async with (await new_browser("admin")).socket() as ws:
        socket = Open(ws)
        assert await socket.silent(0)
        await world.say(acknowledged(opened(), uuid4()), acknowledged(mine, ADMIN))
        told = await socket.hear()
        assert (told["event"], told["opening"]) == ("patients.opening_acknowledged", str(mine.opening))
        assert await socket.silent()


async def test_whose_role_was_taken_away_hears_nothing_of_what_comes_after(
    world: World, new_browser: NewBrowser
) -> None:
    async with (await new_browser("admin")).socket() as ws:
        socket = Open(ws)
        assert await socket.silent(0)
        [(sha256, facts)] = world.identity.sessions.items()
        world.identity.sessions[sha256] = facts.model_copy(update={"site_roles": {HOME: [Role.CLINICIAN]}})
        await world.say(RolesChanged(user=facts.user, site=HOME, roles=[Role.CLINICIAN]), opened())
        assert await socket.hear() == {"type": "rights_changed"}
        assert await socket.silent()


async def test_who_does_not_keep_up_is_told_to_ask_again(
    world: World, new_browser: NewBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing_module, "WAITING", 2)
    admin = await new_browser("admin")
    async with admin.socket() as ws:
        socket = Open(ws)
        assert await socket.silent(0)
        world.identity.down = True
        [facts] = world.identity.sessions.values()
        places = await world.say(
            RolesChanged(user=facts.user, site=HOME, roles=[Role.SITE_ADMIN]), *(opened() for _ in range(4))
        )
        await until(lambda: admin.running.made.hub.position.seq >= places[-1])
        world.identity.down = False
        told = await socket.hear()
        assert (told["type"], told["patient"]) == ("resync", None)


def test_an_api_token_does_not_hear_of_it() -> None:
    admin, alert = at(HOME, Role.SITE_ADMIN), Alert(HOME, None, "{}")
    assert alert.concerns(admin)
    assert not alert.concerns(replace(admin, scopes=frozenset(Permission)))
