"""Whoever can reach a service still needs an Actor that it believes: forged, expired and borrowed ones are refused."""

import base64
import json
import os
import time
from collections.abc import Callable
from typing import Any

import pytest
from nats.aio.client import Client

from dermfolio.common import auth
from dermfolio.common.auth import LIFETIME, Actor, ActorSigner, Call
from dermfolio.common.testing import Ground, at
from dermfolio.contracts.patients import Admission, MayAdmit
from dermfolio.contracts.roles import Role

from .test_answering import ASKED, SITE

USER = at(SITE, Role.SITE_ADMIN)
SERVICE = Actor("service", "images")


def _by_nobody(_: Ground) -> str:
    return ActorSigner("gateway", os.urandom(32)).sign(USER)


def _by_another_service_in_the_gateways_name(ground: Ground) -> str:
    signer = ground.signer("images")
    signer.service = "gateway"
    return signer.sign(USER)


def _a_user_by_a_service(ground: Ground) -> str:
    return ground.signer("images").sign(USER)


def _a_users_token_as_if_a_service_had_signed_it(ground: Ground) -> str:
    return _changed(ground.signer("gateway").sign(USER), iss="images", k="service")


def _a_service_that_became_a_user(ground: Ground) -> str:
    claims = {"k": "user", "u": str(USER.user), "s": str(USER.session), "r": {str(SITE): ["site_admin"]}, "i": []}
    return _changed(ground.signer("gateway").sign(SERVICE), **claims)


def _more_roles_than_were_signed(ground: Ground) -> str:
    return _changed(ground.signer("gateway").sign(USER), i=["admin"])


def _unsigned(ground: Ground) -> str:
    _, claims, _ = ground.signer("gateway").sign(USER).split(".")
    return f"{_part({'alg': 'none', 'typ': 'JWT'})}.{claims}."


def _from_before(ground: Ground) -> str:
    return _signed_at(ground, time.time() - LIFETIME - 10)


def _from_the_future(ground: Ground) -> str:
    return _signed_at(ground, time.time() + LIFETIME + 10)


def _two_at_once(ground: Ground) -> str:
    return f"{ground.signer('gateway').sign(USER)},{ground.signer('gateway').sign(USER)}"


def _signed_at(ground: Ground, moment: float) -> str:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(auth.time, "time", lambda: moment)
        return ground.signer("gateway").sign(USER)


def _changed(token: str, **claims: object) -> str:
    head, body, signature = token.split(".")
    before = json.loads(base64.urlsafe_b64decode(body + "=="))
    return f"{head}.{_part(before | claims)}.{signature}"


def _part(data: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "forged",
    [
        _by_nobody,
        _by_another_service_in_the_gateways_name,
        _a_user_by_a_service,
        _a_users_token_as_if_a_service_had_signed_it,
        _a_service_that_became_a_user,
        _more_roles_than_were_signed,
        _unsigned,
        _from_before,
        _from_the_future,
        _two_at_once,
    ],
    ids=lambda forge: forge.__name__.strip("_"),
)
async def test_a_service_does_nothing_for_a_forged_actor_and_goes_on_for_others(
    ground: Ground, answering: Any, admin: Client, forged: Callable[[Ground], str]
) -> None:
    heard: list[Actor] = []

    async def admit(_: MayAdmit, call: Call) -> Admission:
        heard.append(call.actor)
        return Admission(site=SITE)

    async with answering("patients", {MayAdmit: admit}), ground.asking() as requests:
        for _ in range(2):
            assert await requests.ask(ASKED, ground.call(USER)) == Admission(site=SITE)
            headers = {"Dermfolio-Actor": forged(ground)}
            question = ASKED.model_dump_json().encode()
            reply = await admin.request(MayAdmit.subject, question, timeout=20, headers=headers)
            assert (reply.headers or {})["Nats-Service-Error-Code"] == "not_signed_in"
            assert reply.data == b""
    assert heard == [USER, USER]
