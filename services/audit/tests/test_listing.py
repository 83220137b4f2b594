"""Who sees which records; and that looking leaves a record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest

from dermfolio.common.auth import Actor, Call
from dermfolio.common.bus import Requests
from dermfolio.common.errors import Refused
from dermfolio.common.testing import Ground, at, user
from dermfolio.contracts.audit import AppendRecord, ListTrail, VerifyTrail
from dermfolio.contracts.replay import Origin
from dermfolio.contracts.roles import Role
from dermfolio.contracts.views.audit import TrailFilter, TrailRecord

if TYPE_CHECKING:
    from services.audit.tests.conftest import Producers, Trail

AUDITOR = user(installation=Role.AUDITOR)


async def every_page(
    audit: Requests, ground: Ground, actor: Actor, limit: int = 100, **wanted: Any
) -> list[TrailRecord]:
    """All records an actor may see, page by page."""
    records: list[TrailRecord] = []
    before = None
    while True:
        page = await audit.ask(ListTrail(before=before, limit=limit, filter=TrailFilter(**wanted)), ground.call(actor))
        records += page.records
        if page.next is None:
            return records
        before = int(page.next)


@pytest.fixture
def sites() -> tuple[UUID, UUID, UUID]:
    return uuid4(), uuid4(), uuid4()


@pytest.fixture
async def filled(trail: Trail, producers: Producers, sites: tuple[UUID, UUID, UUID]) -> list[UUID]:
    """30 reads of three patients, one per site, in turn; returns the patients."""
    patients = [uuid4() for _ in sites]
    for n in range(30):
        producers.patients.say(site=str(sites[n % 3]), patient=str(patients[n % 3]))
    await trail.take_up(producers.patients)
    return patients


@pytest.mark.req("AUD-4")
@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUDITOR])
async def test_admins_and_auditors_see_everything_newest_first(
    audit: Requests, ground: Ground, filled: list[UUID], role: Role
) -> None:
    records = await every_page(audit, ground, user(installation=role), limit=7)
    read = [r.position for r in records if r.event == "patients.viewed"]
    assert read == list(range(30, 0, -1))
    assert [r.position for r in records] == sorted((r.position for r in records), reverse=True)


@pytest.mark.req("ORG-1")
async def test_a_site_admin_sees_the_records_of_their_own_sites(
    audit: Requests, ground: Ground, filled: list[UUID], sites: tuple[UUID, UUID, UUID]
) -> None:
    of_one = await every_page(audit, ground, at(sites[1], Role.SITE_ADMIN), limit=4)
    assert [r.position for r in of_one] == list(range(29, 0, -3))
    both = user(**{str(sites[0]): Role.SITE_ADMIN, str(sites[2]): Role.SITE_ADMIN, str(sites[1]): Role.CLINICIAN})
    assert {r.site for r in await every_page(audit, ground, both, limit=4)} == {sites[0], sites[2]}


async def test_the_records_of_a_patient(
    audit: Requests, ground: Ground, filled: list[UUID], sites: tuple[UUID, UUID, UUID]
) -> None:
    for actor in (AUDITOR, at(sites[0], Role.SITE_ADMIN)):
        records = await every_page(audit, ground, actor, limit=3, patient=filled[0])
        assert [r.position for r in records if r.event == "patients.viewed"] == list(range(28, 0, -3))
        assert {r.patient for r in records} == {filled[0]}


async def test_a_patient_of_another_site_answers_as_one_that_does_not_exist(
    audit: Requests, ground: Ground, filled: list[UUID], sites: tuple[UUID, UUID, UUID]
) -> None:
    stranger = at(sites[1], Role.SITE_ADMIN)
    for patient in (filled[0], uuid4()):
        page = await audit.ask(ListTrail(filter=TrailFilter(patient=patient)), ground.call(stranger))
        assert (page.records, page.next) == ([], None)


@pytest.mark.req("AUD-1")
async def test_looking_at_the_trail_is_a_record_of_it(
    audit: Requests, ground: Ground, trail: Trail, filled: list[UUID]
) -> None:
    await audit.ask(ListTrail(limit=5, filter=TrailFilter(patient=filled[2])), ground.call(AUDITOR))
    listed = (await trail.records())[-1]
    assert (listed["event"], listed["producer"], listed["action"]) == ("audit.listed", "audit", "R")
    assert (listed["user"], listed["roles"], listed["patient"]) == (str(AUDITOR.user), ["auditor"], str(filled[2]))
    assert (listed["object_kind"], listed["object_id"]) == ("request", "rpc.audit.list")
    assert listed["detail"] == {"newest": 30, "oldest": 18}
    assert (listed["address"], listed["request_id"]) == ("127.0.0.1", "test-request")
    assert (await trail.verify()).intact


@pytest.mark.req("AUD-4")
async def test_a_clinician_sees_the_activity_around_one_patient_of_the_own_site_at_a_time(
    audit: Requests, ground: Ground, filled: list[UUID], sites: tuple[UUID, UUID, UUID]
) -> None:
    clinician = at(sites[0], Role.CLINICIAN)
    own = await every_page(audit, ground, clinician, patient=filled[0], limit=3)
    assert ([r.patient for r in own], [r.site for r in own]) == ([filled[0]] * 10, [sites[0]] * 10)
    assert await every_page(audit, ground, clinician, patient=filled[1]) == []
    with pytest.raises(Refused, match="forbidden"):
        await audit.ask(ListTrail(), ground.call(clinician))
    with pytest.raises(Refused, match="forbidden"):
        await audit.ask(ListTrail(filter=TrailFilter(patient=filled[0])), ground.call(at(sites[0], Role.PHOTOGRAPHER)))


@pytest.mark.req("AUD-1")
@pytest.mark.parametrize("role", [Role.VIEWER, Role.PHOTOGRAPHER, Role.CLINICIAN, Role.SITE_ADMIN, Role.ADMIN])
async def test_what_is_refused_is_recorded(audit: Requests, ground: Ground, trail: Trail, role: Role) -> None:
    actor = user(installation=role) if role is Role.ADMIN else at(uuid4(), role)
    allowed = {Role.SITE_ADMIN: {ListTrail}, Role.ADMIN: {ListTrail, VerifyTrail}}.get(role, set())
    for request in (ListTrail(), VerifyTrail()):
        if type(request) in allowed:
            await audit.ask(request, ground.call(actor))
            continue
        with pytest.raises(Refused) as refused:
            await audit.ask(request, ground.call(actor))
        assert refused.value.code == "forbidden"
        denied = (await trail.records())[-1]
        assert (denied["event"], denied["outcome"], denied["user"]) == ("audit.denied", "denied", str(actor.user))
        assert (denied["object_id"], denied["detail"]) == (request.subject, {"code": "forbidden"})


async def test_a_record_shows_who_what_and_from_where(
    audit: Requests, ground: Ground, trail: Trail, producers: Producers
) -> None:
    images, patient, session = [uuid4(), uuid4()], uuid4(), uuid4()
    origin = Origin(
        user=uuid4(), session=session, roles=["viewer"], address="192.0.2.7", user_agent="Browser/1 ü", request_id="r-1"
    )
    fact = producers.images.say(
        "pool_viewed", origin, patient=str(patient), site=str(uuid4()), images=[str(i) for i in images]
    )
    await trail.take_up(producers.images)
    [shown] = await every_page(audit, ground, AUDITOR)
    assert (shown.id, shown.at) == (fact.id, fact.at)
    assert (shown.event, shown.action, shown.outcome) == ("images.pool_viewed", "R", "success")
    assert shown.model_dump(include=set(Origin.model_fields)) == origin.model_dump()
    assert (shown.object_kind, shown.object_id, shown.patient) == ("patient", str(patient), patient)
    assert shown.detail == {"images": [str(i) for i in images]}
    assert shown.recorded_at >= shown.at


@pytest.mark.req("AUD-1")
async def test_what_the_gateway_refused_is_committed_before_the_answer(
    audit: Requests, ground: Ground, trail: Trail
) -> None:
    request = AppendRecord(
        id=uuid4(),
        event="gateway.rate_limited",
        action="E",
        outcome="denied",
        object_kind="session",
        code="rate_limited",
    )
    for _ in range(2):
        await audit.ask(request, ground.call(AUDITOR))
    [kept] = await trail.records()
    assert (kept["producer"], kept["seq"], kept["event"]) == ("gateway", 1, "gateway.rate_limited")
    assert (kept["user"], kept["detail"]) == (str(AUDITOR.user), {"code": "rate_limited"})


async def test_only_the_gateway_may_append(ground: Ground, audit: Requests, trail: Trail) -> None:
    request = AppendRecord(id=uuid4(), event="gateway.csrf_failed", action="E", outcome="denied", object_kind="session")
    with pytest.raises(Refused) as refused:  # the bus would not let images ask; its signature must not do either
        await audit.ask(request, Call(Actor("service", "images"), token=ground.signer("images").own()))
    assert refused.value.code == "forbidden"
    assert [r["event"] for r in await trail.records()] == ["audit.denied"]


@pytest.mark.req("AUD-3")
async def test_operators_and_auditors_have_the_chain_verified(
    audit: Requests, ground: Ground, trail: Trail, filled: list[UUID]
) -> None:
    async with ground.asking("ops") as operators:
        verdict = await operators.ask(VerifyTrail())
    assert (verdict.intact, verdict.records) == (True, 30)
    assert (await audit.ask(VerifyTrail(), ground.call(AUDITOR))).records == 31
    by_operator, by_auditor = (await trail.records())[-2:]
    assert (by_operator["event"], by_operator["service"]) == ("audit.verified", "ops")
    assert by_operator["detail"] == {"intact": True, "records": 30}
    assert by_auditor["user"] == str(AUDITOR.user)
