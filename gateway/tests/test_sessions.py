"""Who stands behind a cookie is asked for once, however many wait for it and whoever of them goes away."""

import asyncio
import gc
from typing import Any

import pytest

from dermfolio.common.errors import Unavailable
from dermfolio.gateway.sessions import Sessions


class Silent:
    """Identity, of which nothing is heard until `gone`."""

    def __init__(self) -> None:
        self.gone = asyncio.Event()
        self.asked = 0

    async def ask(self, _: object) -> object:
        self.asked += 1
        await self.gone.wait()
        raise Unavailable("nobody answers")


def asking(identity: Silent) -> Sessions:
    """Visitors by what this identity says; it says nothing, so that nobody is signed for."""
    return Sessions(identity, signer=None)  # type: ignore[arg-type]  # of both, only `ask` is used


async def test_an_answer_that_nobody_waits_for_any_more_troubles_nobody() -> None:
    troubles: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: troubles.append(context))
    identity = Silent()
    sessions = asking(identity)
    waiting = asyncio.create_task(sessions.visitor("cookie"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    identity.gone.set()
    for _ in range(3):
        await asyncio.sleep(0)
    del waiting  # its frames hold what it waited for
    gc.collect()
    assert identity.asked == 1
    assert troubles == []


async def test_all_who_wait_hear_that_nobody_answers() -> None:
    identity = Silent()
    sessions = asking(identity)
    waiting = [asyncio.create_task(sessions.visitor("cookie")) for _ in range(3)]
    await asyncio.sleep(0)
    identity.gone.set()
    for one in waiting:
        with pytest.raises(Unavailable):
            await one
    assert identity.asked == 1
