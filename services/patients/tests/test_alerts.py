"""Administrators of the home site are told of emergency access."""

import asyncio
from dataclasses import replace
from uuid import UUID, uuid4

import asyncpg
import pytest

from dermfolio.common.auth import Actor
from dermfolio.common.testing import at, user
from dermfolio.contracts.alerts import AcknowledgeAlerts, CountAlerts, ListAlerts, OpeningAcknowledged
from dermfolio.contracts.roles import Permission, Role
from dermfolio.contracts.sharing import EndOpening, OpeningsListed, OpenPatient
from dermfolio.contracts.views.sharing import NewOpening
from dermfolio.patients import alerts as alerts_module
from services.patients.tests.identity import Identity
from services.patients.tests.records import Desk

pytestmark = pytest.mark.req("ORG-8")

REASON = "Anaphylaxis in the emergency room"


class Ward:
    """A patient of one site whom a clinician of another opens."""

    def __init__(self, desk: Desk, site: UUID) -> None:
        self.desk = desk
        self.site = site
        self.stranger = at(uuid4(), Role.CLINICIAN)

    async def opened(self, unique_id: str = "far-away") -> UUID:
        """One more emergency access."""
        asked = OpenPatient(opening=NewOpening(unique_id=unique_id, reason=REASON), idempotency_key=str(uuid4()))
        return (await self.desk.ask(asked, self.stranger)).id

    async def count(self, actor: Actor) -> int:
        """How many somebody has not acknowledged."""
        return (await self.desk.ask(CountAlerts(), actor)).unacknowledged

    async def listed(self, actor: Actor, limit: int = 50) -> list[UUID]:
        """All that somebody is shown, page by page."""
        found: list[UUID] = []
        cursor = None
        while True:
            page = await self.desk.ask(ListAlerts(limit=limit, cursor=cursor), actor)
            found += [alert.id for alert in page.alerts]
            if (cursor := page.next) is None:
                return found

    async def acknowledge(self, actor: Actor, *openings: UUID) -> None:
        """Somebody takes note."""
        await self.desk.ask(AcknowledgeAlerts(openings=list(openings)), actor)


@pytest.fixture
async def ward(desk: Desk, identity: Identity, clinician: Actor, site: UUID) -> Ward:
    await desk.make(clinician, "far-away")
    return Ward(desk, site)


@pytest.fixture
def admin(site: UUID) -> Actor:
    return at(site, Role.SITE_ADMIN)


async def test_the_home_sites_administrator_is_shown_who_opened_whom_why_and_until_when(
    ward: Ward, admin: Actor
) -> None:
    assert await ward.count(admin) == 0
    opening = await ward.opened()
    assert await ward.count(admin) == 1
    [alert] = (await ward.desk.ask(ListAlerts(), admin)).alerts
    assert (alert.id, alert.unique_id, alert.site) == (opening, "far-away", ward.site)
    assert (alert.user, alert.reason, alert.acknowledged_at, alert.ended_by) == (ward.stranger.user, REASON, None, None)
    await ward.desk.ask(EndOpening(opening=opening), admin)
    [ended] = (await ward.desk.ask(ListAlerts(), admin)).alerts
    assert ended.ended_by == admin.user
    assert ended.until < alert.until


async def test_each_administrator_acknowledges_for_themselves_and_once(ward: Ward, admin: Actor, site: UUID) -> None:
    other, first, second = at(site, Role.SITE_ADMIN), await ward.opened(), await ward.opened()
    await asyncio.gather(*(ward.acknowledge(admin, *both) for both in ((first, second), (second, first))))
    await ward.acknowledge(admin, first)
    assert [await ward.count(one) for one in (admin, other)] == [0, 2]
    assert all(alert.acknowledged_at for alert in (await ward.desk.ask(ListAlerts(), admin)).alerts)
    assert not any(alert.acknowledged_at for alert in (await ward.desk.ask(ListAlerts(), other)).alerts)
    await ward.acknowledge(other, first)
    assert await ward.count(other) == 1
    said = await ward.desk.said(OpeningAcknowledged, times=3)
    assert {(fact.data["opening"], fact.data["administrator"]) for fact in said} == {
        (str(first), str(admin.user)),
        (str(second), str(admin.user)),
        (str(first), str(other.user)),
    }
    assert len(said) == 3
    assert {fact.data["site"] for fact in said} == {str(site)}


async def test_who_becomes_administrator_later_is_shown_all_of_it(ward: Ward, admin: Actor, clinician: Actor) -> None:
    openings = [await ward.opened() for _ in range(3)]
    await ward.acknowledge(admin, *openings)
    appointed = replace(clinician, site_roles={ward.site: frozenset({Role.SITE_ADMIN})})
    assert await ward.count(appointed) == 3
    assert await ward.listed(appointed) == openings[::-1]


async def test_whose_role_is_taken_away_is_shown_nothing_more(ward: Ward, admin: Actor) -> None:
    opening = await ward.opened()
    before = replace(admin, site_roles={ward.site: frozenset({Role.CLINICIAN}), uuid4(): frozenset({Role.SITE_ADMIN})})
    assert (await ward.listed(before), await ward.count(before)) == ([], 0)
    assert await ward.desk.refused(AcknowledgeAlerts(openings=[opening]), before) == "not_found"


async def test_pages_go_through_all_sites_newest_first(ward: Ward, clinician: Actor) -> None:
    elsewhere = uuid4()
    await ward.desk.make(at(elsewhere, Role.CLINICIAN), "third-site")
    await ward.desk.make(at(uuid4(), Role.CLINICIAN), "fourth-site")
    opened = [await ward.opened(unique_id) for unique_id in ("far-away", "third-site", "third-site", "far-away") * 2]
    await ward.opened("fourth-site")
    admin = replace(clinician, site_roles=dict.fromkeys((ward.site, elsewhere), frozenset({Role.SITE_ADMIN})))
    for limit in (1, 3, 8, 50):
        assert await ward.listed(admin, limit) == opened[::-1]
    [page] = [await ward.desk.ask(ListAlerts(limit=3), admin)]
    assert await ward.desk.refused(ListAlerts(cursor=page.next), at(ward.site, Role.SITE_ADMIN)) == "invalid_request"


async def test_only_who_administers_a_site_is_shown_anything_and_only_in_person(
    ward: Ward, admin: Actor, site: UUID
) -> None:
    opening = await ward.opened()
    acknowledge = AcknowledgeAlerts(openings=[opening])
    for actor in (at(site, Role.CLINICIAN), user(installation=Role.ADMIN), user(installation=Role.AUDITOR)):
        for request in (ListAlerts(), CountAlerts()):
            assert await ward.desk.refused(request, actor) == "forbidden"
        assert await ward.desk.refused(acknowledge, actor) == "not_found"
    token = replace(admin, scopes=frozenset(Permission))
    for asked in (ListAlerts(), CountAlerts(), acknowledge):
        assert await ward.desk.refused(asked, token) == "session_required"


async def test_one_that_is_not_of_ones_sites_leaves_all_unacknowledged(ward: Ward, admin: Actor) -> None:
    await ward.desk.make(at(uuid4(), Role.CLINICIAN), "third-site")
    here, there = await ward.opened(), await ward.opened("third-site")
    for wrong in (there, uuid4()):
        assert await ward.desk.refused(AcknowledgeAlerts(openings=[here, wrong]), admin) == "not_found"
    assert await ward.count(admin) == 1


async def test_the_name_is_shown_until_the_patient_is_deleted(
    ward: Ward, admin: Actor, site: UUID, database_url: str
) -> None:
    await ward.opened()
    rows = await asyncpg.connect(database_url)
    await rows.execute("UPDATE patients SET first_name = 'Anna', last_name = 'Berg'")
    [alert] = (await ward.desk.ask(ListAlerts(), admin)).alerts
    assert (alert.first_name, alert.last_name, alert.preferred_name) == ("Anna", "Berg", None)
    await rows.execute("UPDATE patients SET deleted_at = now()")
    await rows.close()
    [alert] = (await ward.desk.ask(ListAlerts(), admin)).alerts
    assert (alert.first_name, alert.last_name) == (None, None)


@pytest.mark.req("AUD-1")
async def test_the_trail_of_each_site_says_what_was_shown_of_it(ward: Ward, clinician: Actor) -> None:
    elsewhere = uuid4()
    await ward.desk.make(at(elsewhere, Role.CLINICIAN), "third-site")
    here, there = await ward.opened(), await ward.opened("third-site")
    admin = replace(clinician, site_roles=dict.fromkeys((ward.site, elsewhere), frozenset({Role.SITE_ADMIN})))
    await ward.listed(admin)
    said = await ward.desk.said(OpeningsListed, times=2)
    assert {fact.data["site"]: fact.data["openings"] for fact in said} == {
        str(ward.site): [str(here)],
        str(elsewhere): [str(there)],
    }
    assert {fact.data["request"] for fact in said} == {ListAlerts.subject}


async def test_it_is_counted_so_far_and_no_further(ward: Ward, admin: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alerts_module, "COUNTED", 2)
    for _ in range(3):
        await ward.opened()
    assert await ward.count(admin) == 2
