"""Each message of a browser on `/ws`, for each role, on each kind of target; and who is told what happens."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from uuid import uuid4

import aiohttp
import pytest

from dermfolio.contracts.roles import Role

from .matrix import TABLE, TOPICS
from .outcomes import Who
from .photographs import photograph
from .two_sites import World

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("stack"),
    pytest.mark.timeout(600),
    pytest.mark.req("ORG-1"),
]

HEARD_SECONDS = 60


class Socket:
    """A connection of somebody."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        self._ws = ws

    async def say(self, kind: str, **more: object) -> None:
        await self._ws.send_json({"type": kind, **{name: str(value) for name, value in more.items()}})

    async def heard(self) -> dict[str, Any]:
        said: dict[str, Any] = await self._ws.receive_json(timeout=HEARD_SECONDS)
        return said

    async def answer(self, kind: str, place: Any) -> dict[str, Any]:
        """The answer to a message; after one that has none, that to a ping."""
        await self.say(kind, **place)
        if kind in {"unsubscribe", "away"}:
            await self.say("ping")
        while (said := await self.heard())["type"] in {"event", "resync"}:
            pass  # of what is followed already
        return said


@asynccontextmanager
async def opened(world: World, who: Who) -> AsyncIterator[Socket]:
    async with world.apis[who].http.ws_connect("/ws") as ws:
        yield Socket(ws)


@pytest.mark.parametrize("who", Role)
@pytest.mark.parametrize("kind", TOPICS)
async def test_a_role_may_follow_what_the_table_says_and_what_it_may_not_see_is_as_if_it_were_not(
    world: World, kind: str, who: Role
) -> None:
    row = TOPICS[kind]
    hidden = set()
    async with opened(world, who) as socket:
        for case, places in (await row.target.places(world, who)).items():
            for place in places:
                said = await socket.answer(kind, place)
                assert said.get("code", said["type"]) == row.expected(who, case), (case, said)
                if row.hidden(who, case):
                    assert said.pop("patient", None) in {str(place["patient"]), None}
                    hidden.add(tuple(said.items()))
    assert len(hidden) <= 1


async def test_nobody_connects_without_a_session(world: World) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        async with opened(world, None):
            pass
    assert refused.value.status == 401


async def test_what_happens_to_a_patient_is_told_to_those_who_may_see_it_and_to_nobody_else(world: World) -> None:
    told: dict[Role, set[str]] = {role: set() for role in Role}
    async with AsyncExitStack() as exits:
        sockets = {role: await exits.enter_async_context(opened(world, role)) for role in Role}
        for socket in sockets.values():
            for patient in (world.other.patient, world.own.patient):
                await socket.answer("subscribe", {"patient": patient})
        # what happens at the other site happens first, so that it would be told first
        file = photograph(uuid4())
        for api, patient in ((world.neighbour, world.other.patient), (world.apis[Role.CLINICIAN], world.own.patient)):
            await api.put_image(patient, uuid4(), file.data, file_name="skin.jpg")
            async with asyncio.timeout(HEARD_SECONDS):
                while patient == world.own.patient and not told[Role.VIEWER]:
                    told[Role.VIEWER].add((await sockets[Role.VIEWER].heard())["patient"])
        for role, socket in sockets.items():
            await socket.say("ping")
            while (said := await socket.heard())["type"] != "pong":
                told[role].add(said["patient"])
    may = TABLE["list_images"].may
    assert told == {role: {str(world.own.patient)} if role in may else set() for role in Role}
