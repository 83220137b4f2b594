"""Whom photographs are shown to: people of the patient's sites, and who broke the glass."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest

from dermfolio.common.auth import Call
from dermfolio.common.errors import Refused
from dermfolio.common.testing import at, eventually
from dermfolio.contracts.images import (
    GetImage,
    ImageViewed,
    ListPool,
    LocateOriginal,
    LocateRendition,
    OriginalDownloaded,
    PoolViewed,
    RenditionViewed,
    RetryIngest,
)
from dermfolio.contracts.messages import Request
from dermfolio.contracts.replay import Fact
from dermfolio.contracts.roles import Role
from dermfolio.contracts.sharing import OpenPatient, SharePatient, UnsharePatient
from dermfolio.contracts.views.sharing import NewOpening

from .conftest import Clinic
from .photographs import photograph

READ = (ImageViewed, PoolViewed, RenditionViewed, OriginalDownloaded)


@dataclass
class Shared:
    """A ready photograph, and another site."""

    clinic: Clinic
    image: UUID
    elsewhere: UUID

    def call(self, role: Role) -> Call:
        return self.clinic.ground.call(at(self.elsewhere, role))

    async def administer(self, kind: type[SharePatient | UnsharePatient]) -> None:
        admin = self.clinic.ground.call(at(self.clinic.site, Role.SITE_ADMIN))
        await self.clinic.ask.ask(kind(patient=self.clinic.patient, site=self.elsewhere), admin)

    def reads(self, patient: UUID | None = None, image: UUID | None = None) -> list[Request[Any]]:
        patient, image = patient or self.clinic.patient, image or self.image
        return [
            GetImage(patient=patient, image=image),
            LocateRendition(patient=patient, image=image, size=320),
            LocateRendition(patient=patient, image=image, size=1280),
            LocateOriginal(patient=patient, image=image),
            ListPool(patient=patient),
        ]

    async def refusals(self, requests: list[Request[Any]], call: Call) -> set[str]:
        codes = set()
        for request in requests:
            with pytest.raises(Refused) as refused:
                await self.clinic.ask.ask_raw(request, call)
            codes.add(refused.value.code)
        return codes

    async def facts_of(self, call: Call) -> list[Fact]:
        return [fact for fact in await self.clinic.said() if fact.origin.user == call.actor.user]


@pytest.fixture
async def shared(clinic: Clinic) -> Shared:
    image = uuid4()
    await clinic.upload(photograph(), image)
    await clinic.settled(image)
    return Shared(clinic, image, clinic.identity.open("Elsewhere"))


@pytest.mark.req("ORG-1")
async def test_a_patient_is_shared_with_all_photographs_and_taken_back_with_all(shared: Shared) -> None:
    viewer = shared.call(Role.VIEWER)
    assert await shared.refusals(shared.reads(), viewer) == {"not_found"}
    await shared.administer(SharePatient)
    for request in shared.reads():
        await shared.clinic.ask.ask_raw(request, viewer)
    tile = LocateRendition(patient=shared.clinic.patient, image=shared.image, size=320)
    assert not (await shared.clinic.ask.ask(tile, viewer)).at_home
    assert (await shared.clinic.ask.ask(tile, shared.clinic.call)).at_home
    assert await shared.refusals(shared.reads(image=uuid4())[:-1], viewer) == {"not_found"}
    retry = RetryIngest(patient=shared.clinic.patient, image=shared.image)
    assert await shared.refusals([retry], viewer) == {"forbidden"}
    assert await shared.refusals([retry], shared.call(Role.PHOTOGRAPHER)) == {"image_not_failed"}
    await shared.administer(UnsharePatient)
    assert await shared.refusals([*shared.reads(), retry], viewer) == {"not_found"}


@pytest.mark.req("ORG-1")
async def test_what_people_of_another_site_upload_belongs_to_the_home_site(shared: Shared) -> None:
    await shared.administer(SharePatient)
    photographer, image, data = shared.call(Role.PHOTOGRAPHER), uuid4(), photograph(width=333)
    for _ in range(2):
        uploaded = await shared.clinic.upload(data, image, call=photographer)
        assert (uploaded.outcome, uploaded.image.site) == ("accepted", shared.clinic.site)
    with pytest.raises(Refused, match="forbidden"):
        await shared.clinic.upload(photograph(width=334), call=shared.call(Role.VIEWER))
    assert (await shared.clinic.settled(image)).id == image


@pytest.mark.req("ORG-8")
async def test_who_breaks_the_glass_sees_and_changes_nothing_and_each_read_says_so(shared: Shared) -> None:
    clinician = shared.call(Role.CLINICIAN)
    opening = NewOpening(unique_id="pat-1", reason="Unconscious, allergies unknown")
    opened = await shared.clinic.ask.ask(OpenPatient(opening=opening, idempotency_key="once"), clinician)
    for request in shared.reads():
        await shared.clinic.ask.ask_raw(request, clinician)
    retry = RetryIngest(patient=shared.clinic.patient, image=shared.image)
    assert await shared.refusals([retry], clinician) == {"forbidden"}
    with pytest.raises(Refused, match="forbidden"):
        await shared.clinic.upload(photograph(width=335), call=clinician)

    async def all_reads() -> list[Fact] | None:
        facts = [f for f in await shared.facts_of(clinician) if f.subject in {event.subject for event in READ}]
        return facts if len(facts) == len(READ) else None

    assert {fact.origin.opening for fact in await eventually(all_reads)} == {opened.id}
