"""Admission of images, data keys, and counts."""

import base64
import os
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermfolio.common.auth import Actor, ActorVerifier, Call
from dermfolio.common.bus import Answers, Connection, Requests
from dermfolio.common.errors import Refused, Unavailable
from dermfolio.common.testing import Ground, at, eventually
from dermfolio.contracts.images import ImageRegistered, ImageRejected
from dermfolio.contracts.messages import now
from dermfolio.contracts.patients import AdmitImage, GetDataKey, GetPatient, MayAdmit
from dermfolio.contracts.replay import Fact, Facts, Origin, ReplayImages
from dermfolio.contracts.roles import Role
from dermfolio.contracts.views.licence import LicenceState
from dermfolio.contracts.views.patients import PatientView
from dermfolio.patients.data_keys import DamagedKeyError, KeyFile, new_key
from services.patients.tests.identity import Identity
from services.patients.tests.records import Desk


async def test_an_image_is_admitted_to_one_patient_however_often_it_is_asked(
    ground: Ground, patients: Requests, desk: Desk, clinician: Actor, site: UUID
) -> None:
    first, second = [(await desk.make(clinician, name)).id for name in ("one", "two")]
    image = uuid4()
    assert (await patients.ask(MayAdmit(patient=first), ground.call(clinician))).site == site
    async with ground.asking("images") as images:
        for _ in range(3):
            assert (await images.ask(AdmitImage(patient=first, image=image), ground.call(clinician))).site == site
        with pytest.raises(Refused) as refused:
            await images.ask(AdmitImage(patient=second, image=image), ground.call(clinician))
    assert refused.value.code == "not_found"


@pytest.mark.req("ORG-1")
async def test_viewers_are_forbidden_and_strangers_find_nothing(
    ground: Ground, patients: Requests, desk: Desk, clinician: Actor, site: UUID
) -> None:
    patient = (await desk.make(clinician, "pat")).id
    async with ground.asking("images") as images:
        for actor, code in ((at(site, Role.VIEWER), "forbidden"), (at(uuid4(), Role.SITE_ADMIN), "not_found")):
            with pytest.raises(Refused) as refused:
                await images.ask(AdmitImage(patient=patient, image=uuid4()), ground.call(actor))
            assert refused.value.code == code
            with pytest.raises(Refused) as early:
                await patients.ask(MayAdmit(patient=patient), ground.call(actor))
            assert early.value.code == code


@pytest.mark.req("LIC-1")
@pytest.mark.req("POOL-18")
async def test_nothing_is_admitted_without_a_licence_and_what_was_admitted_before_stays(
    ground: Ground, patients: Requests, desk: Desk, clinician: Actor, identity: Identity
) -> None:
    patient, before = (await desk.make(clinician, "pat")).id, uuid4()
    async with ground.asking("images") as images:

        async def admitted(image: UUID, actor: Actor = clinician) -> str:
            try:
                await images.ask(AdmitImage(patient=patient, image=image), ground.call(actor))
            except Refused as refusal:
                return refusal.code
            return "admitted"

        assert await admitted(before) == "admitted"
        for state in (LicenceState.EXPIRED, LicenceState.MISSING, LicenceState.INVALID):
            identity.licence = state
            assert await admitted(uuid4()) == f"licence_{state}"
            assert await admitted(before) == "admitted"
            assert await admitted(uuid4(), at(uuid4(), Role.CLINICIAN)) == "not_found", "foreigners learn nothing"
        identity.licence = LicenceState.EXPIRING
        assert await admitted(uuid4()) == "admitted"
        # it said yes, and its end passed on the way
        identity.licensed_until = now() - timedelta(milliseconds=1)
        assert await admitted(uuid4()) == "licence_expired"


@pytest.mark.req("LIC-1")
async def test_while_the_licence_cannot_be_asked_for_nothing_is_admitted(
    ground: Ground, patients: Requests, desk: Desk, clinician: Actor, identity: Identity
) -> None:
    patient, image = (await desk.make(clinician, "pat")).id, uuid4()
    identity.licence_unavailable = True
    async with ground.asking("images", patience=1.0) as images:
        with pytest.raises(Unavailable):
            await images.ask(AdmitImage(patient=patient, image=image), ground.call(clinician))
        identity.licence_unavailable = False
        await images.ask(AdmitImage(patient=patient, image=image), ground.call(clinician))


async def test_each_patient_has_a_data_key_of_its_own_for_services_that_move_bytes(
    ground: Ground, patients: Requests, desk: Desk, clinician: Actor
) -> None:
    first, second = [(await desk.make(clinician, name)).id for name in ("one", "two")]
    async with ground.asking("images") as images:
        keys = [(await images.ask(GetDataKey(patient=p))).key for p in (first, first, second)]
        with pytest.raises(Refused) as refused:
            await images.ask(GetDataKey(patient=uuid4()))
    assert refused.value.code == "not_found"
    assert keys[0] == keys[1] != keys[2]
    assert len(base64.urlsafe_b64decode(keys[0])) == 32


@given(st.binary(min_size=32, max_size=32), st.integers(0, 59), st.integers(0, 7))
def test_a_wrapped_key_opens_for_its_patient_only_and_not_when_a_bit_differs(key: bytes, byte: int, bit: int) -> None:
    keys, patient = KeyFile("1", os.urandom(32)), uuid4()
    wrapped = keys.wrap(key, patient)
    assert keys.unwrap(wrapped, patient) == key
    flipped = wrapped[:byte] + bytes([wrapped[byte] ^ 1 << bit]) + wrapped[byte + 1 :]
    for damaged, owner in ((flipped, patient), (wrapped, uuid4()), (wrapped[:-1], patient)):
        with pytest.raises(DamagedKeyError):
            keys.unwrap(damaged, owner)
    with pytest.raises(DamagedKeyError):
        KeyFile("1", new_key()).unwrap(wrapped, patient)


@pytest.mark.req("PAT-3")
async def test_the_image_count_follows_what_images_says(
    ground: Ground, patients: Requests, desk: Desk, clinician: Actor, site: UUID
) -> None:
    patient = (await desk.make(clinician, "pat")).id
    said: list[ImageRegistered | ImageRejected] = []
    for n in range(5):
        image = uuid4()
        said.append(ImageRegistered(image=image, patient=patient, site=site, version=1, uploaded_at=now()))
        if n % 2:
            said.append(ImageRejected(image=image, patient=patient, site=site, version=2, reason="corrupt"))

    async def replay(request: ReplayImages, _: Call) -> Facts:
        facts = [
            Fact(seq=n, id=e.id, subject=e.subject, at=e.at, data=e.model_dump(mode="json"), origin=Origin())
            for n, e in enumerate(said, start=1)
            if n > request.after
        ]
        return Facts(facts=facts, upto=len(said), head=len(said))

    async with (
        Connection(ground.nats.url, "images", ground.nats.passwords["images"]) as bus,
        Answers(bus, ActorVerifier(ground.trusted_keys), {ReplayImages: replay}),
    ):

        async def counted() -> PatientView | None:
            read = await patients.ask(GetPatient(patient=patient), ground.call(clinician))
            return read if read.image_count == 3 and read.last_modified >= said[-1].at else None

        read = await eventually(counted)
    assert read.version == 1, "background work never bumps an edited part's version"
