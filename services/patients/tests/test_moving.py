"""Taking photographs of another patient: whom they would go to, the decision, and what is counted of it."""

import base64
import secrets
from collections.abc import AsyncIterator
from itertools import permutations
from uuid import UUID, uuid4

import pytest

from dermfolio.common.auth import Actor
from dermfolio.common.bus import Requests
from dermfolio.common.db import Database
from dermfolio.common.errors import Refused
from dermfolio.common.testing import Ground, at
from dermfolio.contracts.images import ImageRegistered
from dermfolio.contracts.merging import MergePatient
from dermfolio.contracts.messages import Event, now
from dermfolio.contracts.moving import AdmitMove, ImageMovedAway, ImageMovedIn, MoveAdmission, PreviewMove
from dermfolio.contracts.patients import AdmitImage, GetPatient
from dermfolio.contracts.replay import Fact, Origin
from dermfolio.contracts.roles import Role
from dermfolio.contracts.tags import ImageTagged
from dermfolio.contracts.views.licence import LicenceState
from dermfolio.contracts.views.moving import MoveCandidate, NewMove
from dermfolio.patients import assigned_repository
from dermfolio.patients.assigned_repository import PATIENT
from dermfolio.patients.inherit import follow_images
from dermfolio.patients.settings import PatientsSettings
from services.patients.tests.identity import Identity
from services.patients.tests.records import Desk

pytestmark = pytest.mark.req("PAT-7")


async def test_the_preview_names_whom_it_would_go_to_and_what_is_in_the_way(
    patients: Requests, ground: Ground, desk: Desk, clinician: Actor, identity: Identity
) -> None:
    one, two = [await desk.make(clinician, name) for name in ("one", "two")]

    async def obstacle(unique_id: str) -> str | None:
        asked = PreviewMove(patient=one.id, candidate=MoveCandidate(unique_id=unique_id))
        return (await patients.ask(asked, ground.call(clinician))).obstacle

    asked = PreviewMove(patient=one.id, candidate=MoveCandidate(unique_id="TWO"))
    seen = await patients.ask(asked, ground.call(clinician))
    assert (seen.patient, seen.unique_id, seen.site, seen.obstacle) == (two.id, "two", two.site, None)
    assert await obstacle("one") == "move_to_same_patient"
    identity.consent = "required"
    assert await obstacle("two") == "consent_required"
    identity.consent = "disabled"
    identity.licence = LicenceState.EXPIRED
    assert await obstacle("two") == "licence_expired"
    with pytest.raises(Refused) as refused:
        await obstacle("three")
    assert refused.value.code == "not_found"


async def test_who_may_not_move_learns_nothing_of_other_records(
    patients: Requests, ground: Ground, desk: Desk, clinician: Actor, site: UUID
) -> None:
    one, two = [await desk.make(clinician, name) for name in ("one", "two")]
    stranger = at(uuid4(), Role.CLINICIAN)
    theirs = await desk.make(stranger, "theirs")
    for patient, unique_id, actor, code in (
        (one, "two", at(site, Role.PHOTOGRAPHER), "forbidden"),
        (one, "nobody", at(site, Role.PHOTOGRAPHER), "forbidden"),
        (one, "theirs", clinician, "not_found"),
        (one, "two", stranger, "not_found"),
        (theirs, "two", stranger, "not_found"),
    ):
        asked = PreviewMove(patient=patient.id, candidate=MoveCandidate(unique_id=unique_id))
        with pytest.raises(Refused) as refused:
            await patients.ask(asked, ground.call(actor))
        assert refused.value.code == code
    assert two.image_count == 0


async def test_an_alias_takes_nothing_and_its_survivor_is_named(
    ground: Ground, desk: Desk, clinician: Actor, site: UUID
) -> None:
    one, two, three = [(await desk.make(clinician, name)).id for name in ("one", "two", "three")]
    await desk.ask(MergePatient(patient=two, alias=three, version=0), at(site, Role.SITE_ADMIN))
    with pytest.raises(Refused) as refused:
        await _admit(ground, clinician, one, three, "three")
    assert (refused.value.code, refused.value.facts) == ("patient_merged", {"patient": str(two)})
    assert (await _admit(ground, clinician, one, two, "two")).aliases == [three]
    with pytest.raises(Refused) as same:
        await _admit(ground, clinician, three, two, "two")
    assert same.value.code == "move_to_same_patient"


async def test_what_is_admitted_to_another_patient_is_that_ones(ground: Ground, desk: Desk, clinician: Actor) -> None:
    one, two = [(await desk.make(clinician, name)).id for name in ("one", "two")]
    image = uuid4()
    async with ground.asking("images") as images:
        await images.ask(AdmitImage(patient=one, image=image), ground.call(clinician))
        for _ in range(2):
            await _admit(ground, clinician, one, two, "two", image)
        await images.ask(AdmitImage(patient=two, image=image), ground.call(clinician))
        with pytest.raises(Refused) as refused:
            await images.ask(AdmitImage(patient=one, image=image), ground.call(clinician))
    assert refused.value.code == "not_found"


async def _admit(
    ground: Ground, actor: Actor, source: UUID, target: UUID, unique_id: str, image: UUID | None = None
) -> MoveAdmission:
    move = NewMove(patient=target, unique_id=unique_id)
    asked = AdmitMove(image=image or uuid4(), source=source, move=move, tags=[])
    async with ground.asking("images") as images:
        return await images.ask(asked, ground.call(actor))


@pytest.fixture
async def db(patients: Requests, ground: Ground, database_url: str) -> AsyncIterator[Database]:
    key = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    kept = ground.settings(PatientsSettings, "patients", database_url, installation_key=key)
    async with Database(kept.database_url, kept.database_password.get_secret_value()) as made:
        yield made


async def test_both_patients_counts_and_tags_are_right_in_whatever_order_facts_come(
    patients: Requests, ground: Ground, desk: Desk, clinician: Actor, db: Database
) -> None:
    tag = uuid4()
    one, two = [await desk.make(clinician, name) for name in ("one", "two")]
    orders = [*permutations(range(4))]
    for order in orders:
        image = uuid4()
        known = {"image": image, "site": one.site}
        moved = {**known, "source": one.id, "target": two.id, "moved_by": uuid4()}
        facts: list[Event] = [
            ImageRegistered(**known, patient=one.id, version=1, uploaded_at=now()),
            ImageTagged(**known, patient=one.id, version=2, tags=[tag]),
            ImageMovedAway(**moved, patient=one.id, version=4),
            ImageMovedIn(**moved, patient=two.id, version=5, tags=[tag]),
        ]
        async with db.write() as s:
            for n in (*order, *order):
                await follow_images(s, "images", [_fact(facts[n])])
    for patient, count, tags in ((one, 0, []), (two, len(orders), [tag])):
        seen = await patients.ask(GetPatient(patient=patient.id), ground.call(clinician))
        assert (seen.image_count, seen.tags) == (count, tags)
    async with db.read() as rows:
        assert await assigned_repository.recount(rows, PATIENT) == []


def _fact(event: Event) -> Fact:
    data = event.model_dump(mode="json")
    return Fact(seq=1, id=event.id, subject=event.subject, at=event.at, data=data, origin=Origin())
