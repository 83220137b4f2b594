"""The API answers as its own description says, whatever is sent: nothing undocumented, no error of ours."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from secrets import token_hex
from typing import Any, get_args

import pytest
import pytest_asyncio
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from dermfolio.contracts.roles import Permission, Role
from dermfolio.contracts.views.own import Scope
from dermfolio.gateway.operations import PREFIX
from dermfolio.ops.api_client import Api
from dermfolio.ops.people import engage

from .asking import OPERATIONS
from .conftest import SOAK
from .targets import token_of
from .two_sites import World

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("stack"),
    pytest.mark.timeout(3600 if SOAK else 600),
    pytest.mark.req("API-1"),
]

FEW, MANY = 12, 500
COUNTED = {"sign_in"}
"""What is counted as guessing, for an address that all tests share."""

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SCOPES: list[Permission] = list(get_args(Scope))

LEFT_OUT = {"sign_out", "end_all_sessions", "end_session", "change_password", "change_settings", "verify_trail"}
"""What would end the session that all this is done in, change the system for other tests, or take long."""


@dataclass(frozen=True)
class Described:
    """What the gateway says of itself, and the headers by which somebody is let in."""

    operations: Mapping[str, Any]
    headers: Mapping[str, Mapping[str, str]]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def described(world: World) -> AsyncIterator[Described]:
    async with Api(world.url) as api:
        await _sign_in_somebody_new(api, world)
        async with api.http.get(f"{PREFIX}/openapi.json") as answer:
            schema = schemathesis.openapi.from_dict(await answer.json())
        found = [operation.ok() for operation in schema.get_all_operations()]
        _, token = await token_of(api, scopes=SCOPES, sites=[world.own.site])
        yield Described(
            {operation.definition.raw["operationId"]: operation for operation in found},
            {"in person": _in_person(api), "by token": {"Authorization": f"Bearer {token}"}},
        )


async def _sign_in_somebody_new(api: Api, world: World) -> None:
    """A site administrator whom no other test counts on: what is tried here is counted as guessing."""
    login = f"fuzz-{token_hex(4)}"
    await engage(world.apis[Role.ADMIN], login, world.password, Role.SITE_ADMIN, world.own.site)
    await api.sign_in(login, world.password)


@pytest.mark.parametrize("how", ["in person", "by token"])
@pytest.mark.parametrize("id_", sorted(OPERATIONS.keys() - LEFT_OUT))
async def test_an_operation_answers_as_documented_whatever_is_sent(
    world: World, described: Described, id_: str, how: str
) -> None:
    examples = MANY if SOAK and id_ not in COUNTED else FEW
    await asyncio.to_thread(_try, described.operations[id_], world, described.headers[how], examples)


def _in_person(api: Api) -> dict[str, str]:
    assert api.session is not None
    [cookie] = [f"{c.key}={c.value}" for c in api.http.cookie_jar]
    return {"Cookie": cookie, "X-CSRF-Token": api.session.csrf_token}


def _try(operation: Any, world: World, headers: Mapping[str, str], examples: int) -> None:
    own = {"site": world.own.site, "patient": world.own.patient, "image": world.own.image}
    real = False

    @seed(1)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def answers_as_described(case: schemathesis.Case) -> None:
        nonlocal real
        real = not real  # every other one is about things that exist
        for name in case.path_parameters or {}:
            if real and name in own:
                case.path_parameters[name] = str(own[name])
        case.call_and_validate(base_url=world.url, headers=dict(headers), checks=CHECKS)

    answers_as_described()
