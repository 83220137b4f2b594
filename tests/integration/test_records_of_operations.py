"""Every operation of the API leaves in the trail what it says it leaves, when it succeeds and when it is refused."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from secrets import token_hex
from typing import get_args

import pytest
import pytest_asyncio

from dermfolio.common.testing import eventually
from dermfolio.contracts.images import ImageIngested
from dermfolio.contracts.messages import Event
from dermfolio.contracts.patients import PatientCounted, PatientsListed
from dermfolio.contracts.roles import Role
from dermfolio.contracts.views.settings import AuditLevel
from dermfolio.contracts.vocabulary import VOCABULARY
from dermfolio.gateway.operations import PREFIX
from dermfolio.gateway.records import OPERATIONS as LEAVE
from dermfolio.gateway.visits import SAFE_METHODS

from .asking import OPERATIONS, ask, ask_as
from .conftest import System
from .matrix import TABLE, operation_of
from .outcomes import Place, Row
from .quiet import until_quiet
from .successes import Successes
from .targets import token_of
from .truth import Truth, looking_into
from .two_sites import World

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("stack"),
    pytest.mark.timeout(600),
    pytest.mark.req("AUD-1"),
]

BY_PROVIDER = {"sign_in_by_provider", "finish_sign_in_by_provider"}
"""They succeed with a provider, and leave their records, in services/identity/tests/oidc."""

CHANGE_NOTHING_IN_THE_MATRIX = {
    "upload_image",
    "enable_user",
    "reset_second_factor",
    "set_preferences",
    "set_sections",
} | {
    "list_merged",
    "unmerge_patient",
    "save_notes",
    "share_patient",
    "unshare_patient",
    "forget_device",
    "tag_patient",
    "untag_patient",
    "tag_entry",
    "untag_entry",
    "tag_image",
    "untag_image",
    "tag_images",
    "get_rendition",
    "change_workspace",
    "add_to_workspace",
    "remove_from_workspace",
    "delete_comparison",
    "restore_comparison",
}
"""What the matrix repeats, or asks for where there is nothing to change."""

LOOKS = 8
"""Enough to meet both replicas of each service."""

_OF_REQUESTS = """
SELECT body ->> 'request_id' AS request_id, body ->> 'event' AS event, body ->> 'id' AS id,
       body -> 'detail' ->> 'code' AS code, body ->> 'opening' AS opening
FROM trail WHERE body ->> 'request_id' = ANY($1)
"""
_LEVELS = """
SELECT body -> 'detail' ->> 'audit_level' AS level FROM trail
WHERE body ->> 'event' = 'identity.settings_changed' AND body -> 'detail' ->> 'audit_level' IS NOT NULL
ORDER BY position
"""
_CALLED_ITSELF = "SELECT body ->> 'user_agent' FROM trail WHERE body ->> 'request_id' = $1"
_CAUSED_BY = "SELECT body ->> 'event' AS event FROM trail WHERE body ->> 'caused_by' = ANY($1)"


@pytest_asyncio.fixture(loop_scope="session", params=get_args(AuditLevel))
async def level(request: pytest.FixtureRequest, system: System, world: World) -> AsyncIterator[AuditLevel]:
    """Each level of the trail, in force in every replica."""
    try:
        yield await _decided(system, world, request.param)
    finally:
        await _decided(system, world, "comprehensive")


@pytest.mark.req("AUD-2")
async def test_each_success_leaves_the_records_that_its_operation_names(
    system: System, world: World, level: AuditLevel
) -> None:
    async with looking_into(system.stack) as truth:
        doing = Successes(world, truth)
        await doing.all()
        for name, row in TABLE.items():
            id_ = operation_of(name)
            if isinstance(row.allowed, int) and id_ not in BY_PROVIDER | CHANGE_NOTHING_IN_THE_MATRIX:
                who, place = await _who_may(world, row)
                answer = await ask(world, who, OPERATIONS[id_], row, place)
                assert answer.verdict == row.allowed
                doing.done.setdefault(id_, []).append(answer.request_id)
        assert doing.done.keys() == OPERATIONS.keys() - BY_PROVIDER - {"get_rendition"}
        assert await until_quiet(truth) == []
        found = await _events(truth, [request for requests in doing.done.values() for request in requests])
    wrong = []
    for id_, requests in doing.done.items():
        leaves, besides = (_at(level, events) for events in (LEAVE[id_].leaves, LEAVE[id_].besides))
        if id_ in {"list_patients", "search_patients"}:
            leaves = {PatientsListed.name()}  # some of them are shared
        for request in requests:
            left = {event for event, _ in found.get(request, [])}
            if not leaves <= left <= leaves | besides or (besides and not left):
                wrong.append(f"{id_} left {left}")
    assert not wrong


@pytest.mark.req("AUD-2")
@pytest.mark.req("ORG-8")
async def test_at_every_level_what_is_seen_by_emergency_access_or_shared_is_recorded(
    system: System, world: World, level: AuditLevel
) -> None:
    clinician, expected = world.apis[Role.CLINICIAN], {}
    for name in ("get_patient", "list_patient_sites", "list_images", "get_image", "get_rendition large"):
        row, operation = TABLE[name], OPERATIONS[operation_of(name)]
        [event] = LEAVE[operation.id].leaves or LEAVE[operation.id].besides
        for record in (world.opened, world.shared):
            place = {"patient": record.patient, "image": record.image}
            answer = await ask_as(clinician, world, Role.CLINICIAN, operation, row, place)
            expected[answer.request_id] = event.name(), record is world.opened
    async with looking_into(system.stack) as truth:
        assert await until_quiet(truth) == []
        rows = await truth.rows("audit", _OF_REQUESTS, list(expected))
    assert {row["request_id"]: (row["event"], row["opening"] is not None) for row in rows} == expected


@pytest.mark.req("AUD-2")
async def test_the_change_of_level_is_a_record_and_the_chain_has_no_gap(system: System, world: World) -> None:
    async with looking_into(system.stack) as truth:
        for level in get_args(AuditLevel):
            await _decided(system, world, level)
        assert await until_quiet(truth) == []
        rows = await truth.rows("audit", _LEVELS)
    assert [row["level"] for row in rows][-2:] == list(get_args(AuditLevel))
    verdict = await world.apis[Role.AUDITOR].verify_trail()
    assert (verdict.intact, any(verdict.gaps.values()), verdict.not_asked) == (True, False, [])


async def test_larger_renditions_are_recorded_one_by_one_and_tiles_by_their_pool(system: System, world: World) -> None:
    asked = {}
    for name in ("get_rendition", "get_rendition large"):
        who, place = await _who_may(world, TABLE[name])
        asked[name] = (await ask(world, who, OPERATIONS["get_rendition"], TABLE[name], place)).request_id
    async with looking_into(system.stack) as truth:
        assert await until_quiet(truth) == []
        found = await _events(truth, list(asked.values()))
    [[viewed, _]] = found.pop(asked["get_rendition large"])
    assert (viewed, found) == ("images.rendition_viewed", {})


async def test_what_follows_in_the_background_names_the_record_it_goes_back_to(system: System, world: World) -> None:
    async with looking_into(system.stack) as truth:
        doing = Successes(world, truth)
        await doing.images()
        assert await until_quiet(truth) == []
        found = await _events(truth, [*doing.done["upload_image"], *doing.done["retry_image"]])
        causes = [id_ for events in found.values() for _, id_ in events]
        follow = [row["event"] for row in await truth.rows("audit", _CAUSED_BY, causes)]
    assert sorted(follow) == [ImageIngested.name(), ImageIngested.name(), PatientCounted.name()]


async def test_what_is_not_confirmed_and_what_needs_a_session_is_refused_and_recorded(
    system: System, world: World
) -> None:
    unconfirmed = {o.id for o in OPERATIONS.values() if o.method not in SAFE_METHODS and "not_signed_in" in o.problems}
    in_person = {o.id for o in OPERATIONS.values() if "session_required" in o.problems}
    _, token = await token_of(world.apis[Role.SITE_ADMIN])
    expected: dict[str, str] = {}
    for id_ in sorted(unconfirmed | in_person):
        who = min(TABLE[id_].may)
        [place, *_] = [one for places in (await TABLE[id_].target.places(world, who)).values() for one in places]
        if id_ in unconfirmed:
            answer = await ask_as(world.apis[who], world, who, OPERATIONS[id_], TABLE[id_], place, confirmed=False)
            expected[answer.request_id] = "csrf_failed"
        if id_ in in_person:
            row = Row(**{**vars(TABLE[id_]), "headers": {"Authorization": f"Bearer {token}"}})
            answer = await ask_as(world.apis[None], world, who, OPERATIONS[id_], row, place)
            assert answer.verdict == "session_required", id_
            expected[answer.request_id] = "session_required"
    answer = await ask(world, None, OPERATIONS["choose_password_by_link"], TABLE["choose_password_by_link"], {})
    expected[answer.request_id] = "link_not_valid"
    async with looking_into(system.stack) as truth:
        assert await until_quiet(truth) == []
        rows = await truth.rows("audit", _OF_REQUESTS, list(expected))
    assert {row["request_id"]: row["code"] for row in rows} == expected


async def test_what_a_client_calls_itself_is_bounded_and_cannot_break_a_line(system: System, world: World) -> None:
    api, named = world.apis[Role.CLINICIAN], "Browser\t1 \x85\x9b31m" + "é" * 1000
    headers = {"User-Agent": named, "X-Request-Id": token_hex(16)}
    path = f"{PREFIX}/patients/{world.own.patient}"
    async with api.http.get(path, headers=headers) as answer:
        assert answer.status == 200
    async with looking_into(system.stack) as truth:
        assert await until_quiet(truth) == []
        [[kept]] = await truth.rows("audit", _CALLED_ITSELF, headers["X-Request-Id"])
    assert kept.startswith("Browser")
    assert kept.isprintable()
    assert len(kept) == 400


def _at(level: AuditLevel, events: Sequence[type[Event]]) -> set[str]:
    """The names of those that are recorded of patients who are not shared."""
    return {event.name() for event in events if level == "comprehensive" or not VOCABULARY[event].routine}


async def _decided(system: System, world: World, level: AuditLevel) -> AuditLevel:
    """Change the level, and wait until it is in force in every replica."""
    admin = world.apis[Role.ADMIN]
    async with looking_into(system.stack) as truth:
        doing = Successes(world, truth)
        if (before := await doing.do(admin, "get_settings"))["audit_level"] != level:
            await doing.do(admin, "change_settings", {"audit_level": level}, version=before["version"])

        async def in_force() -> bool:
            looks = [doing.look() for _ in range(LOOKS)]
            asked = [request for requests in await asyncio.gather(*looks) for request in requests]
            assert await until_quiet(truth) == []
            return len(await _events(truth, asked)) == (len(asked) if level == "comprehensive" else 0)

        await eventually(in_force)
    return level


async def _who_may(world: World, row: Row) -> tuple[Role, Place]:
    """Somebody who may do it, and something to do it to."""
    for who in sorted(row.may):
        for case, places in (await row.target.places(world, who)).items():
            if places and row.expected(who, case) == row.allowed:
                return who, places[0]
    raise AssertionError("nobody may")


async def _events(truth: Truth, requests: list[str]) -> dict[str, list[tuple[str, str]]]:
    """(event, id) of the records of each request."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in await truth.rows("audit", _OF_REQUESTS, requests):
        found.setdefault(row["request_id"], []).append((row["event"], row["id"]))
    return found
