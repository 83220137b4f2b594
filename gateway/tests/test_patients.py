"""Patients through the API."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from dermfolio.contracts.patients import CreatePatient, GetPatient, ListPatients

from .conftest import Browser, World
from .owner import ELSEWHERE


@pytest.mark.req("PAT-1")
async def test_creating_a_patient_answers_the_record_and_its_address(world: World, browser: Browser) -> None:
    answer = await browser.send("POST", "/patients", json={"unique_id": "Anna-1", "last_name": "Żółw"})
    assert answer.status == 201
    assert answer.json["unique_id"] == "anna-1"
    assert answer.json["last_name"] == "Żółw"
    assert answer.headers["ETag"] == '"1"'
    assert answer.headers["Location"] == f"/api/v1/patients/{answer.json['id']}"
    assert (await browser.get(answer.headers["Location"])).json == answer.json


@pytest.mark.req("API-1")
async def test_the_idempotency_key_of_the_client_reaches_the_owner(world: World, browser: Browser) -> None:
    first, again = [
        await browser.send("POST", "/patients", json={"unique_id": "p-1"}, headers={"Idempotency-Key": "key-1"})
        for _ in range(2)
    ]
    assert first.body == again.body
    assert [r.idempotency_key for r in world.patients.of(CreatePatient)] == ["key-1", "key-1"]
    other = await browser.send("POST", "/patients", json={"unique_id": "p-2"}, headers={"Idempotency-Key": "key-1"})
    assert (other.status, other.code) == (422, "idempotency_key_reused")


async def test_without_a_key_each_request_gets_one_of_its_own(world: World, browser: Browser) -> None:
    for unique_id in ("p-1", "p-2"):
        await browser.send("POST", "/patients", json={"unique_id": unique_id})
    first, second = [r.idempotency_key for r in world.patients.of(CreatePatient)]
    assert first != second


@pytest.mark.req("PAT-1")
async def test_a_taken_unique_id_names_the_record_that_has_it(world: World, browser: Browser) -> None:
    holder = world.patients.add("p-1").id
    answer = await browser.send("POST", "/patients", json={"unique_id": "p-1"})
    assert (answer.status, answer.code) == (409, "unique_id_taken")
    assert answer.json["patient"] == str(holder)


async def test_faults_name_places_and_never_repeat_what_was_typed(world: World, browser: Browser) -> None:
    typed = {"unique_id": "no spaces!", "sex": "secret-value", "date_of_birth": "3000-01-01", "owner": "mine"}
    answer = await browser.send("POST", "/patients", json=typed)
    assert (answer.status, answer.code) == (400, "invalid_request")
    places = {fault["loc"] for fault in answer.json["errors"]}
    assert places == {"body.unique_id", "body.sex", "body.date_of_birth", "body.owner"}
    for value in ("no spaces", "secret-value", "3000", "mine"):
        assert value not in answer.body.decode()
    assert not world.patients.asked


async def test_a_body_that_is_not_fit_is_refused(world: World, browser: Browser) -> None:
    fine, json = b'{"unique_id": "p-1"}', {"Content-Type": "application/json"}
    cases: list[tuple[bytes, dict[str, str], str]] = [
        (fine, {}, "unsupported_media_type"),
        (fine, {"Content-Type": "text/plain"}, "unsupported_media_type"),
        (fine, {"Content-Type": "application/json; charset=latin-1"}, "unsupported_media_type"),
        (b'{"unique_id": "p-1", "unique_id": "p-2"}', json, "invalid_request"),
        (b'{"unique_id": "p\\u0000"}', json, "invalid_request"),
        (b"[]", json, "invalid_request"),
        (b" " * 300_000, json, "too_large"),
        (fine, json | {"Idempotency-Key": "x" * 201}, "invalid_request"),
        (fine, json | {"Idempotency-Key": "a b"}, "invalid_request"),
    ]
    for body, headers, code in cases:
        answer = await browser.send("POST", "/patients", data=body, headers=headers, skip_auto_headers=["Content-Type"])
        assert answer.code == code, (body, headers)
    assert not world.patients.asked


async def test_a_body_that_does_not_arrive_is_not_waited_for_long(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dermfolio.gateway.bodies.SECONDS", 0.3)
    reader, writer = await asyncio.open_connection("127.0.0.1", browser.running.port)
    writer.write(
        b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{"
    )
    assert b"400 Bad Request" in await asyncio.wait_for(reader.read(4000), 20)
    writer.close()


async def test_an_announced_or_endless_body_is_bounded(browser: Browser) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b" " * 65536

    answer = await browser.send("POST", "/patients", data=endless(), headers={"Content-Type": "application/json"})
    assert (answer.status, answer.code) == (413, "too_large")


async def test_patients_come_in_pages(world: World, browser: Browser) -> None:
    for number in range(5):
        world.patients.add(f"p-{number}")
    first = await browser.get("/patients?limit=3")
    assert [p["unique_id"] for p in first.json["patients"]] == ["p-0", "p-1", "p-2"]
    second = await browser.get(f"/patients?limit=3&cursor={first.json['next']}")
    assert [p["unique_id"] for p in second.json["patients"]] == ["p-3", "p-4"]
    assert second.json["next"] is None
    await browser.get("/patients")
    assert world.patients.of(ListPatients)[-1].limit == 50


async def test_a_page_that_cannot_be_is_refused(world: World, browser: Browser) -> None:
    limits = ("0", "-1", "101", "1000000000", "1e1", "%D9%A1", "", "1&limit=2")
    cursors = ("", "%00", "a%20b", "%ED%A0%80", "x" * 501, "a&cursor=b")
    for name, values in (("limit", limits), ("cursor", cursors)):
        for value in values:
            answer = await browser.get(f"/patients?{name}={value}")
            assert (answer.status, answer.code) == (400, "invalid_request"), value
            assert answer.json["errors"][0]["loc"] == f"query.{name}"
    assert not world.patients.asked


async def test_a_foreign_patient_answers_like_one_that_does_not_exist(world: World, browser: Browser) -> None:
    foreign = world.patients.add("p-1", ELSEWHERE).id
    answers = [
        await browser.get(f"/patients/{id_}", headers={"X-Request-Id": "the-same-1"}) for id_ in (foreign, uuid4())
    ]
    assert {a.status for a in answers} == {404}
    assert answers[0].body == answers[1].body
    assert len(world.patients.of(GetPatient)) == 2, "the owner records both"


async def test_an_id_that_is_none_is_refused_without_asking(world: World, browser: Browser) -> None:
    for id_ in ("1", "x" * 36, "urn:uuid:" + "0" * 32, "{" + "0" * 36 + "}", "0" * 32, "%00"):
        answer = await browser.get(f"/patients/{id_}")
        assert (answer.status, answer.code) == (400, "invalid_request"), id_
    assert not world.patients.asked


async def test_a_role_that_may_not_is_told_so(world: World, browser: Browser) -> None:
    for path in ("/trail", "/trail?limit=500&before=7"):
        answer = await browser.get(path)
        assert (answer.status, answer.code) == (403, "forbidden")


async def test_the_trail_is_listed_and_verified_by_who_may(world: World, stranger: Browser) -> None:
    await stranger.sign_in("admin")
    assert (await stranger.get(f"/trail?before=10&limit=5&patient={uuid4()}")).json == {"records": [], "next": None}
    assert (await stranger.send("POST", "/trail/verification")).json["intact"] is True
    compared = await stranger.send("POST", "/trail/verification", json={"checkpoints": "kept"})
    assert compared.json["checkpoints"]["outside"] == 4
    for body in ({"checkpoints": "x" * 200_001}, {"other": 1}):
        assert (await stranger.send("POST", "/trail/verification", json=body)).code == "invalid_request"


async def test_while_the_owner_is_down_the_client_is_told_to_come_again(
    world: World, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(GetPatient, "timeout", 0.3)
    world.patients.down = True
    answer = await browser.get(f"/patients/{uuid4()}")
    assert (answer.status, answer.code) == (503, "unavailable")
    assert int(answer.headers["Retry-After"]) > 0
