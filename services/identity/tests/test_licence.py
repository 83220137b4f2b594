"""The licence: its states, what is installed and what is refused, sites, and a clock that was set back."""

import asyncio
import base64
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from dermfolio.common.auth import Actor
from dermfolio.common.bus import Requests
from dermfolio.common.db import Database
from dermfolio.common.errors import Refused
from dermfolio.common.licences import issue
from dermfolio.common.testing import Ground, at, eventually, user
from dermfolio.contracts.licence import GetLicence, InstallLicence
from dermfolio.contracts.messages import now
from dermfolio.contracts.organisation import ListSites
from dermfolio.contracts.replay import ReplayIdentity
from dermfolio.contracts.roles import Role
from dermfolio.contracts.views.licence import LicenceReason, LicenceState
from dermfolio.identity.licence import Licensing
from dermfolio.identity.settings import IdentitySettings

from .licences import STRANGER, VENDOR, licence
from .office import Office

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
pytestmark = pytest.mark.req("LIC-1")


class Clock:
    """A clock that can be set."""

    def __init__(self) -> None:
        self.set_by = timedelta(0)

    def __call__(self) -> datetime:
        return now() + self.set_by


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def licensing(db: Database, settings: IdentitySettings, clock: Clock) -> Licensing:
    """Another replica, whose clock can be set."""
    return Licensing(db, settings, clock)


@pytest.fixture
def admin() -> Actor:
    return user(installation=Role.ADMIN)


async def put(db: Database, file: bytes | None) -> None:
    """Make it the installed file, whatever it is."""
    await db.execute("UPDATE licence SET file = $1", None if file is None else file.decode())


async def said(ground: Ground) -> list[tuple[str, dict[str, Any]]]:
    """What identity said of licences, oldest first."""
    async with ground.asking("audit") as audit:
        facts = (await audit.ask(ReplayIdentity(after=0))).facts
    return [(f.subject.rpartition(".")[2], f.data) for f in facts if "licence" in f.subject]


async def announced(ground: Ground, count: int) -> list[tuple[str, str]]:
    """The states that were said, with their licences, once there are so many."""

    async def look() -> list[tuple[str, str]] | None:
        found = [(d["licence"], d["reason"]) for name, d in await said(ground) if name == "licence_state_changed"]
        return found if len(found) >= count else None

    return await eventually(look)


async def test_the_mounted_licence_is_installed_at_the_start_and_only_administrators_see_what_it_says(
    ground: Ground, office: Office, identity: Requests
) -> None:
    view = await identity.ask(GetLicence(), office.call())
    assert (view.state, view.reason, view.uploads_allowed) == (LicenceState.VALID, LicenceReason.IN_FORCE, True)
    assert view.details is not None
    assert (view.details.licensee, view.details.sites_allowed, view.sites_used) == ("Hautklinik Zürich", None, 1)
    assert view.details.key == VENDOR.public.id
    for actor in (at(office.first_site, Role.SITE_ADMIN), user(installation=Role.AUDITOR)):
        seen = await identity.ask(GetLicence(), ground.call(actor))
        assert (seen.state, seen.uploads_allowed, seen.details, seen.sites_used) == (
            LicenceState.VALID,
            True,
            None,
            None,
        )
        assert seen.valid_until == view.valid_until
    async with ground.asking("patients") as patients:
        assert (await patients.ask(GetLicence())).details is None
    async with ground.asking("ops") as operators:
        assert (await operators.ask(GetLicence())).details == view.details
    await announced(ground, 1)
    [installed, changed] = await said(ground)
    assert installed == ("licence_installed", installed[1])
    assert (changed[0], changed[1]["state"], changed[1]["licence"]) == (
        "licence_state_changed",
        "valid",
        installed[1]["licence"],
    )
    assert "Hautklinik" not in str([installed, changed])


MADE: dict[str, Callable[[], bytes | None]] = {
    "not_installed": lambda: None,
    "expires_soon": lambda: issue(licence(valid_until=now() + 20 * DAY), VENDOR),
    "expired": lambda: issue(licence(valid_until=now() - HOUR), VENDOR),
    "not_yet_valid": lambda: issue(licence(valid_from=now() + DAY), VENDOR),
    "wrong_profile": lambda: issue(licence(profile="production"), VENDOR),
    "clock_set_back": lambda: issue(licence(issued_at=now() + DAY), VENDOR),
    "other_key": lambda: issue(licence(), STRANGER),
    "forged": lambda: issue(licence(sites=3), VENDOR).replace(b"sites: 3", b"sites: 9"),
    "truncated": lambda: issue(licence(), VENDOR)[:-40],
    "not_a_licence": lambda: b"a letter",
}
"""Files, by what is wrong with them."""

STATES = {"not_installed": "missing", "expires_soon": "expiring", "expired": "expired"}


@pytest.mark.parametrize("reason", MADE)
async def test_each_state_has_its_reason_and_uploads_are_allowed_in_two_of_them(
    db: Database, office: Office, identity: Requests, reason: str
) -> None:
    await put(db, MADE[reason]())
    view = await identity.ask(GetLicence(), office.call())
    state = STATES.get(reason, "invalid")
    assert (view.state, view.reason, view.uploads_allowed) == (state, reason, state == "expiring")
    assert view.message.endswith(".")


async def test_a_licence_that_is_installed_holds_at_once_and_is_installed_once(
    ground: Ground, office: Office, identity: Requests
) -> None:
    file = issue(licence(sites=3, valid_until=now() + 10 * DAY), VENDOR).decode()
    for _ in range(2):
        view = await identity.ask(InstallLicence(file=file), office.call())
        assert (view.state, view.sites_used) == (LicenceState.EXPIRING, 1)
        assert view.details is not None
        assert view.details.sites_allowed == 3
    assert await identity.ask(GetLicence(), office.call()) == view
    assert [reason for _, reason in await announced(ground, 2)] == ["in_force", "expires_soon"]
    assert [name for name, _ in await said(ground)].count("licence_installed") == 2, "at the start, and once by hand"


@pytest.mark.parametrize("reason", sorted(MADE.keys() - {"not_installed", "expires_soon"}))
async def test_a_file_that_is_not_usable_is_refused_with_its_reason_and_the_former_licence_stays(
    ground: Ground, office: Office, identity: Requests, reason: str
) -> None:
    before = await identity.ask(GetLicence(), office.call())
    file = (MADE[reason]() or b"").decode()
    assert await office.refused(InstallLicence(file=file)) == f"licence_file_{reason}"
    assert await identity.ask(GetLicence(), office.call()) == before

    async def refused() -> dict[str, Any] | None:
        return dict(await said(ground)).get("licence_refused")

    data = await eventually(refused)
    assert (data["code"], data["outcome"], data["licence"]) == (f"licence_file_{reason}", "failure", None)


async def test_nobody_but_administrators_installs_one(ground: Ground, office: Office, identity: Requests) -> None:
    file = issue(licence(), VENDOR).decode()
    for role in (Role.SITE_ADMIN, Role.CLINICIAN):
        assert await office.refused(InstallLicence(file=file), at(office.first_site, role)) == "forbidden"
    assert await office.refused(InstallLicence(file=file), user(installation=Role.AUDITOR)) == "forbidden"
    with pytest.raises(Refused):
        await identity.ask(InstallLicence(file=file))
    await announced(ground, 1)
    assert len(await said(ground)) == 2, "those of the start"


async def test_sites_are_opened_as_far_as_the_licence_goes_and_never_taken_away(
    db: Database, office: Office, identity: Requests
) -> None:
    await identity.ask(InstallLicence(file=issue(licence(sites=2), VENDOR).decode()), office.call())
    await office.site("Basel")
    for file in (issue(licence(sites=2), VENDOR), None, b"junk"):
        await put(db, file)
        with pytest.raises(Refused) as refused:
            await office.site("Chur")
        assert refused.value.code == "site_limit_reached"
    assert refused.value.facts == {"sites_allowed": 0, "sites_used": 2}
    assert len((await identity.ask(ListSites(), office.call())).sites) == 2
    fewer = issue(licence(sites=1), VENDOR).decode()
    with pytest.raises(Refused) as refused:
        await identity.ask(InstallLicence(file=fewer), office.call())
    assert refused.value.code == "licence_file_too_few_sites"
    assert refused.value.facts == {"sites_allowed": 1, "sites_used": 2}
    await identity.ask(InstallLicence(file=issue(licence(sites=3), VENDOR).decode()), office.call())
    await office.site("Chur")


async def test_a_clock_that_is_set_back_brings_no_expired_licence_back(
    ground: Ground, licensing: Licensing, clock: Clock, admin: Actor
) -> None:
    call = ground.call(admin)
    old = licence(valid_until=now() + 2 * DAY)
    await licensing.install(call, issue(old, VENDOR).decode())
    clock.set_by = 3 * DAY
    assert (await licensing.current(call)).state is LicenceState.EXPIRED
    await licensing.watch()
    clock.set_by = timedelta(0)
    view = await licensing.current(call)
    assert (view.state, view.reason) == (LicenceState.INVALID, LicenceReason.CLOCK_SET_BACK)
    with pytest.raises(Refused) as refused:
        await licensing.install(call, issue(old, VENDOR).decode())
    assert refused.value.code == "licence_file_clock_set_back"
    clock.set_by = 3 * DAY - timedelta(minutes=3)
    assert (await licensing.current(call)).state is LicenceState.EXPIRED, "a little behind is no cheating, and no gain"
    await licensing.watch()
    assert [reason for _, reason in await announced(ground, 3)] == ["in_force", "expires_soon", "expired"]


async def test_asking_alone_remembers_the_time(
    ground: Ground, licensing: Licensing, clock: Clock, admin: Actor
) -> None:
    clock.set_by = DAY
    await licensing.current(ground.call(admin))
    clock.set_by = timedelta(0)
    assert (await licensing.current(ground.call(admin))).reason is LicenceReason.CLOCK_SET_BACK


async def test_after_a_clock_was_far_ahead_by_mistake_a_licence_that_was_issued_later_sets_it_right(
    ground: Ground, licensing: Licensing, clock: Clock, admin: Actor
) -> None:
    call = ground.call(admin)
    clock.set_by = 3650 * DAY
    await licensing.watch()
    clock.set_by = timedelta(0)
    assert (await licensing.current(call)).reason is LicenceReason.CLOCK_SET_BACK
    newer = licence(issued_at=now())
    view = await licensing.install(call, issue(newer, VENDOR).decode())
    assert view.state is LicenceState.VALID
    assert (await licensing.current(call)).state is LicenceState.VALID


async def test_the_state_is_announced_once_when_it_changes(
    ground: Ground, licensing: Licensing, clock: Clock, admin: Actor
) -> None:
    kept = licence(valid_until=now() + 40 * DAY)
    await licensing.install(ground.call(admin), issue(kept, VENDOR).decode())
    for days in (1, 11, 12, 41, 42):
        clock.set_by = days * DAY
        await licensing.watch()
    changes = await announced(ground, 3)
    assert changes[1:] == [(str(kept.id), "expires_soon"), (str(kept.id), "expired")]


async def test_a_mounted_licence_replaces_only_one_that_was_issued_before(
    ground: Ground, db: Database, settings: IdentitySettings, licensing: Licensing, licence_file: Path, admin: Actor
) -> None:
    call = ground.call(admin)
    chosen = licence(issued_at=now())
    await licensing.install(call, issue(chosen, VENDOR).decode())

    async def after(content: bytes) -> UUID | None:
        await asyncio.to_thread(licence_file.write_bytes, content)
        await Licensing(db, settings).install_mounted()
        details = (await licensing.current(call)).details
        return None if details is None else details.id

    renewal = licence(issued_at=now() + timedelta(seconds=30))
    for unusable in (b"", b"\xff\xfe", b"x" * 20_000, issue(licence(), STRANGER), issue(licence(), VENDOR)):
        assert await after(unusable) == chosen.id
    assert await after(issue(licence(issued_at=renewal.issued_at, profile="production"), VENDOR)) == chosen.id
    assert await after(issue(renewal, VENDOR)) == renewal.id
    await asyncio.to_thread(licence_file.unlink)
    await Licensing(db, settings).install_mounted()
    assert (await licensing.current(call)).uploads_allowed


@pytest.fixture
def production(settings: IdentitySettings) -> IdentitySettings:
    return settings.model_copy(update={"profile": "production"})


async def test_in_production_the_key_of_evaluations_is_not_believed(
    ground: Ground, db: Database, production: IdentitySettings, admin: Actor
) -> None:
    call = ground.call(admin)
    blind = Licensing(db, production)
    assert (await blind.current(call)).reason is LicenceReason.NO_VENDOR_KEY
    await put(db, None)
    view = await blind.current(call)
    assert (view.state, view.reason) == (LicenceState.MISSING, LicenceReason.NO_VENDOR_KEY)
    told = production.model_copy(update={"licence_keys": (str(STRANGER.public),)})
    real = Licensing(db, told)
    assert (await real.current(call)).reason is LicenceReason.NOT_INSTALLED
    for content, reason in (
        (issue(licence(profile="production"), VENDOR), "other_key"),
        (issue(licence(), STRANGER), "wrong_profile"),
    ):
        with pytest.raises(Refused) as refused:
            await real.install(call, content.decode())
        assert refused.value.code == f"licence_file_{reason}"
    assert (await real.install(call, issue(licence(profile="production"), STRANGER).decode())).uploads_allowed


def test_settings_refuse_what_is_no_key(settings: IdentitySettings) -> None:
    for key in ("changeme", base64.b64encode(bytes(33)).decode(), VENDOR.text()):
        with pytest.raises(ValueError, match="licence_keys: key 1 is not one"):
            IdentitySettings(**settings.model_dump() | {"licence_keys": [key], "evaluation_licence_key": None})
