"""What patients inherit from photographs is right however the facts arrive."""

import base64
import secrets
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dermfolio.common.db import Database
from dermfolio.common.migrate import upgrade_async
from dermfolio.common.testing import Ground
from dermfolio.contracts.images import ImageRegistered, ImageRejected
from dermfolio.contracts.messages import Event, now
from dermfolio.contracts.replay import Fact, Origin
from dermfolio.contracts.tags import ImageTagged
from dermfolio.contracts.views.images import RejectionReason
from dermfolio.contracts.workspaces import WorkspaceChanged
from dermfolio.local.testing import NewDatabase
from dermfolio.patients import assigned_repository
from dermfolio.patients.assigned_repository import ENTRY, PATIENT
from dermfolio.patients.inherit import follow_images
from dermfolio.patients.models import Entry, Patient, PatientTag, Tag, TagCategory, TagScope
from dermfolio.patients.settings import PatientsSettings
from services.patients.tests.conftest import MIGRATIONS

pytestmark = pytest.mark.req("TAG-2")

PEOPLE, PHOTOGRAPHS, TAGS = 2, 3, 3


@pytest.fixture
async def db(ground: Ground, new_database: NewDatabase) -> AsyncIterator[Database]:
    key = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    kept = ground.settings(PatientsSettings, "patients", new_database("patients"), installation_key=key)
    await upgrade_async(kept, MIGRATIONS)
    async with Database(kept.database_url, kept.database_password.get_secret_value()) as made:
        yield made


@pytest.fixture
async def tags(db: Database) -> list[UUID]:
    scope = TagScope()
    category = TagCategory(scope=scope.id, name="Diagnosis", colour="teal", position=0)
    made = [Tag(category=category.id, name=str(n), position=n) for n in range(TAGS)]
    async with db.write() as s:
        for rows in ([scope], [category], made):
            s.add_all(rows)
            await s.flush()
    return [tag.id for tag in made]


class World:
    """Patients with photographs, as they are told of and as they ought to be."""

    def __init__(self, db: Database, tags: list[UUID]) -> None:
        self.db = db
        self.tags = tags
        self.patients = [
            Patient(unique_id=f"p-{uuid4().hex[:20]}", site=uuid4(), created_by=uuid4()) for _ in range(PEOPLE)
        ]
        self.photographs = [(uuid4(), self.patients[n % PEOPLE]) for n in range(PHOTOGRAPHS)]
        self.facts: dict[UUID, list[Event]] = {image: [] for image, _ in self.photographs}
        self.delivered: dict[UUID, set[int]] = {image: set() for image, _ in self.photographs}
        self.own: dict[UUID, set[UUID]] = {patient.id: set() for patient in self.patients}
        self.entries = [
            Entry(patient=patient.id, site=patient.site, appointment=now(), created_by=uuid4())
            for patient in self.patients
        ]
        self.moves: list[WorkspaceChanged] = []
        self.moved: set[int] = set()

    async def begin(self) -> None:
        async with self.db.write() as s:
            s.add_all(self.patients)
            await s.flush()
            s.add_all(self.entries)
        for image, patient in self.photographs:
            about = {"image": image, "patient": patient.id, "site": patient.site}
            self.facts[image].append(ImageRegistered(**about, version=1, uploaded_at=now()))

    def change(self, photograph: int, wanted: set[int]) -> None:
        """A photograph is given other tags."""
        image, patient = self.photographs[photograph]
        if isinstance(self.facts[image][-1], ImageRejected):
            return
        about = {"image": image, "patient": patient.id, "site": patient.site, "version": len(self.facts[image]) + 1}
        self.facts[image].append(ImageTagged(**about, tags=[self.tags[n] for n in sorted(wanted)]))

    def reject(self, photograph: int) -> None:
        """A photograph turns out not to be one."""
        image, patient = self.photographs[photograph]
        if isinstance(self.facts[image][-1], ImageRejected):
            return
        about = {"image": image, "patient": patient.id, "site": patient.site, "version": len(self.facts[image]) + 1}
        self.facts[image].append(ImageRejected(**about, reason=RejectionReason.CORRUPT))

    async def deliver(self, picks: list[tuple[int, int]]) -> None:
        """Some facts arrive together, in whatever order and however often."""
        batch = []
        for photograph, nth in picks:
            image, _ = self.photographs[photograph]
            told = self.facts[image]
            self.delivered[image].add(nth % len(told))
            batch.append(_fact(told[nth % len(told)]))
        async with self.db.write() as s:
            await follow_images(s, "images", batch)

    def choose(self, photograph: int, holds: bool) -> None:
        """The workspace of the patient's entry holds a photograph from now on, or no longer."""
        image, patient = self.photographs[photograph]
        about = {"image": image, "patient": patient.id, "site": patient.site, "version": len(self.moves) + 1}
        self.moves.append(WorkspaceChanged(**about, entry=self._entry_of(patient).id, holds=holds))

    async def deliver_choice(self, nth: int) -> None:
        """That is told, perhaps again."""
        if self.moves:
            self.moved.add(nth % len(self.moves))
            async with self.db.write() as s:
                await follow_images(s, "images", [_fact(self.moves[nth % len(self.moves)])])

    def _entry_of(self, patient: Patient) -> Entry:
        return self.entries[self.patients.index(patient)]

    def _held(self, patient: Patient) -> set[UUID]:
        held: dict[UUID, bool] = {}
        for nth in sorted(self.moved):
            if self.moves[nth].patient == patient.id:
                held[self.moves[nth].image] = self.moves[nth].holds
        return {image for image, holds in held.items() if holds}

    async def give_or_take(self, patient: int, tag: int) -> None:
        """Somebody changes the patient's own tags."""
        whose, what = self.patients[patient].id, self.tags[tag]
        async with self.db.write() as s:
            if what in self.own[whose]:
                await assigned_repository.take(s, PATIENT, whose, what)
            else:
                s.add(PatientTag(patient=whose, tag=what, assigned_by=uuid4()))
                await s.flush()
            await assigned_repository.refresh(s, PATIENT, [whose], changed=[whose])
        self.own[whose] ^= {what}

    async def deliver_all(self) -> None:
        for n, (image, _) in enumerate(self.photographs):
            await self.deliver([(n, nth) for nth in reversed(range(len(self.facts[image])))])
        for nth in reversed(range(len(self.moves))):
            await self.deliver_choice(nth)

    async def check(self) -> None:
        """Everybody has their own tags and those of the newest that is known of each photograph."""
        async with self.db.read() as rows:
            for patient in self.patients:
                seen = await assigned_repository.assigned(rows, PATIENT, patient.id)
                assert seen is not None
                sources = [tag for image, whose in self.photographs if whose is patient for tag in self._known(image)]
                assert set(seen.own) == self.own[patient.id]
                assert {one.tag: one.sources for one in seen.inherited} == {t: sources.count(t) for t in sources}
                kept = await rows.fetchval("SELECT tags FROM patients WHERE id = $1", patient.id)
                assert kept == sorted(self.own[patient.id] | set(sources))
                held = self._held(patient)
                of_entry = [t for image, _ in self.photographs if image in held for t in self._known(image)]
                entry = self._entry_of(patient).id
                assigned = await assigned_repository.assigned(rows, ENTRY, entry)
                assert assigned is not None
                assert {one.tag: one.sources for one in assigned.inherited} == {t: of_entry.count(t) for t in of_entry}
                assert await rows.fetchval("SELECT tags FROM entries WHERE id = $1", entry) == sorted(set(of_entry))
            for kind in (PATIENT, ENTRY):
                assert await assigned_repository.recount(rows, kind) == []

    def _known(self, image: UUID) -> list[UUID]:
        known = [self.facts[image][n] for n in sorted(self.delivered[image])]
        coming = [fact for fact in known if isinstance(fact, (ImageRegistered, ImageRejected))]
        tagged = [fact for fact in known if isinstance(fact, ImageTagged)]
        if not tagged or not coming or isinstance(coming[-1], ImageRejected):
            return []
        return tagged[-1].tags


def _fact(event: Event) -> Fact:
    data = event.model_dump(mode="json")
    return Fact(seq=1, id=event.id, subject=event.subject, at=event.at, data=data, origin=Origin())


PHOTOGRAPH = st.integers(0, PHOTOGRAPHS - 1)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("change"), PHOTOGRAPH, st.sets(st.integers(0, TAGS - 1))),
        st.tuples(st.just("reject"), PHOTOGRAPH),
        st.tuples(st.just("deliver"), st.lists(st.tuples(PHOTOGRAPH, st.integers(0, 7)), min_size=1, max_size=6)),
        st.tuples(st.just("choose"), PHOTOGRAPH, st.booleans()),
        st.tuples(st.just("deliver_choice"), st.integers(0, 30)),
        st.tuples(st.just("give_or_take"), st.integers(0, PEOPLE - 1), st.integers(0, TAGS - 1)),
    ),
    max_size=25,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
async def test_tags_are_right_under_duplicates_reordering_loss_and_removal(
    db: Database, tags: list[UUID], steps: list[tuple[str, ...]]
) -> None:
    world = World(db, tags)
    await world.begin()
    for name, *arguments in steps:
        done = getattr(world, name)(*arguments)
        if done is not None:
            await done
        await world.check()
    await world.deliver_all()
    await world.check()


async def test_a_patient_moves_with_what_it_inherits_and_says_so_once(db: Database, tags: list[UUID]) -> None:
    world = World(db, tags)
    await world.begin()
    patient = world.patients[0]
    world.change(0, {0, 1})
    world.change(0, {0, 1})
    for nth in (0, 1, 2, 1):
        await world.deliver([(0, nth)])
    async with db.read() as rows:
        kept = await rows.fetchrow("SELECT tags_version, last_modified FROM patients WHERE id = $1", patient.id)
        said = await rows.fetch("SELECT payload FROM outbox WHERE subject = 'evt.patients.tagged'")
    assert (kept["tags_version"], len(said)) == (1, 1)
    assert kept["last_modified"] > patient.last_modified
    assert str(world.facts[world.photographs[0][0]][1].id) in said[0]["payload"]


async def test_a_recount_finds_what_is_wrong_and_refreshing_puts_it_right(db: Database, tags: list[UUID]) -> None:
    world = World(db, tags)
    await world.begin()
    await world.give_or_take(0, 0)
    await db.execute("UPDATE patients SET tags = '{}'")
    async with db.read() as rows:
        wrong = await assigned_repository.recount(rows, PATIENT)
    assert wrong == [world.patients[0].id]
    async with db.write() as s:
        assert [one.bearer for one in await assigned_repository.refresh(s, PATIENT, wrong)] == wrong
    await world.check()
