"""Filling an evaluation with invented patients."""

import asyncio
import base64
import secrets
import time
from collections.abc import AsyncIterator, Sequence
from uuid import UUID, uuid4

import asyncpg
import pytest

from dermfolio.common.bus import Requests
from dermfolio.common.errors import Refused
from dermfolio.common.setup import apply
from dermfolio.common.testing import Ground, at
from dermfolio.contracts.consent import GetConsentEvent, ListConsentEvents
from dermfolio.contracts.entry_notes import GetNotes
from dermfolio.contracts.messages import Request
from dermfolio.contracts.patients import GetPatient, SearchPatients
from dermfolio.contracts.roles import Role
from dermfolio.contracts.seeding import PEOPLE_AT_ONCE, CountSeeded, PatientsSeeded, Seeded, SeededSite, SeedPatients
from dermfolio.contracts.views.patient_search import PatientSearch
from dermfolio.patients.app import service
from dermfolio.patients.settings import PatientsSettings
from services.patients.tests.conftest import MIGRATIONS
from services.patients.tests.identity import Identity
from services.patients.tests.records import Desk
from services.patients.tests.test_recount import Images, images, recount, rows

__all__ = ["images", "rows"]

BY = uuid4()


def of(sites: Sequence[UUID], **more: object) -> SeedPatients:
    seeded = [SeededSite(site=site, time_zone="Europe/Berlin", tags=[]) for site in sites]
    asked = {"seed": 1, "batch": 0, "count": PEOPLE_AT_ONCE, "sites": seeded, "by": BY}
    return SeedPatients.model_validate(asked | more)


async def seed(desk: Desk, request: Request[Seeded]) -> int:
    async with desk.ground.asking("ops") as ops:
        return (await ops.ask(request)).people


async def test_a_batch_is_there_once_however_often_it_is_asked_for(
    desk: Desk, images: Images, rows: asyncpg.Connection, site: UUID
) -> None:
    other = uuid4()
    some = of([site, other], count=300)
    assert await seed(desk, some) == 300
    began = time.monotonic()
    both = await asyncio.gather(seed(desk, of([site, other])), seed(desk, of([site, other])))
    assert sum(both) == 700, f"in {time.monotonic() - began} s"
    assert await seed(desk, of([site, other])) == 0
    assert await seed(desk, CountSeeded(seed=1)) == 1000
    assert await seed(desk, CountSeeded(seed=2)) == 0
    said = await desk.said(PatientsSeeded, times=2)
    assert [(fact.data["seed"], fact.data["first"], fact.data["people"]) for fact in said] == [
        (1, 0, 300),
        (1, 300, 700),
    ]
    assert len({fact.data["seeding"] for fact in said}) == 1, "it was one batch"
    assert await rows.fetchval("SELECT count(*) FROM data_keys") == 1000
    [merged] = await rows.fetch("SELECT id, merged_into, entry_count FROM patients WHERE merged_into IS NOT NULL")
    own = await rows.fetchval("SELECT count(*) FROM entries WHERE patient = $1", merged["merged_into"])
    counted = await rows.fetchval("SELECT entry_count FROM patients WHERE id = $1", merged["merged_into"])
    assert counted == own + merged["entry_count"]
    assert await rows.fetchval("SELECT count(*) FROM shares") > 0


async def test_nothing_differs_from_a_recount(desk: Desk, images: Images, site: UUID) -> None:
    await seed(desk, of([site]))
    found = await recount(desk)
    while found.next is not None:
        assert found.differences == []
        found = await recount(desk, after=found.next)
    assert found.differences == []


async def test_they_are_patients_like_any_others(desk: Desk, rows: asyncpg.Connection, site: UUID) -> None:
    await seed(desk, of([site]))
    clinician = at(site, Role.CLINICIAN)
    found = await desk.ask(SearchPatients(search=PatientSearch(text="田中")), clinician)
    assert found.patients
    patient = await rows.fetchval("SELECT patient FROM consent_events WHERE kind = 'digital' LIMIT 1")
    view = await desk.ask(GetPatient(patient=patient), clinician)
    assert view.created_by == BY
    [event] = (await desk.ask(ListConsentEvents(patient=patient), clinician)).events
    signed = await desk.ask(GetConsentEvent(patient=patient, consent=event.id), clinician)
    assert signed.signature is not None
    assert signed.form_text
    entry = await rows.fetchrow("SELECT id, patient, notes FROM entries WHERE notes_version = 1 LIMIT 1")
    assert entry is not None
    notes = await desk.ask(GetNotes(patient=entry["patient"], entry=entry["id"]), clinician)
    assert (notes.text, notes.version, notes.saved_by) == (entry["notes"], 1, BY)


async def test_a_unique_id_that_somebody_has_stays_theirs(desk: Desk, site: UUID) -> None:
    held = await desk.make(at(site, Role.CLINICIAN), "ev1-0000007")
    assert await seed(desk, of([site], count=10)) == 9
    assert (await desk.ask(GetPatient(patient=held.id), at(site, Role.CLINICIAN))).last_name is None


async def test_tags_of_nobody_are_refused(desk: Desk, site: UUID) -> None:
    strange = of([site]).sites[0].model_copy(update={"tags": [uuid4()]})
    with pytest.raises(Refused, match="invalid_request"):
        await seed(desk, of([site]).model_copy(update={"sites": [strange]}))


@pytest.fixture
async def production(ground: Ground, database_url: str, identity: Identity) -> AsyncIterator[Requests]:
    """The service of a real clinic."""
    await apply(ground.nats.url, ground.nats.passwords["setup"])
    key = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    settings = ground.settings(PatientsSettings, "patients", database_url, installation_key=key)
    settings = settings.model_copy(update={"profile": "production"})
    async with ground.running("patients", settings, service, MIGRATIONS), ground.asking("ops") as ops:
        yield ops


async def test_a_clinic_is_never_filled_with_invented_people(production: Requests, site: UUID) -> None:
    for request in (of([site]), CountSeeded(seed=1)):
        with pytest.raises(Refused, match="evaluation_only"):
            await production.ask(request)
