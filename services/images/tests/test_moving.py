"""Moving a photograph to another patient: it is that patient's alone, or stays where it is."""

import asyncio
import base64
import hashlib
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from dermfolio.common.auth import Call
from dermfolio.common.errors import Refused
from dermfolio.common.sealing import Context, DataKey, Seal, Tampered
from dermfolio.common.testing import at, eventually, user
from dermfolio.contracts.entries import CreateEntry
from dermfolio.contracts.images import GetImage, ListPool, LocateOriginal, LocateRendition, StoredObject
from dermfolio.contracts.merging import MergePatient
from dermfolio.contracts.moving import MoveImage
from dermfolio.contracts.patients import GetDataKey, GetPatient
from dermfolio.contracts.recount import RecountPatients
from dermfolio.contracts.replay import Fact
from dermfolio.contracts.roles import Role
from dermfolio.contracts.tags import CreateTag, CreateTagCategory, TagImage
from dermfolio.contracts.views.entries import NewEntry
from dermfolio.contracts.views.images import ImageState, ImageView
from dermfolio.contracts.views.licence import LicenceState
from dermfolio.contracts.views.moving import MoveView, NewMove
from dermfolio.contracts.views.tags import NewTag, NewTagCategory, TagColour
from dermfolio.contracts.views.workspaces import WorkspaceChanges
from dermfolio.contracts.workspaces import ChangeWorkspace
from dermfolio.images import carry
from dermfolio.images.reconcile import Reconciler

from .conftest import Clinic
from .photographs import photograph

pytestmark = pytest.mark.req("PAT-7")


@dataclass
class Desk:
    """A ready photograph of the clinic's patient, and another patient."""

    clinic: Clinic
    image: UUID
    data: bytes
    target: UUID

    async def move(
        self,
        target: UUID | None = None,
        *,
        unique_id: str = "pat-2",
        version: int | None = None,
        call: Call | None = None,
    ) -> MoveView:
        version = await self.version() if version is None else version
        move = NewMove(patient=target or self.target, unique_id=unique_id)
        asked = MoveImage(patient=self.clinic.patient, image=self.image, version=version, move=move)
        return await self.clinic.ask.ask(asked, call or self.clinic.call)

    async def refused(self, target: UUID | None = None, **how: object) -> str:
        with pytest.raises(Refused) as refused:
            await self.move(target, **how)  # type: ignore[arg-type]
        return refused.value.code

    async def version(self) -> int:
        async with self.clinic.db.read() as rows:
            return int(await rows.fetchval("SELECT version FROM images WHERE id = $1", self.image))

    async def arrived(self, target: UUID | None = None) -> ImageView:
        async def look() -> ImageView | None:
            return await self.seen(target or self.target)

        return await eventually(look, seconds=60)

    async def seen(self, patient: UUID) -> ImageView | None:
        try:
            return await self.clinic.ask.ask(GetImage(patient=patient, image=self.image), self.clinic.call)
        except Refused:
            return None

    async def pool(self, patient: UUID) -> list[UUID]:
        page = await self.clinic.ask.ask(ListPool(patient=patient), self.clinic.call)
        return [image.id for image in page.images]

    async def opened(self, stored: StoredObject, patient: UUID) -> bytes:
        """What an object holds, opened with the key of this patient."""
        key = (await self.clinic.ask.ask(GetDataKey(patient=patient))).key
        context = Context(owner="images", key=stored.key, revision=stored.context_revision)
        return await self.clinic.blobs.read(Seal(DataKey(base64.urlsafe_b64decode(key)), context))

    async def counts(self, *expected: int) -> None:
        async def look() -> bool | None:
            found = [
                (await self.clinic.ask.ask(GetPatient(patient=patient), self.clinic.call)).image_count
                for patient in (self.clinic.patient, self.target)
            ]
            return found == list(expected) or None

        await eventually(look, seconds=30)
        async with self.clinic.ground.asking("ops") as ops:
            asked = RecountPatients(patients=[self.clinic.patient, self.target])
            assert (await ops.ask(asked)).differences == []

    async def said(self, name: str) -> list[Fact]:
        return [fact for fact in await self.clinic.said() if fact.subject == f"evt.images.{name}"]


async def _at_desk(clinic: Clinic) -> Desk:
    data = photograph()
    image = (await clinic.upload(data)).image.id
    return Desk(clinic, image, data, await clinic.new_patient("pat-2"))


@pytest.fixture
async def desk(clinic: Clinic) -> Desk:
    made = await _at_desk(clinic)
    assert (await clinic.settled(made.image)).state is ImageState.READY
    return made


async def test_a_moved_photograph_is_the_other_patients_alone_with_all_that_is_known_of_it(desk: Desk) -> None:
    clinic = desk.clinic
    before = await desk.seen(clinic.patient)
    assert before is not None
    assert (await desk.move()).state == "moving"
    after = await desk.arrived()
    assert await desk.seen(clinic.patient) is None
    assert (await desk.pool(clinic.patient), await desk.pool(desk.target)) == ([], [desk.image])
    kept = {"id", "file_name", "sha256", "width", "height", "effective_at", "uploaded_at", "uploaded_by", "capture"}
    assert after.model_dump(include=kept) == before.model_dump(include=kept)
    assert (after.patient, after.moving, after.state) == (desk.target, False, ImageState.READY)
    await desk.counts(0, 1)


async def test_its_objects_open_with_the_other_patients_key_and_what_was_is_swept(desk: Desk) -> None:
    clinic = desk.clinic
    small = LocateRendition(patient=clinic.patient, image=desk.image, size=320)
    old = await clinic.ask.ask(small, clinic.call)
    shown = await desk.opened(old, clinic.patient)
    await desk.move()
    await desk.arrived()
    original = await clinic.ask.ask(LocateOriginal(patient=desk.target, image=desk.image), clinic.call)
    rendition = await clinic.ask.ask(small.model_copy(update={"patient": desk.target}), clinic.call)
    assert original.patient == rendition.patient == desk.target
    assert await desk.opened(original, desk.target) == desk.data
    assert await desk.opened(rendition, desk.target) == shown
    assert rendition.etag != old.etag
    for stored in (original, rendition):
        with pytest.raises(Tampered):
            await desk.opened(stored, clinic.patient)
    assert len(await clinic.originals(desk.image)) == 2
    await Reconciler(clinic.db, clinic.blobs, after=timedelta(0), grace=timedelta(0))()
    assert await clinic.originals(desk.image) == [original.key]
    renditions = [stored.key async for stored in clinic.blobs.stored(f"renditions/{desk.image}/")]
    assert rendition.key in renditions
    assert {key.split("/")[2] for key in renditions} == {rendition.key.split("/")[2]}


async def test_both_trails_say_who_moved_it_from_where_to_where(desk: Desk) -> None:
    clinic = desk.clinic
    await desk.move()
    await desk.arrived()
    [begun] = await desk.said("move_begun")
    [away], [come] = await desk.said("moved_away"), await desk.said("moved_in")
    assert [UUID(fact.data["patient"]) for fact in (begun, away, come)] == [clinic.patient, clinic.patient, desk.target]
    for fact in (begun, away, come):
        assert (fact.data["source"], fact.data["target"]) == (str(clinic.patient), str(desk.target))
    assert begun.origin.user == clinic.call.user()
    for fact in (away, come):
        assert (fact.data["caused_by"], fact.data["moved_by"]) == (str(begun.id), str(clinic.call.user()))
    assert begun.data["version"] < away.data["version"] < come.data["version"]


async def test_repeating_it_gives_the_same_answer_and_has_one_effect(desk: Desk) -> None:
    version = await desk.version()
    answers = await asyncio.gather(*(desk.move(version=version) for _ in range(4)))
    assert {answer.patient for answer in answers} == {desk.target}
    await desk.arrived()
    assert (await desk.move(version=version)).state == "moved"
    assert len(await desk.said("move_begun")) == len(await desk.said("moved_in")) == 1
    await desk.counts(0, 1)


async def test_it_can_be_moved_back_and_the_answer_of_the_first_time_is_no_longer_given(desk: Desk) -> None:
    clinic = desk.clinic
    version = await desk.version()
    await desk.move()
    await desk.arrived()
    back = MoveImage(
        patient=desk.target,
        image=desk.image,
        version=await desk.version(),
        move=NewMove(patient=clinic.patient, unique_id="pat-1"),
    )
    await clinic.ask.ask(back, clinic.call)
    await desk.arrived(clinic.patient)
    await desk.counts(1, 0)
    assert await desk.refused(version=version) == "stale_version"


async def test_what_is_in_the_way_is_said_and_nothing_is_moved(desk: Desk) -> None:
    clinic = desk.clinic
    assert await desk.refused(unique_id="pat-1") == "unique_id_differs"
    assert await desk.refused(version=99) == "stale_version"
    assert await desk.refused(clinic.patient, unique_id="pat-1") == "move_to_same_patient"
    assert await desk.refused(uuid4()) == "not_found"
    clinic.identity.licence = LicenceState.EXPIRED
    assert await desk.refused() == "licence_expired"
    clinic.identity.licence = LicenceState.VALID
    clinic.identity.consent = "required"
    assert await desk.refused() == "consent_required"
    clinic.identity.consent = "disabled"
    equal = await clinic.upload(desk.data, patient=desk.target)
    with pytest.raises(Refused) as refused:
        await desk.move()
    assert (refused.value.code, refused.value.facts) == ("image_in_pool", {"image": str(equal.image.id)})
    assert await desk.seen(clinic.patient) is not None
    assert await desk.said("move_begun") == []


async def test_a_photograph_in_a_workspace_stays_and_the_entry_is_named(desk: Desk) -> None:
    clinic = desk.clinic
    asked = CreateEntry(patient=clinic.patient, entry=NewEntry(), idempotency_key="entry")
    entry = (await clinic.ask.ask(asked, clinic.call)).id
    change = ChangeWorkspace(patient=clinic.patient, entry=entry, changes=WorkspaceChanges(add=[desk.image]))
    await clinic.ask.ask(change, clinic.call)
    with pytest.raises(Refused) as refused:
        await desk.move()
    assert (refused.value.code, refused.value.facts) == ("image_in_workspace", {"entries": [str(entry)]})


async def test_records_that_are_one_patient_are_no_other_patient(desk: Desk) -> None:
    clinic = desk.clinic
    chief = clinic.ground.call(at(clinic.site, Role.SITE_ADMIN))
    await clinic.ask.ask(MergePatient(patient=clinic.patient, alias=desk.target, version=0), chief)
    assert await desk.refused() == "patient_merged"
    third = await clinic.new_patient("pat-3")
    assert (await desk.move(third, unique_id="pat-3")).state == "moving"
    await desk.arrived(third)


async def test_it_takes_the_right_at_both_patients(desk: Desk) -> None:
    clinic = desk.clinic
    elsewhere = uuid4()
    theirs = await clinic.new_patient("pat-9", at(elsewhere, Role.CLINICIAN))
    assert await desk.refused(theirs, unique_id="pat-9") == "not_found"
    assert await desk.refused(call=clinic.ground.call(at(elsewhere, Role.CLINICIAN))) == "not_found"
    for role in (Role.VIEWER, Role.PHOTOGRAPHER):
        assert await desk.refused(call=clinic.ground.call(at(clinic.site, role))) == "forbidden"


async def test_tags_of_the_other_site_do_not_come_along_and_those_of_all_do(desk: Desk) -> None:
    clinic = desk.clinic
    chief, root = (
        clinic.ground.call(at(clinic.site, Role.SITE_ADMIN)),
        clinic.ground.call(user(installation=Role.ADMIN)),
    )
    clinic.identity.names[clinic.site] = "Clinic"
    tags = [await _tag(clinic, chief, clinic.site), await _tag(clinic, root, None)]
    for tag in tags:
        await clinic.ask.ask(TagImage(patient=clinic.patient, image=desk.image, tag=tag), clinic.call)
    elsewhere = uuid4()
    wide = user(**{str(site): Role.CLINICIAN for site in (clinic.site, elsewhere)})
    theirs = await clinic.new_patient("pat-9", at(elsewhere, Role.CLINICIAN))
    await desk.move(theirs, unique_id="pat-9", call=clinic.ground.call(wide))

    async def look() -> ImageView | None:
        try:
            return await clinic.ask.ask(GetImage(patient=theirs, image=desk.image), clinic.ground.call(wide))
        except Refused:
            return None

    after = await eventually(look, seconds=60)
    assert (after.tags, after.site) == ([tags[1]], elsewhere)

    async def inherited() -> bool | None:
        asked = [GetPatient(patient=patient) for patient in (clinic.patient, theirs)]
        found = [(await clinic.ask.ask(one, clinic.ground.call(wide))).tags for one in asked]
        return found == [[], [tags[1]]] or None

    await eventually(inherited, seconds=30)


async def _tag(clinic: Clinic, call: Call, site: UUID | None) -> UUID:
    new = NewTagCategory(name=f"C {uuid4().hex[:6]}", colour=TagColour.TEAL, site=site)
    category = await clinic.ask.ask(CreateTagCategory(new=new, idempotency_key=str(uuid4())), call)
    return (
        await clinic.ask.ask(CreateTag(category=category.id, new=NewTag(name="T"), idempotency_key=str(uuid4())), call)
    ).id


async def test_while_it_is_on_its_way_nothing_of_it_changes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    clinic, waits = desk.clinic, asyncio.Event()
    copy = carry.Carry._copy_all

    async def slowly(*args: object) -> None:
        await waits.wait()
        await copy(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(carry.Carry, "_copy_all", slowly)
    tag = await _tag(clinic, clinic.ground.call(user(installation=Role.ADMIN)), None)
    asked = CreateEntry(patient=clinic.patient, entry=NewEntry(), idempotency_key="entry")
    entry = (await clinic.ask.ask(asked, clinic.call)).id
    await desk.move()
    seen = await desk.seen(clinic.patient)
    assert seen is not None
    assert seen.moving
    third = await clinic.new_patient("pat-3")
    assert await desk.refused(third, unique_id="pat-3") == "image_moving"
    change = ChangeWorkspace(patient=clinic.patient, entry=entry, changes=WorkspaceChanges(add=[desk.image]))
    for request, code in (
        (TagImage(patient=clinic.patient, image=desk.image, tag=tag), "image_moving"),
        (change, "image_not_ready"),
    ):
        with pytest.raises(Refused) as refused:
            await clinic.ask.ask(request, clinic.call)
        assert refused.value.code == code
    waits.set()
    await desk.arrived()


async def test_where_the_other_pool_got_the_same_meanwhile_it_stays(
    idle_clinic: Clinic, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = carry.Carry._copy_all

    async def overtaken(*args: object) -> None:
        await idle_clinic.upload(desk.data, patient=desk.target)
        await copy(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(carry.Carry, "_copy_all", overtaken)
    await desk.move()

    async def given_up() -> Fact | None:
        return next(iter(await desk.said("move_given_up")), None)

    fact = await eventually(given_up, seconds=60)
    assert fact.data["reason"] == "duplicate"
    seen = await desk.seen(idle_clinic.patient)
    assert seen is not None
    assert (seen.moving, seen.sha256) == (False, hashlib.sha256(desk.data).hexdigest())
    await desk.counts(1, 1)


async def test_what_is_being_processed_is_not_moved(idle_clinic: Clinic) -> None:
    assert await (await _at_desk(idle_clinic)).refused() == "image_not_ready"
