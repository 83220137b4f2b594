"""How long a disabled user can still do something, at another gateway than the administrator's."""

import asyncio
import secrets
import time
from collections.abc import Mapping
from datetime import timedelta
from functools import partial

from benchmarks.system import System, running
from dermfolio.common.testing import eventually
from dermfolio.contracts.messages import now
from dermfolio.contracts.roles import Permission, Role
from dermfolio.contracts.views.own import NewToken
from dermfolio.ops.api_client import PREFIX, Api
from dermfolio.ops.people import engage

ROUNDS = 5
LONGEST = 60.0


async def disable_seconds() -> float:
    """The longest of some rounds from the administrator's answer until session, API token and socket are dead."""
    async with running(replicas=2) as system:
        return max([await _round(system) for _ in range(ROUNDS)])


async def _round(system: System) -> float:
    async with system.signed_in() as admin, Api(system.stack.gateways[1]) as user:
        assert admin.session is not None
        site, login = admin.session.sites[0].site, f"user-{secrets.token_hex(4)}"
        somebody = await engage(admin, login, system.password, Role.CLINICIAN, site)
        await user.sign_in(login, system.password)
        token = await user.make_token(
            NewToken(
                name="bridge",
                scopes=[Permission.PATIENT_READ],
                sites=[site],
                expires_at=now() + timedelta(days=1),
            )
        )
        bearing = {"Authorization": f"Bearer {token.token}"}
        assert not await _refused(user, bearing)
        async with user.live() as socket, asyncio.timeout(LONGEST):
            await admin.disable_user(somebody)
            began = time.monotonic()
            await eventually(partial(_refused, user, None), seconds=LONGEST)
            await eventually(partial(_refused, user, bearing), seconds=LONGEST)
            async for _ in socket:
                pass
            return time.monotonic() - began


async def _refused(api: Api, bearing: Mapping[str, str] | None) -> bool:
    """Whether the session's cookie or, where it is given, the API token is good for nothing."""
    async with api.http.get(f"{PREFIX}/patients", headers=bearing) as answer:
        return answer.status == 401
