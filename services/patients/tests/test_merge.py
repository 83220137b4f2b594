"""Merging duplicates of a patient."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dermfolio.common.auth import Actor
from dermfolio.common.bus import Requests
from dermfolio.common.db import Database
from dermfolio.common.errors import Refused, Unavailable
from dermfolio.common.testing import at, user
from dermfolio.contracts.details import ChangePatient
from dermfolio.contracts.images import ImageRegistered, ImageRejected
from dermfolio.contracts.merging import (
    ListMerged,
    MergePatient,
    PatientMerged,
    PatientUnmerged,
    PreviewMerge,
    UnmergePatient,
)
from dermfolio.contracts.messages import now
from dermfolio.contracts.patients import AdmitImage, CreatePatient, GetPatient, ListPatients, MayAdmit
from dermfolio.contracts.replay import Fact, Origin
from dermfolio.contracts.roles import Role
from dermfolio.contracts.sharing import ListPatientSites, MaySee, SharePatient, UnsharePatient
from dermfolio.contracts.views.details import PatientChanges
from dermfolio.contracts.views.merging import MergeCandidate, MergedRecords
from dermfolio.contracts.views.patients import NewPatient
from dermfolio.patients.count import count_images
from services.patients.tests.identity import Identity
from services.patients.tests.records import Desk

pytestmark = pytest.mark.req("PAT-7")


@pytest.fixture
def admin(site: UUID) -> Actor:
    return at(site, Role.SITE_ADMIN)


@pytest.fixture
def elsewhere(identity: Identity) -> UUID:
    return identity.open("Elsewhere")


@pytest.fixture
def both(site: UUID, elsewhere: UUID) -> Actor:
    """An administrator of both sites."""
    return user(**{str(site): Role.SITE_ADMIN, str(elsewhere): Role.SITE_ADMIN})


async def merge(desk: Desk, actor: Actor, survivor: UUID, alias: UUID, version: int = 0) -> MergedRecords:
    return await desk.ask(MergePatient(patient=survivor, alias=alias, version=version), actor)


async def test_the_preview_says_what_would_be_seen_together_and_changes_nothing(
    desk: Desk, both: Actor, site: UUID, elsewhere: UUID
) -> None:
    one = NewPatient.model_validate({"unique_id": "one", "site": site, "last_name": "Berg", "notes": "Juckreiz"})
    two = NewPatient.model_validate({"unique_id": "two", "site": elsewhere, "last_name": "Berger", "gender": "woman"})
    survivor = await desk.ask(CreatePatient(patient=one), both)
    alias = await desk.ask(CreatePatient(patient=two), both)
    asked = PreviewMerge(patient=survivor.id, candidate=MergeCandidate(unique_id="TWO"))
    seen = await desk.ask(asked, both)
    assert (seen.survivor, seen.alias) == (survivor, alias)
    assert (seen.differing, seen.only_alias) == (["last_name"], ["gender"])
    assert seen.sites == seen.newly_seeing == [site, elsewhere]
    assert (seen.obstacle, seen.version) == (None, 0)
    assert await desk.ask(asked, both) == seen


async def test_a_merged_record_leads_to_its_survivor_and_is_listed_nowhere(desk: Desk, admin: Actor) -> None:
    survivor, alias = (await desk.make(admin, "one")).id, (await desk.make(admin, "two")).id
    merged = await merge(desk, admin, survivor, alias)
    assert [(r.id, r.unique_id) for r in merged.records] == [(alias, "two")]
    assert await desk.ask(ListMerged(patient=survivor), admin) == merged
    assert (await desk.ask(GetPatient(patient=alias), admin)).merged_into == survivor
    assert (await desk.ask(GetPatient(patient=survivor), admin)).aliases == [alias]
    assert [p.id for p in (await desk.ask(ListPatients(), admin)).patients] == [survivor]
    for record in (survivor, alias):
        sight = await desk.ask(MaySee(patient=record), admin)
        assert [member.patient for member in sight.members] == [survivor, alias]
    facts = await desk.said(PatientMerged, times=2)
    assert [(f.data["patient"], f.data["survivor"], f.data["alias"], f.data["version"]) for f in facts] == [
        (str(survivor), str(survivor), str(alias), 1),
        (str(alias), str(survivor), str(alias), 1),
    ]


async def test_an_alias_is_not_changed_and_the_survivor_is_named(desk: Desk, admin: Actor, elsewhere: UUID) -> None:
    survivor, alias = (await desk.make(admin, "one")).id, await desk.make(admin, "two")
    await merge(desk, admin, survivor, alias.id)
    changes = PatientChanges(notes="x")
    for request in (
        ChangePatient(patient=alias.id, changes=changes, version=alias.version),
        SharePatient(patient=alias.id, site=elsewhere),
        UnsharePatient(patient=alias.id, site=elsewhere),
        MayAdmit(patient=alias.id),
    ):
        with pytest.raises(Refused) as refused:
            await desk.ask(request, admin)
        assert (refused.value.code, refused.value.facts) == ("patient_merged", {"patient": str(survivor)})
    assert (await desk.ask(MayAdmit(patient=survivor), admin)).aliases == [alias.id]
    async with desk.ground.asking("images") as images:
        with pytest.raises(Refused) as late:
            await images.ask(AdmitImage(patient=alias.id, image=uuid4()), desk.ground.call(admin))
    assert late.value.code == "patient_merged"


async def test_no_alias_ever_has_aliases(desk: Desk, admin: Actor) -> None:
    a, b, c = [(await desk.make(admin, name)).id for name in ("aa", "bb", "cc")]
    assert await desk.refused(MergePatient(patient=a, alias=a, version=0), admin) == "same_patient"
    await merge(desk, admin, a, b)
    assert await desk.refused(MergePatient(patient=b, alias=c, version=1), admin) == "patient_merged"
    assert await desk.refused(MergePatient(patient=b, alias=a, version=1), admin) == "patient_merged"
    assert await desk.refused(MergePatient(patient=c, alias=b, version=0), admin) == "patient_merged"
    assert await desk.refused(MergePatient(patient=c, alias=a, version=0), admin) == "patient_holds_merged"
    assert await desk.refused(MergePatient(patient=a, alias=c, version=0), admin) == "stale_version"
    seen = await desk.ask(PreviewMerge(patient=c, candidate=MergeCandidate(unique_id="aa")), admin)
    assert seen.obstacle == "patient_holds_merged"
    assert len((await merge(desk, admin, a, c, version=1)).records) == 2


async def test_merging_and_taking_it_back_twice_have_one_effect(desk: Desk, admin: Actor) -> None:
    survivor, alias = (await desk.make(admin, "one")).id, (await desk.make(admin, "two")).id
    for _ in range(2):
        assert len((await merge(desk, admin, survivor, alias)).records) == 1
    for _ in range(2):
        assert (await desk.ask(UnmergePatient(patient=survivor, alias=alias), admin)).records == []
    assert (await desk.ask(GetPatient(patient=alias), admin)).merged_into is None
    await desk.said(PatientUnmerged, times=2)
    said = [fact for fact in await desk.facts() if fact.subject in {PatientMerged.subject, PatientUnmerged.subject}]
    assert [fact.data["version"] for fact in said] == [1, 1, 2, 2]


async def test_of_merges_in_circles_at_once_one_happens(desk: Desk, admin: Actor) -> None:
    a, b, c = [(await desk.make(admin, name)).id for name in ("aa", "bb", "cc")]
    circle = [MergePatient(patient=s, alias=o, version=0) for s, o in ((a, b), (b, c), (c, a), (b, a), (c, b), (a, c))]
    answers = await asyncio.gather(*(desk.ask(request, admin) for request in circle), return_exceptions=True)
    assert {getattr(answer, "code", "done") for answer in answers} <= {
        "done",
        "patient_merged",
        "patient_holds_merged",
        "stale_version",
    }
    views = [await desk.ask(GetPatient(patient=p), admin) for p in (a, b, c)]
    survivors = {v.id for v in views if v.merged_into is None}
    assert {v.merged_into for v in views if v.merged_into} <= survivors
    assert 1 <= len(survivors) < 3


@pytest.mark.req("ORG-1")
async def test_the_people_of_both_sites_see_both_as_long_as_they_are_merged(
    desk: Desk, both: Actor, site: UUID, elsewhere: UUID, identity: Identity
) -> None:
    third = identity.open("Third")
    survivor, alias = await desk.make(both, "one", site), await desk.make(both, "two", elsewhere)
    await desk.ask(SharePatient(patient=alias.id, site=third), both)
    here, there, farther = at(site, Role.VIEWER), at(elsewhere, Role.VIEWER), at(third, Role.VIEWER)
    await merge(desk, both, survivor.id, alias.id)
    for viewer in (here, there, farther):
        for record in (survivor.id, alias.id):
            assert (await desk.ask(GetPatient(patient=record), viewer)).id == record
        assert [p.id for p in (await desk.ask(ListPatients(), viewer)).patients] == [survivor.id]
    for brought in (elsewhere, third):
        assert await desk.refused(UnsharePatient(patient=survivor.id, site=brought), both) == "shared_by_merge"
    await desk.ask(UnmergePatient(patient=survivor.id, alias=alias.id), both)
    assert await desk.refused(GetPatient(patient=alias.id), here) == "not_found"
    for viewer in (there, farther):
        assert await desk.refused(GetPatient(patient=survivor.id), viewer) == "not_found"
        assert (await desk.ask(GetPatient(patient=alias.id), viewer)).id == alias.id
    assert (await desk.ask(ListPatientSites(patient=survivor.id), both)).shared == []


@pytest.mark.req("ORG-1")
async def test_a_share_that_two_aliases_bring_lasts_as_long_as_one_of_them(
    desk: Desk, both: Actor, site: UUID, elsewhere: UUID
) -> None:
    survivor = await desk.make(both, "one", site)
    first, second = await desk.make(both, "two", elsewhere), await desk.make(both, "three", elsewhere)
    await merge(desk, both, survivor.id, first.id)
    await merge(desk, both, survivor.id, second.id, version=1)
    there = at(elsewhere, Role.VIEWER)
    await desk.ask(UnmergePatient(patient=survivor.id, alias=first.id), both)
    assert (await desk.ask(GetPatient(patient=survivor.id), there)).aliases == [second.id]
    await desk.ask(UnmergePatient(patient=survivor.id, alias=second.id), both)
    assert await desk.refused(GetPatient(patient=survivor.id), there) == "not_found"


@pytest.mark.req("ORG-1")
async def test_who_may_not_merge_at_both_home_sites_is_refused(
    desk: Desk, both: Actor, site: UUID, elsewhere: UUID
) -> None:
    survivor, alias = await desk.make(both, "one", site), await desk.make(both, "two", elsewhere)
    here = at(site, Role.SITE_ADMIN)
    previewing = PreviewMerge(patient=survivor.id, candidate=MergeCandidate(unique_id="two"))
    merging = MergePatient(patient=survivor.id, alias=alias.id, version=0)
    taking_back = UnmergePatient(patient=survivor.id, alias=alias.id)
    assert await desk.refused(previewing, at(site, Role.CLINICIAN)) == "forbidden"
    for request in (previewing, merging, taking_back):
        assert await desk.refused(request, here) == "not_found"
        assert await desk.refused(request, user(installation=Role.ADMIN)) == "not_found"
    nobody = PreviewMerge(patient=survivor.id, candidate=MergeCandidate(unique_id="nobody"))
    assert await desk.refused(nobody, here) == "not_found"
    await merge(desk, both, survivor.id, alias.id)
    assert await desk.refused(taking_back, here) == "forbidden", "the alias is seen now, and belongs to the other site"


@dataclass
class Model:
    """What merges over a few records come to: whose alias each is, and how often each was part of one."""

    records: list[UUID]
    of: dict[UUID, UUID] = field(default_factory=dict)
    versions: Counter[UUID] = field(default_factory=Counter)
    images: Counter[UUID] = field(default_factory=Counter)

    def aliases(self, survivor: UUID) -> list[UUID]:
        return sorted(alias for alias, other in self.of.items() if other == survivor)

    def merge(self, survivor: UUID, alias: UUID) -> str:
        if self.of.get(alias) == survivor:
            return "done"
        if survivor == alias:
            return "same_patient"
        if survivor in self.of or alias in self.of:
            return "patient_merged"
        if self.aliases(alias):
            return "patient_holds_merged"
        self.of[alias] = survivor
        self.versions.update((survivor, alias))
        return "done"

    def unmerge(self, survivor: UUID, alias: UUID) -> str:
        if self.of.get(alias) == survivor:
            del self.of[alias]
            self.versions.update((survivor, alias))
        return "done"

    def count(self, record: UUID) -> int:
        return self.images[record] + sum(self.images[alias] for alias in self.aliases(record))


RECORDS = 4
steps = st.lists(
    st.tuples(
        st.sampled_from(["merge", "unmerge", "photograph", "reject"]),
        st.integers(0, RECORDS - 1),
        st.integers(0, RECORDS - 1),
    ),
    min_size=1,
    max_size=12,
)


@pytest.mark.req("PAT-3")
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
async def test_whatever_is_merged_taken_back_and_photographed_records_and_counts_are_as_they_should(
    desk: Desk, database: Database, admin: Actor, steps: list[tuple[str, int, int]]
) -> None:
    model = Model([(await desk.make(admin, f"r-{uuid4().hex[:12]}")).id for _ in range(RECORDS)])
    images: list[tuple[UUID, UUID]] = []
    for what, one, other in steps:
        here, there = model.records[one], model.records[other]
        if what == "photograph":
            images.append((here, uuid4()))
            await hear(database, ImageRegistered, images[-1], 1)
            model.images[here] += 1
        elif what == "reject" and images:
            await hear(database, ImageRejected, images[-1], 2)
            model.images[images.pop()[0]] -= 1
        elif what == "merge":
            version = model.versions[here]
            expected = model.merge(here, there)
            assert await outcome(desk, MergePatient(patient=here, alias=there, version=version), admin) == expected
        elif what == "unmerge":
            expected = model.unmerge(here, there)
            assert await outcome(desk, UnmergePatient(patient=here, alias=there), admin) == expected
    for record in model.records:
        view = await desk.ask(GetPatient(patient=record), admin)
        assert (view.merged_into, view.aliases) == (model.of.get(record), model.aliases(record))
        assert view.image_count == model.count(record)


async def test_photographs_counted_while_records_are_merged_and_parted_are_counted_once(
    desk: Desk, database: Database, admin: Actor
) -> None:
    survivor, alias = (await desk.make(admin, "one")).id, (await desk.make(admin, "two")).id

    async def photographs() -> None:
        for _ in range(20):
            await hear(database, ImageRegistered, (alias, uuid4()), 1)

    async def merges() -> None:
        for n in range(5):
            await merge(desk, admin, survivor, alias, version=2 * n)
            await desk.ask(UnmergePatient(patient=survivor, alias=alias), admin)
        await merge(desk, admin, survivor, alias, version=10)

    await asyncio.gather(photographs(), merges())
    views = [await desk.ask(GetPatient(patient=record), admin) for record in (survivor, alias)]
    assert [view.image_count for view in views] == [20, 20]


@pytest.fixture
async def database(patients: Requests, database_url: str) -> AsyncIterator[Database]:
    """The service's own database, beside it."""
    parts = urlsplit(database_url)
    url = f"postgresql://{parts.username}@{parts.hostname}:{parts.port}{parts.path}"
    async with Database(url, parts.password or "") as made:
        yield made


async def hear(
    database: Database, event: type[ImageRegistered | ImageRejected], image: tuple[UUID, UUID], version: int
) -> None:
    """Apply a fact of images, as the follower does."""
    patient, id_ = image
    data = {"patient": str(patient), "image": str(id_), "version": version}
    fact = Fact(seq=1, id=uuid4(), subject=event.subject, at=now(), data=data, origin=Origin(service="images"))
    while True:
        try:
            async with database.write() as s:
                await count_images(s, "images", [fact])
        except Unavailable:  # what waits for each other is tried again
            continue
        return


async def outcome(desk: Desk, request: MergePatient | UnmergePatient, actor: Actor) -> str:
    """`done`, or the code of the refusal."""
    try:
        await desk.ask(request, actor)
    except Refused as refused:
        return refused.code
    return "done"
