"""A second factor and the sessions behind it, over two gateways and two replicas of identity."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import aiohttp
import pyotp
import pytest

from dermfolio.contracts.messages import now
from dermfolio.ops.api_client import PREFIX, Api

from .clinic import COLLEAGUE
from .conftest import System
from .logs import Logs
from .truth import looking_into

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("stack"),
    pytest.mark.timeout(600),
]

LOGIN = "nightingale"
SESSION_OVER = 4401
_USER = """
INSERT INTO users (id, login, display_name, search_text, password_hash, password_change_required, created_at)
SELECT $1, $2, 'Nightingale', $2, password_hash, false, created_at FROM users WHERE login = $3
"""


async def ask(api: Api, method: str, path: str, **body: Any) -> tuple[int, Any]:
    """One request in the name of who signed in last with this client."""
    headers = {"X-CSRF-Token": api.session.csrf_token} if api.session else {}
    async with api.http.request(method, PREFIX + path, json=body or None, headers=headers) as answer:
        return answer.status, await answer.json() if answer.status != 204 else None


@pytest.mark.req("ORG-4")
@pytest.mark.req("ORG-5")
async def test_a_second_factor_holds_at_every_gateway_and_logging_out_of_all_devices_too(system: System) -> None:
    clinic, logs, (first, second) = system.clinic, Logs(system.stack), system.stack.gateways
    async with looking_into(system.stack) as truth:
        await truth.rows("identity", _USER, uuid4(), LOGIN, COLLEAGUE)
    right = {"login": LOGIN, "password": clinic.password}
    async with Api(first) as here, Api(second) as there:
        await here.sign_in(LOGIN, clinic.password)
        _, prepared = await ask(here, "POST", "/account/second-factor", current_password=clinic.password)
        app = pyotp.TOTP(prepared["secret"])
        _, made = await ask(here, "POST", "/account/second-factor/confirmation", code=app.now())
        clinic.personal |= {LOGIN, prepared["secret"], *made["codes"]}

        status, problem = await ask(there, "POST", "/session", **right)
        assert (status, problem["code"]) == (401, "second_factor_required")
        code = app.at(now() + timedelta(seconds=30))
        async with Api(first) as one, Api(second) as other:
            answers = [ask(api, "POST", "/session", **right, second_factor=code) for api in (one, other)]
            statuses = [status for status, _ in await asyncio.gather(*answers)]
        assert sorted(statuses) == [200, 401]

        trusting = {"second_factor": made["codes"][0], "trust_device": True}
        assert (await ask(there, "POST", "/session", **right, **trusting))[0] == 200
        await there.sign_in(LOGIN, clinic.password)
        _, listed = await ask(here, "GET", "/account/sessions")
        assert len(listed["sessions"]) == 4
        assert len(listed["devices"]) == 1
        async with there.http.ws_connect("/ws") as socket:
            assert (await ask(here, "DELETE", "/account/sessions"))[0] == 204
            over = await socket.receive(timeout=30)
        assert (over.type, over.data) == (aiohttp.WSMsgType.CLOSE, SESSION_OVER)
        assert (await ask(there, "GET", "/session"))[0] == 401
        status, problem = await ask(there, "POST", "/session", **right)
        assert (status, problem["code"]) == (401, "second_factor_required")
    assert logs.wrong(clinic.personal) == []
