"""Who has a patient open is told to those who have it open too, through whichever gateway (ENT-3)."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from dermfolio.contracts.organisation import RolesChanged
from dermfolio.contracts.presence import PeopleAt, PeoplePresent
from dermfolio.contracts.roles import Permission, Role
from dermfolio.contracts.sharing import PatientUnshared
from dermfolio.contracts.views.live import PEOPLE_AT_ONCE, Somebody
from dermfolio.gateway.live import presence as presence_module
from dermfolio.gateway.live.presence import Presence

from .conftest import Browser, Running, World, until
from .hearing import Open
from .owner import ELSEWHERE, HOME, USERS

pytestmark = pytest.mark.req("ENT-3")

NewBrowser = Callable[..., Awaitable[Browser]]
CLINICIAN, VIEWER, BOTH = (USERS[login][0] for login in ("clinician", "viewer", "both"))
SECONDS = 20.0


class Present(Open):
    """A connection that hears who is there."""

    async def enter(self, patient: UUID, entry: UUID | None = None) -> None:
        """Be at a patient."""
        told = {"type": "here", "patient": str(patient), "entry": entry and str(entry)}
        await self.ws.send_json(told)

    async def sees(self, *people: tuple[UUID, UUID | None]) -> None:
        """Wait to be told that these and no others are there."""
        expected = sorted((str(user), None if entry is None else str(entry)) for user, entry in people)
        async with asyncio.timeout(SECONDS):
            while True:
                said = await self.hear(SECONDS)
                assert said["type"] == "present", said
                if sorted((one["user"], one["entry"]) for one in said["people"]) == expected:
                    return


@pytest.fixture
def patient(world: World) -> UUID:
    return world.patients.add("p-1").id


@pytest.fixture
def entry(world: World, patient: UUID) -> UUID:
    world.patients.entries[entry := uuid4()] = patient
    return entry


async def test_who_comes_and_goes_is_told_to_those_who_are_there(
    new_browser: NewBrowser, patient: UUID, entry: UUID
) -> None:
    async with (await new_browser()).socket() as here, (await new_browser("viewer")).socket() as there:
        first, second = Present(here), Present(there)
        await first.enter(patient)
        await first.sees((CLINICIAN, None))
        await second.enter(patient, entry)
        await second.sees((CLINICIAN, None), (VIEWER, entry))
        await first.sees((CLINICIAN, None), (VIEWER, entry))
        await first.enter(patient, entry)
        await second.sees((CLINICIAN, entry), (VIEWER, entry))
        await there.close()
        await first.sees((CLINICIAN, entry))


async def test_a_user_with_two_tabs_is_there_once_until_both_are_closed(new_browser: NewBrowser, patient: UUID) -> None:
    one = await new_browser()
    async with one.socket() as a, one.socket() as b, (await new_browser("viewer")).socket() as c:
        watching = Present(c)
        await watching.enter(patient)
        await watching.sees((VIEWER, None))
        for tab in (a, b):
            await Present(tab).enter(patient)
            await watching.sees((CLINICIAN, None), (VIEWER, None))
        await a.send_json({"type": "away"})
        await watching.sees((CLINICIAN, None), (VIEWER, None))
        await b.send_json({"type": "away"})
        await watching.sees((VIEWER, None))


async def test_who_is_at_one_gateway_is_seen_at_the_other(
    world: World, new_browser: NewBrowser, running: Running, patient: UUID
) -> None:
    async with world.gateway() as other:
        here, there = await new_browser(), await new_browser("viewer", at=other)
        async with here.socket() as a, there.socket() as b:
            first, second = Present(a), Present(b)
            await first.enter(patient)
            await first.sees((CLINICIAN, None))
            await second.enter(patient)
            await second.sees((CLINICIAN, None), (VIEWER, None))
            await first.sees((CLINICIAN, None), (VIEWER, None))
            await a.close()
            await second.sees((VIEWER, None))


async def test_who_came_through_a_gateway_that_died_is_gone_within_seconds(
    new_browser: NewBrowser, running: Running, patient: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence_module, "BELIEVED_SECONDS", 0.2)
    monkeypatch.setattr(presence_module, "SAID_EVERY_SECONDS", 0.1)
    async with (await new_browser()).socket() as ws:
        socket = Present(ws)
        await socket.enter(patient)
        await socket.sees((CLINICIAN, None))
        last = PeoplePresent(gateway=uuid4(), patients=[PeopleAt(patient=patient, people=[Somebody(user=VIEWER)])])
        running.made.presence.hear(last.model_dump_json().encode())
        await socket.sees((CLINICIAN, None), (VIEWER, None))
        await socket.sees((CLINICIAN, None))


async def test_a_patient_who_may_not_be_seen_is_as_one_who_does_not_exist(
    world: World, browser: Browser, patient: UUID
) -> None:
    foreign, missing = world.patients.add("p-2", ELSEWHERE).id, uuid4()
    answers: list[dict[str, Any]] = []
    async with browser.socket() as ws:
        socket = Present(ws)
        await socket.enter(patient)
        await socket.sees((CLINICIAN, None))
        for who in (foreign, missing):
            await socket.enter(who)
            answers.append(await socket.hear())
    assert [answer.pop("patient") for answer in answers] == [str(foreign), str(missing)]
    assert answers[0] == answers[1]
    assert (answers[0]["type"], answers[0]["code"]) == ("problem", "not_found")


async def test_nobody_is_at_an_entry_that_is_not_the_patients(
    world: World, new_browser: NewBrowser, patient: UUID, entry: UUID
) -> None:
    other = world.patients.add("p-4").id
    async with (await new_browser()).socket() as a, (await new_browser("viewer")).socket() as b:
        wrong, watching = Present(a), Present(b)
        await watching.enter(other)
        await watching.sees((VIEWER, None))
        for strange in (entry, uuid4()):  # of another patient, and of nobody
            await wrong.enter(other, strange)
            said = await wrong.hear()
            assert (said["type"], said["code"], said["patient"]) == ("problem", "not_found", None)
        assert await watching.silent()
        await wrong.enter(other)
        await watching.sees((CLINICIAN, None), (VIEWER, None))


async def test_who_loses_the_patient_is_there_no_more(world: World, new_browser: NewBrowser) -> None:
    patient = world.patients.add("p-3", ELSEWHERE).id
    async with (await new_browser("both")).socket() as a, (await new_browser("stranger")).socket() as b:
        leaving, staying = Present(a), Present(b)
        await leaving.enter(patient)
        await leaving.sees((BOTH, None))
        await staying.enter(patient)
        await staying.sees((BOTH, None), (USERS["stranger"][0], None))
        [(sha256, facts)] = [(s, f) for s, f in world.identity.sessions.items() if f.user == BOTH]
        world.identity.sessions[sha256] = facts.model_copy(update={"site_roles": {HOME: [Role.CLINICIAN]}})
        await world.say(
            RolesChanged(user=BOTH, site=ELSEWHERE, roles=[]),
            PatientUnshared(patient=patient, site=ELSEWHERE, with_site=HOME),
        )
        await staying.sees((USERS["stranger"][0], None))
        assert {(await leaving.hear())["type"] for _ in range(3)} == {"present", "rights_changed", "problem"}


async def test_a_program_is_nowhere(world: World, stranger: Browser, patient: UUID) -> None:
    token = world.identity.api_token("clinician", Permission.PATIENT_READ)
    async with stranger.socket(headers={"Authorization": f"Bearer {token}"}) as ws:
        socket = Present(ws)
        await socket.enter(patient)
        assert (await socket.hear())["code"] == "session_required"


class Silent:
    def present(self, patient: UUID) -> None:
        """Is told nothing that matters here."""


async def test_what_is_kept_and_said_is_bounded_and_empty_when_all_have_left() -> None:
    said: list[PeoplePresent] = []

    async def hint(message: Any) -> None:
        said.append(PeoplePresent.model_validate_json(message.model_dump_json()))

    presence, guests = Presence(hint), [Silent() for _ in range(120)]
    crowded, patients = uuid4(), [uuid4() for _ in range(60)]
    for n, guest in enumerate(guests):
        presence.enter(guest, crowded if n < 60 else patients[n - 60], Somebody(user=uuid4()))
    running = asyncio.create_task(presence.run())
    await until(lambda: len(said) >= 2)
    assert len(presence.people(crowded)) == PEOPLE_AT_ONCE
    assert {at.patient for message in said for at in message.patients} == {crowded, *patients}
    for guest in guests:
        presence.leave(guest)
    await until(lambda: {len(at.people) for message in said[-2:] for at in message.patients} == {0})
    assert not presence._here
    assert not presence._places
    running.cancel()


async def test_nonsense_from_the_bus_is_passed_over() -> None:
    async def hint(_: Any) -> None:
        raise AssertionError("nothing is said here")

    presence = Presence(hint)
    presence.hear(b'{"gateway": 7}')
    assert not presence._elsewhere
