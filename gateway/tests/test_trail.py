"""The audit trail through the API: what is looked for, and what is not understood."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from dermfolio.contracts.audit import ListTrail
from dermfolio.contracts.views.audit import TrailFilter

from .conftest import Browser, World

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
    "object_id": ("rpc.audit.list%20%C3%BC", "rpc.audit.list ü"),
    "address": ("2001:db8::7", "2001:db8::7"),
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
    "object_id": ("", "%00", "a%0D", "x" * 201),
    "address": ("", "x" * 65, "%7F"),
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
    for until in ("2026-03-01T00:00:00Z", "2026-03-01T00:59:59%2B01:00"):
        answer = await admin.get(f"/trail?since=2026-03-01T00:00:00Z&until={until}")
        assert answer.code == "invalid_request"
        assert "'since' must be before 'until'" in answer.json["errors"][0]["msg"]
    assert not world.audit.of(ListTrail)
