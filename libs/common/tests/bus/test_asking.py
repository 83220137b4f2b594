"""Asking and answering on a real nats-server, with the permissions of the services."""

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg
from pydantic import TypeAdapter

from dermfolio.common.auth import Actor, Call
from dermfolio.common.bus import Answer
from dermfolio.common.errors import Refused, Unavailable
from dermfolio.common.testing import Ground, at
from dermfolio.contracts.identity import ChangePassword
from dermfolio.contracts.images import GetImage
from dermfolio.contracts.messages import Nothing
from dermfolio.contracts.patients import Admission, AdmitImage, GetPatient, MayAdmit
from dermfolio.contracts.roles import Role

SITE, PATIENT = UUID(int=1), UUID(int=2)
ASKED = MayAdmit(patient=PATIENT)
PASSWORD = ChangePassword(current_password="old-one", new_password="new-one")


class Brief(MayAdmit):
    """The same question, with less patience."""

    timeout = 0.3


async def _admit(_: MayAdmit, __: Call) -> Admission:
    return Admission(site=SITE)


def _raising(error: Exception) -> Callable[[Any, Call], Any]:
    async def handler(_: object, __: Call) -> Nothing:
        raise error

    return handler


@pytest.fixture
async def wire(admin: Client) -> list[Msg]:
    """Everything that travels, as seen by a client that hears it all."""
    heard: list[Msg] = []

    async def hear(msg: Msg) -> None:
        heard.append(msg)

    await admin.subscribe(">", cb=hear)
    for _ in range(2):
        await admin.flush()
    return heard


async def test_a_question_is_answered_with_the_reply_of_its_class(ground: Ground, answering: Any) -> None:
    async def admit(asked: MayAdmit, _: Call) -> Admission:
        return Admission(site=asked.patient)

    async with answering("patients", {MayAdmit: admit}), ground.asking() as requests:
        assert await requests.ask(ASKED) == Admission(site=PATIENT)


async def test_an_answer_may_be_bytes_with_a_status_and_a_version(ground: Ground, answering: Any) -> None:
    async def raw(_: GetPatient, __: Call) -> Answer[Any]:
        return Answer(b'{"not": "parsed"}', 201, 7)

    async with answering("patients", {GetPatient: raw}), ground.asking() as requests:
        assert await requests.ask_raw(GetPatient(patient=PATIENT)) == Answer(b'{"not": "parsed"}', 201, 7)


@pytest.mark.parametrize(
    "user_agent",
    ["curl/8.5", "Grüße/1.0 (日本; \u202e)", "a\r\nNats-Service-Error-Code: internal", "x" * 400, "100 %41", "\x00"],
)
async def test_who_asks_and_from_where_arrives_with_the_question(
    ground: Ground, answering: Any, user_agent: str
) -> None:
    calls: list[Call] = []

    async def admit(_: MayAdmit, call: Call) -> Admission:
        calls.append(call)
        return Admission(site=SITE)

    actor = at(SITE, Role.CLINICIAN)
    token = ground.signer("gateway").sign(actor)
    async with answering("patients", {MayAdmit: admit}), ground.asking() as requests:
        await requests.ask(ASKED, Call(actor, "req-1", "192.0.2.1", user_agent, token))
        await requests.ask(ASKED)
    assert calls[0] == Call(actor, "req-1", "192.0.2.1", user_agent, token)
    assert (calls[1].actor, calls[1].address) == (Actor("service", "gateway"), None)


async def test_a_service_that_is_asked_for_a_user_asks_on_in_that_users_name(ground: Ground, answering: Any) -> None:
    async with ground.asking("images") as onward, ground.asking() as requests:

        async def get(asked: GetImage, call: Call) -> Answer[Any]:
            return await onward.ask_raw(AdmitImage(patient=asked.patient, image=asked.image), call)

        async def admit(_: AdmitImage, call: Call) -> Admission:
            return Admission(site=call.user())

        actor = at(SITE, Role.CLINICIAN)
        async with answering("images", {GetImage: get}), answering("patients", {AdmitImage: admit}):
            answer = await requests.ask_raw(GetImage(patient=PATIENT, image=uuid4()), ground.call(actor))
    assert json.loads(answer.body) == {"site": str(actor.user), "aliases": []}


@pytest.mark.parametrize("request_", [ASKED, PASSWORD], ids=["repeatable", "not repeatable"])
async def test_a_refusal_arrives_at_once_with_its_facts(ground: Ground, answering: Any, request_: Any) -> None:
    image = uuid4()
    handlers = {type(request_): _raising(Refused("image_id_used", image=image, positions=[1, 2], where=None))}
    async with answering(request_.owner(), handlers), ground.asking() as requests:
        began = time.monotonic()
        with pytest.raises(Refused) as refusal:
            await requests.ask(request_)
    assert time.monotonic() - began < 5
    assert refusal.value.code == "image_id_used"
    assert refusal.value.facts == {"image": str(image), "positions": [1, 2], "where": None}


async def test_a_question_that_is_not_understood_is_refused_with_what_to_correct(
    ground: Ground, answering: Any
) -> None:
    class Careless(MayAdmit):
        patient: str  # type: ignore[assignment]

    async with answering("patients", {MayAdmit: _raising(AssertionError())}), ground.asking() as requests:
        with pytest.raises(Refused) as refusal:
            await requests.ask(Careless(patient="secret-of-a-patient"))
    assert refusal.value.code == "invalid_request"
    assert [e["loc"] for e in refusal.value.facts["errors"]] == ["patient"]
    assert "secret" not in str(refusal.value.facts)


@pytest.mark.parametrize(
    "payload", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b'{"patient": "\\ud800"}', b"[" * 9000]
)
async def test_a_payload_that_is_no_question_is_refused_and_others_are_answered(
    ground: Ground, answering: Any, admin: Client, payload: bytes
) -> None:
    token = ground.signer("gateway").own()
    async with answering("patients", {MayAdmit: _admit}), ground.asking() as requests:
        await requests.ask(ASKED)
        reply = await admin.request(MayAdmit.subject, payload, timeout=20, headers={"Dermfolio-Actor": token})
        assert (reply.headers or {})["Nats-Service-Error-Code"] == "invalid_request"
        assert await requests.ask(ASKED) == Admission(site=SITE)


@pytest.mark.parametrize("token", [None, "", "forged", "a.b.c"])
async def test_a_forged_actor_is_refused_before_the_question_is_read(
    ground: Ground, answering: Any, admin: Client, token: str | None
) -> None:
    async with answering("patients", {MayAdmit: _raising(AssertionError())}) as owner:
        await owner.client.flush()
        await owner.client.flush()
        headers = {} if token is None else {"Dermfolio-Actor": token}
        reply = await admin.request(MayAdmit.subject, b"not even json", timeout=20, headers=headers)
    assert (reply.headers or {})["Nats-Service-Error-Code"] == "not_signed_in"
    assert reply.data == b""


def _validation_error() -> Exception:
    try:
        TypeAdapter(int).validate_python("secret-of-a-patient")
    except ValueError as error:
        return error
    raise AssertionError


@pytest.mark.parametrize(
    "error",
    [ValueError("secret-of-a-patient"), KeyError("secret-of-a-patient"), _validation_error()],
    ids=lambda e: type(e).__name__,
)
async def test_the_text_of_an_exception_never_travels(
    ground: Ground, answering: Any, wire: list[Msg], error: Exception
) -> None:
    async with answering("patients", {MayAdmit: _raising(error)}), ground.asking() as requests:
        with pytest.raises(Refused) as refusal:
            await requests.ask(ASKED)
    assert (refusal.value.code, refusal.value.facts) == ("internal", {})
    assert any((m.headers or {}).get("Nats-Service-Error-Code") == "internal" for m in wire)
    assert not [m for m in wire if b"secret" in m.data or "secret" in str(m.headers)]


async def test_a_reply_that_cannot_be_said_is_an_internal_error_not_a_silence(ground: Ground, answering: Any) -> None:
    async def too_much(_: MayAdmit, __: Call) -> Answer[Any]:
        return Answer(b"x" * (2 << 20))

    async def almost_too_much(_: GetPatient, __: Call) -> Answer[Any]:
        return Answer(b"x" * ((1 << 20) - 10))

    handlers = {MayAdmit: too_much, GetPatient: almost_too_much}
    async with answering("patients", handlers) as owner, ground.asking() as requests:
        for question in (ASKED, GetPatient(patient=PATIENT)):
            with pytest.raises(Refused, match="internal"):
                await asyncio.wait_for(requests.ask(question), 20)
        assert owner.connected


async def test_a_question_too_large_for_the_bus_is_a_fault_and_costs_no_connection(
    ground: Ground, answering: Any
) -> None:
    class Long(MayAdmit):
        words: str

    async with answering("patients", {MayAdmit: _admit}), ground.asking() as requests:
        for size in (1 << 20, (1 << 20) - 300, 2 << 20):
            with pytest.raises(ValueError, match="too large for the bus"):
                await requests.ask(Long(patient=PATIENT, words="x" * size))
        assert await requests.ask(ASKED) == Admission(site=SITE)


async def test_a_refusal_is_recorded_before_the_answer_leaves(ground: Ground, answering: Any) -> None:
    recorded: list[tuple[Any, str]] = []

    async def record(kind: type, asked: MayAdmit, call: Call, refusal: Refused) -> None:
        recorded.append((kind, refusal.code))

    handlers = {MayAdmit: _raising(Refused("forbidden"))}
    async with answering("patients", handlers, on_refused=record), ground.asking() as requests:
        with pytest.raises(Refused, match="forbidden"):
            await requests.ask(ASKED)
    assert recorded == [(MayAdmit, "forbidden")]


async def test_a_refusal_that_cannot_be_recorded_is_not_given(ground: Ground, answering: Any) -> None:
    async def record(*_: object) -> None:
        raise Unavailable("read log")

    handlers = {MayAdmit: _raising(Refused("forbidden"))}
    async with answering("patients", handlers, on_refused=record), ground.asking(patience=0.1) as requests:
        with pytest.raises(Unavailable):
            await asyncio.wait_for(requests.ask(Brief(patient=PATIENT)), 30)
