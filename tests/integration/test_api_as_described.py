"""The API answers as its own description says, whatever is sent: nothing undocumented, no error of ours."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from dermfolio.contracts.messages import now
from dermfolio.ops.api_client import Api

from .conftest import SOAK, System

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.req("API-1")]

EXAMPLES = 400 if SOAK else 15
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SCOPES = ["patient:read", "patient:create", "image:read", "image:write", "trail:read", "trail:verify"]

LEFT_OUT = {"sign_out", "verify_trail"}
"""The first would end the session that all this is done in; the second takes minutes of a long trail."""


async def test_every_operation_answers_as_documented_by_cookie_and_by_token(system: System) -> None:
    async with Api(system.stack.gateways[0]) as api:
        await api.sign_in("admin", system.clinic.password)
        described = await api.get_json("/openapi.json")
        in_person = await _headers(api)
        by_token = {"Authorization": f"Bearer {await _token(api)}"}
        for headers in (in_person, by_token):
            await asyncio.to_thread(_try_all, described, api.base_url, headers)


def _try_all(described: dict[str, Any], base_url: str, headers: dict[str, str]) -> None:
    schema = schemathesis.openapi.from_dict(described)
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.definition.raw["operationId"] in LEFT_OUT:
            continue

        @seed(1)
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def answers_as_described(case: schemathesis.Case) -> None:
            case.call_and_validate(base_url=base_url, headers=headers, checks=CHECKS)

        answers_as_described()
