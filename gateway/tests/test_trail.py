"""The audit trail through the API: what is looked for, what is not understood, and what is taken away as a file."""

import asyncio
import hashlib
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import aiohttp
import pytest

from dermfolio.common.errors import Refused
from dermfolio.contracts.audit import BeginExport, EndExport, ExportPart, ExportPlace, ListTrail, ReadExport
from dermfolio.contracts.views.audit import TrailFilter
from dermfolio.gateway import exports

from .conftest import Browser, World, until

ID = uuid4()

GIVEN: dict[str, tuple[str, Any]] = {
    "since": ("2026-03-01T08:00:00%2B02:00", datetime(2026, 3, 1, 6, tzinfo=UTC)),
    "until": ("2026-04-01T00:00:00.5Z", datetime(2026, 4, 1, 0, 0, 0, 500_000, UTC)),
    "user": (str(ID), ID),
    "role": ("site_admin", "site_admin"),
    "site": (str(ID).upper(), ID),
    "patient": (str(ID), ID),
    "event": ("images.original_downloaded", "images.original_downloaded"),
    "action": ("R", "R"),
    "outcome": ("denied", "denied"),
    "object_kind": ("image", "image"),
    "object_id": ("rpc.audit.list", "rpc.audit.list"),
    "address": ("2001:DB8::7", "2001:db8::7"),
}
"""What the query says, and what is asked of audit."""

NOT_UNDERSTOOD = {
    "before": ("0", "-1", "x"),
    "limit": ("501", "0"),
    "since": (
        "",
        "2026-03-01",
        "2026-03-01T08:00:00",
        "1700000000",
        "2026-13-01T00:00:00Z",
        "0001-01-01T00:00:00%2B02:00",
    ),
    "until": ("tomorrow", "2026-03-01T08:00:00+02:00"),
    "user": ("x", "0" * 32),
    "site": ("",),
    "patient": ("x",),
    "role": ("boss",),
    "event": ("images", "Images.Ingested", "images.ingested%0A", "a." + "b" * 100),
    "action": ("r", "CR"),
    "outcome": ("ok",),
    "object_kind": ("", "x" * 101),
    "object_id": ("", "%00", "M%C3%BCller", "anna", f"{ID}%0D", "rpc.x", "audit%20"),
    "address": ("", "1" * 65, "%7F", "Anna", "reception-2"),
}


@pytest.fixture
async def admin(stranger: Browser) -> Browser:
    await stranger.sign_in("admin")
    return stranger


@pytest.mark.req("AUD-4")
async def test_each_filter_reaches_the_owner_as_it_was_given(world: World, admin: Browser) -> None:
    assert GIVEN.keys() == TrailFilter.model_fields.keys()
    for name, (said, meant) in GIVEN.items():
        assert (await admin.get(f"/trail?{name}={said}")).status == 200
        assert world.audit.of(ListTrail)[-1].filter == TrailFilter(**{name: meant})
    every = "&".join(f"{name}={said}" for name, (said, _) in GIVEN.items())
    assert (await admin.get(f"/trail?limit=5&before=10&{every}")).json == {"records": [], "next": None}
    wanted = TrailFilter(**{name: meant for name, (_, meant) in GIVEN.items()})
    assert world.audit.of(ListTrail)[-1] == ListTrail(limit=5, before=10, filter=wanted)


@pytest.mark.req("API-1")
async def test_what_is_not_understood_is_named_and_not_asked(world: World, admin: Browser) -> None:
    for name, values in NOT_UNDERSTOOD.items():
        for value in values:
            answer = await admin.get(f"/trail?{name}={value}")
            assert (answer.status, answer.code) == (400, "invalid_request"), (name, value)
            assert [fault["loc"] for fault in answer.json["errors"]] == [f"query.{name}"]
    assert (await admin.get("/trail?outcome=denied&outcome=success")).code == "invalid_request"
    assert not world.audit.of(ListTrail)


async def test_a_time_that_ends_before_it_begins_is_refused_with_a_sentence(world: World, admin: Browser) -> None:
    for end in ("2026-03-01T00:00:00Z", "2026-03-01T00:59:59%2B01:00"):
        answer = await admin.get(f"/trail?since=2026-03-01T00:00:00Z&until={end}")
        assert answer.code == "invalid_request"
        assert "'since' must be before 'until'" in answer.json["errors"][0]["msg"]
    assert not world.audit.of(ListTrail)


def part(text: str, records: int, *, more: bool = False) -> ExportPart:
    following = ExportPlace(at=datetime(2026, 3, 1, tzinfo=UTC), position=records, records=records)
    return ExportPart(text=text, records=records, next=following if more else None)


@pytest.mark.req("AUD-4")
async def test_an_export_is_sent_piece_by_piece_between_its_two_records(world: World, admin: Browser) -> None:
    world.audit.parts = [part("\ufeffa\r\n", 1, more=True), part("", 1, more=True), part("ü\r\n", 2)]
    answer = await admin.get("/trail/export?format=csv&outcome=denied")
    whole = "\ufeffa\r\nü\r\n".encode()
    assert answer.body == whole
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert answer.headers["Cache-Control"] == "no-store"
    name = re.escape('attachment; filename="audit-trail-') + r'\d{4}-\d\d-\d\d\.csv"'
    assert re.match(name, answer.headers["Content-Disposition"])
    [begun] = world.audit.of(BeginExport)
    assert (begun.form, begun.filter) == ("csv", TrailFilter(outcome="denied"))
    assert [request.after and request.after.records for request in world.audit.of(ReadExport)] == [None, 1, 1]
    [ended] = world.audit.of(EndExport)
    assert ended == EndExport(export=begun.export, complete=True, records=2, sha256=hashlib.sha256(whole).hexdigest())


async def test_what_goes_wrong_before_the_first_piece_is_a_problem(world: World, browser: Browser) -> None:
    answer = await browser.get("/trail/export?format=jsonl")
    assert (answer.status, answer.code) == (403, "forbidden")
    assert not world.audit.of(ReadExport)
    await browser.sign_in("admin")
    for query in ("format=xml", "format=", "since=x"):
        assert (await browser.get(f"/trail/export?{query}")).code == "invalid_request"
    world.audit.parts = [Refused("search_too_broad")]
    answer = await browser.get("/trail/export?format=jsonl")
    assert (answer.status, answer.code) == (400, "search_too_broad")
    [ended] = world.audit.of(EndExport)
    assert (ended.complete, ended.records) == (False, 0)


@pytest.mark.req("AUD-4")
async def test_what_goes_wrong_midway_cuts_the_connection_and_is_recorded(world: World, admin: Browser) -> None:
    world.audit.parts = [part("a\n", 1, more=True), Refused("forbidden")]
    with pytest.raises(aiohttp.ClientPayloadError):
        await admin.get("/trail/export?format=jsonl")
    [ended] = world.audit.of(EndExport)
    assert (ended.complete, ended.records, ended.sha256) == (False, 1, hashlib.sha256(b"a\n").hexdigest())


async def test_an_end_that_cannot_be_recorded_is_no_end(world: World, admin: Browser) -> None:
    world.audit.parts = [part("a\n", 1)]
    world.audit.ends = False
    with pytest.raises(aiohttp.ClientPayloadError):
        await admin.get("/trail/export?format=jsonl")


async def test_an_export_ends_when_its_client_goes_away(world: World, admin: Browser) -> None:
    world.audit.parts = [part("x" * 1000, n, more=True) for n in range(1, 10_000)]
    async with admin.http.get("/api/v1/trail/export?format=jsonl") as answer:
        await answer.content.readany()
        answer.close()
    await until(lambda: bool(world.audit.of(EndExport)))
    [ended] = world.audit.of(EndExport)
    assert not ended.complete
    assert len(world.audit.of(ReadExport)) < 10_000


async def test_an_export_ends_with_the_session(world: World, admin: Browser) -> None:
    world.audit.parts = [part("a\n", 1, more=True), part("b\n", 2)]
    world.audit.meet[ReadExport] = asyncio.Barrier(2)
    export = asyncio.create_task(admin.get("/trail/export?format=jsonl"))
    await until(lambda: bool(world.audit.of(ReadExport)))
    assert (await admin.send("DELETE", "/session")).status == 204
    await world.audit.meet[ReadExport].wait()
    with pytest.raises(aiohttp.ClientPayloadError):
        await export
    [ended] = world.audit.of(EndExport)
    assert (ended.complete, ended.records) == (False, 1)


async def test_one_user_has_so_many_exports_at_once_and_a_minute(
    world: World, admin: Browser, new_browser: Callable[..., Awaitable[Browser]]
) -> None:
    world.audit.parts = [part("a\n", 1)]
    world.audit.meet[ReadExport] = asyncio.Barrier(exports.AT_ONCE + 1)
    others = [await new_browser("admin") for _ in range(exports.AT_ONCE)]
    under_way = [asyncio.create_task(other.get("/trail/export")) for other in others]
    await until(lambda: len(world.audit.of(ReadExport)) == exports.AT_ONCE)
    answer = await admin.get("/trail/export")
    assert (answer.status, answer.code) == (429, "too_many_exports")
    assert [record.code for record in world.audit.records] == ["too_many_exports"]
    await world.audit.meet.pop(ReadExport).wait()
    assert {(await export).status for export in under_way} == {200}
    codes = {(await admin.get("/trail/export")).code for _ in range(exports.RATE.burst)}
    assert codes == {None, "rate_limited"}
