"""A user who is disabled at one gateway can do nothing any more at another (ORG-1)."""

import asyncio
import secrets
from datetime import timedelta

import pytest

from dermfolio.common.testing import eventually
from dermfolio.contracts.messages import now
from dermfolio.contracts.roles import Permission, Role
from dermfolio.contracts.views.organisation import UserState
from dermfolio.contracts.views.own import NewToken
from dermfolio.ops.api_client import PREFIX, Api, ApiProblem
from dermfolio.ops.people import engage

from .conftest import System
from .two_sites import World

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("stack"),
    pytest.mark.req("ORG-1"),
    pytest.mark.req("ORG-7"),
]

SECONDS = 50.0
"""Ten times the goal, which `make bench` measures."""


async def test_sessions_sockets_and_tokens_of_a_disabled_user_end_on_every_gateway(
    system: System, world: World
) -> None:
    admin, login = world.apis[Role.ADMIN], f"leaver-{secrets.token_hex(4)}"
    assert admin is not None
    user = await engage(admin, login, world.password, Role.CLINICIAN, world.own.site)
    async with Api(system.stack.gateways[1]) as leaver:
        await leaver.sign_in(login, world.password)
        token = await leaver.make_token(
            NewToken(
                name="bridge",
                scopes=[Permission.PATIENT_READ],
                sites=[world.own.site],
                expires_at=now() + timedelta(days=1),
            )
        )

        async def refused(**headers: str) -> bool:
            async with leaver.http.get(f"{PREFIX}/patients", headers=headers) as answer:
                return answer.status == 401

        bearing = {"Authorization": f"Bearer {token.token}"}
        assert not await refused()
        assert not await refused(**bearing)
        async with leaver.live() as socket:
            await socket.subscribe(world.own.patient)
            assert (await admin.disable_user(user)).state is UserState.DISABLED
            assert await eventually(refused, seconds=SECONDS)
            assert await eventually(lambda: refused(**bearing), seconds=SECONDS)
            async with asyncio.timeout(SECONDS):
                async for _ in socket:
                    pass
        with pytest.raises(ApiProblem) as again:
            await leaver.sign_in(login, world.password)
    assert again.value.status == 401
