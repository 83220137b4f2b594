"""What every answer has in common, and what is refused before any route is reached."""

import asyncio
import json

import pytest
import structlog

from dermfolio.contracts.patients import GetPatient
from dermfolio.gateway import http_server, problems
from dermfolio.gateway.door import SECURITY_HEADERS

from .conftest import Browser, Running, World


async def test_an_address_that_is_none_is_a_problem(running: Running) -> None:
    for path in ("/", "/index.html", "/api/v1/nothing", "/api/v1/patients/", "/api/v1", "/%00", "//x"):
        answer = await raw(running, f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert answer.startswith("HTTP/1.1 404 "), path
        assert '"code": "not_found"' in answer
        assert "content-security-policy: default-src 'none'" in answer


async def test_a_method_that_is_not_offered_says_which_are(stranger: Browser) -> None:
    for method, path, allow in (
        ("DELETE", "/patients", "GET, POST"),
        ("PATCH", "/session", "DELETE, GET, POST"),
        ("OPTIONS", "/session", "DELETE, GET, POST"),
        ("HEAD", "/trail", "GET"),
        ("GET", "/account/password", "PUT"),
    ):
        answer = await stranger.send(method, f"/api/v1{path}?x=1")
        assert answer.status == 405
        assert answer.headers["Allow"] == allow
        assert "Access-Control-Allow-Origin" not in answer.headers


async def test_a_sensible_request_id_is_kept_and_any_other_replaced(stranger: Browser) -> None:
    kept = await stranger.get("/session", headers={"X-Request-Id": "abc_DEF-123"})
    assert kept.headers["X-Request-Id"] == "abc_DEF-123"
    assert kept.json["request_id"] == "abc_DEF-123"
    for bad in ("short", "x" * 65, "with space 1", "<script>alert(1)</script>", "ümlaut-1234"):
        replaced = await stranger.get("/session", headers={"X-Request-Id": bad})
        assert replaced.headers["X-Request-Id"] != bad


async def test_the_policy_allows_nothing_inline_and_no_frame(stranger: Browser) -> None:
    answer = await stranger.get("/session")
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Strict-Transport-Security" not in answer.headers, "only behind https"


async def test_a_fault_of_ours_tells_nothing_of_itself(world: World, browser: Browser) -> None:
    world.patients.garbled = b"{not json: secret}"
    answer = await browser.send("POST", "/patients", json={"unique_id": "p-1"})
    assert (answer.status, answer.code) == (500, "internal")
    assert b"secret" not in answer.body
    assert b"Traceback" not in answer.body


async def test_a_fault_of_an_owner_is_a_fault_of_ours(world: World, browser: Browser) -> None:
    del world.patients.records
    answer = await browser.get(f"/patients/{'0' * 8}-0000-0000-0000-{'0' * 12}")
    assert (answer.status, answer.code) == (500, "internal")
    assert b"records" not in answer.body


async def test_the_log_names_the_route_and_never_what_was_asked_for(world: World, browser: Browser) -> None:
    patient = world.patients.add("p-1").id
    with structlog.testing.capture_logs() as logs:
        await browser.get(f"/patients/{patient}?secret=query", headers={"X-Request-Id": "request-77"})
    [line] = [entry for entry in logs if entry["event"] == "http.answered"]
    assert line["route"] == "/api/v1/patients/{patient}"
    assert (line["method"], line["status"], line["request_id"]) == ("GET", 200, "request-77")
    assert line["ms"] > 0
    assert str(patient) not in json.dumps(line)
    assert "secret" not in json.dumps(line)


async def test_the_description_of_the_api_is_public(stranger: Browser) -> None:
    answer = await stranger.get("/openapi.json")
    assert answer.status == 200
    assert answer.json["openapi"].startswith("3.1")


async def test_what_is_no_http_is_a_problem_too(running: Running) -> None:
    for sent in (
        "nonsense\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999999\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nbad header\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    ):
        answer = await raw(running, sent)
        assert answer.startswith("HTTP/1.1 400 Bad Request"), sent
        assert "application/problem+json" in answer
        for name in SECURITY_HEADERS:
            assert name in answer


async def test_headers_without_end_are_cut_off(running: Running) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: ")
    answer = asyncio.create_task(reader.read(100))
    for _ in range(200):
        if answer.done():
            break
        writer.write(b"x" * 4096)
        await asyncio.sleep(0.005)
    assert (await asyncio.wait_for(answer, 10)).startswith(b"HTTP/1.1 431 ")
    writer.close()


async def test_who_is_endlessly_slow_with_headers_is_cut_off(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_server, "HEAD_SECONDS", 0.3)
    async with world.gateway() as running:
        silent, _ = await asyncio.open_connection("127.0.0.1", running.port)
        slow, writer = await asyncio.open_connection("127.0.0.1", running.port)
        writer.write(b"GET / HTTP/1.1\r\nHo")
        assert await asyncio.wait_for(silent.read(), 10) == b""
        assert await asyncio.wait_for(slow.read(), 10) == b""


def test_who_has_to_wait_is_told_for_how_long() -> None:
    assert problems.answer("rate_limited", "a-request-1", {"retry_after": 7}).headers["Retry-After"] == "7"
    assert int(problems.answer("unavailable", "a-request-1").headers["Retry-After"]) > 0
    assert "Retry-After" not in problems.answer("not_found", "a-request-1").headers


async def test_two_gateways_serve_the_same_session(world: World, browser: Browser) -> None:
    patient = world.patients.add("p-1").id
    async with world.gateway() as second:
        there = Browser(second)
        there.http.cookie_jar.update_cookies({c.key: c.value for c in browser.http.cookie_jar})
        assert (await there.get(f"/patients/{patient}")).status == 200
        await there.close()
    assert len(world.patients.of(GetPatient)) == 1


async def raw(running: Running, sent: str) -> str:
    """Send bytes as they are; return what comes until the connection closes or rests."""
    reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
    writer.write(sent.encode())
    answer = b""
    try:
        async with asyncio.timeout(0.5):
            while part := await reader.read(65536):
                answer += part
    except TimeoutError:
        pass
    writer.close()
    return answer.decode("latin-1")
