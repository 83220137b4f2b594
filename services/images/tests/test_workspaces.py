"""Workspaces: the photographs chosen for an entry."""

import asyncio
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from dermfolio.common.auth import Call
from dermfolio.common.errors import Refused
from dermfolio.common.testing import at, eventually
from dermfolio.contracts.entries import CreateEntry, GetEntry
from dermfolio.contracts.images import GetImage, ListPool
from dermfolio.contracts.patients import GetPatient
from dermfolio.contracts.replay import Fact, ReplayImages
from dermfolio.contracts.roles import Role
from dermfolio.contracts.sharing import OpenPatient
from dermfolio.contracts.views.entries import NewEntry
from dermfolio.contracts.views.sharing import NewOpening
from dermfolio.contracts.views.workspaces import WorkspaceChanges, WorkspacePage, WorkspaceState
from dermfolio.contracts.workspaces import (
    ChangeWorkspace,
    GetWorkspace,
    ListWorkspaces,
    WorkspaceChanged,
    WorkspacesListed,
    WorkspaceViewed,
)
from dermfolio.images import workspace_repository, workspaces

from .conftest import Clinic
from .photographs import photograph

pytestmark = pytest.mark.req("WRK-1")


@dataclass
class Table:
    """A patient with ready photographs, and somebody who chooses among them."""

    clinic: Clinic
    images: list[UUID]
    entry: UUID

    async def another_entry(self, patient: UUID | None = None, call: Call | None = None) -> UUID:
        asked = CreateEntry(patient=patient or self.clinic.patient, entry=NewEntry(), idempotency_key=str(uuid4()))
        return (await self.clinic.ask.ask(asked, call or self.clinic.call)).id

    async def change(
        self,
        add: list[UUID] | None = None,
        remove: list[UUID] | None = None,
        *,
        entry: UUID | None = None,
        patient: UUID | None = None,
        call: Call | None = None,
    ) -> WorkspaceState:
        changes = WorkspaceChanges(add=add or [], remove=remove or [])
        asked = ChangeWorkspace(patient=patient or self.clinic.patient, entry=entry or self.entry, changes=changes)
        return await self.clinic.ask.ask(asked, call or self.clinic.call)

    async def refused(self, *add: UUID, **how: object) -> str:
        with pytest.raises(Refused) as refused:
            await self.change(list(add), **how)  # type: ignore[arg-type]
        return refused.value.code

    async def page(self, limit: int = 100, cursor: str | None = None, call: Call | None = None) -> WorkspacePage:
        asked = GetWorkspace(patient=self.clinic.patient, entry=self.entry, limit=limit, cursor=cursor)
        return await self.clinic.ask.ask(asked, call or self.clinic.call)

    async def chosen(self) -> list[UUID]:
        return [image.id for image in (await self.page()).images]

    async def said(self, subject: str, times: int) -> list[Fact]:
        async def found() -> list[Fact] | None:
            async with self.clinic.ground.asking("audit") as audit:
                facts = (await audit.ask(ReplayImages(after=0))).facts
            named = [fact for fact in facts if fact.subject == subject]
            return named if len(named) >= times else None

        return await eventually(found)


@pytest.fixture
async def table(clinic: Clinic) -> Table:
    images = [(await clinic.upload(photograph(seed))).image.id for seed in range(3)]
    for image in images:
        await clinic.settled(image)
    made = Table(clinic, images, uuid4())
    made.entry = await made.another_entry()
    return made


async def test_photographs_come_and_go_and_what_is_so_already_stays(table: Table) -> None:
    first, second, third = table.images
    assert (await table.page()).total == 0
    state = await table.change([first, second])
    assert (state.total, state.version) == (2, 2)
    assert await table.change([first]) == state
    assert await table.chosen() == [second, first], "newest first"
    state = await table.change([third], [first])
    assert (state.total, state.version, await table.chosen()) == (2, 4, [third, second])
    facts = await table.said(WorkspaceChanged.subject, 4)
    told = [(UUID(fact.data["image"]), fact.data["holds"], fact.data["version"]) for fact in facts]
    assert told[:2] == [(image, True, version) for version, image in enumerate(sorted([first, second]), 1)]
    assert told[2:] == [(first, False, 3), (third, True, 4)]
    assert {(fact.data["entry"], fact.data["patient"]) for fact in facts} == {
        (str(table.entry), str(table.clinic.patient))
    }


async def test_workspaces_are_independent_and_a_photograph_names_those_that_hold_it(table: Table) -> None:
    clinic, other, image = table.clinic, await table.another_entry(), table.images[0]
    await table.change([image])
    await table.change([image], entry=other)
    view = await clinic.ask.ask(GetImage(patient=clinic.patient, image=image), clinic.call)
    assert view.entries == [table.entry, other]
    await table.change(remove=[image])
    pool = await clinic.ask.ask(ListPool(patient=clinic.patient), clinic.call)
    assert {one.id: one.entries for one in pool.images}[image] == [other]


async def test_a_change_is_made_whole_or_not_at_all(table: Table) -> None:
    assert await table.refused(table.images[0], uuid4()) == "not_found"
    assert await table.refused(table.images[0], remove=[uuid4()]) == "not_found"
    assert await table.chosen() == []


async def test_only_ready_photographs_of_the_entrys_patient_are_chosen(table: Table) -> None:
    clinic = table.clinic
    other = await clinic.new_patient("pat-2")
    theirs = (await clinic.upload(photograph(7), patient=other)).image.id
    assert await table.refused(theirs) == "not_found"
    elsewhere = await table.another_entry(other)
    assert await table.refused(table.images[0], entry=elsewhere) == "not_found"
    assert await table.refused(table.images[0], entry=elsewhere, patient=other) == "not_found"
    broken = (await clinic.upload(b"no photograph")).image.id
    await clinic.settled(broken)
    assert await table.refused(broken) == "not_found"


async def test_a_photograph_that_is_still_processed_cannot_be_chosen_yet(idle_clinic: Clinic) -> None:
    image = (await idle_clinic.upload(photograph())).image.id
    table = Table(idle_clinic, [image], uuid4())
    table.entry = await table.another_entry()
    assert await table.refused(image) == "image_not_ready"


async def test_many_who_choose_at_once_lose_nothing(table: Table) -> None:
    changes = [table.change([image]) for image in table.images for _ in range(4)]
    states = await asyncio.gather(*changes)
    assert set(await table.chosen()) == set(table.images)
    assert max(state.version for state in states) == 3
    facts = await table.said(WorkspaceChanged.subject, 3)
    assert sorted(fact.data["version"] for fact in facts) == [1, 2, 3]


async def test_a_workspace_has_an_end(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspaces, "IMAGES_AT_MOST", 2)
    await table.change(table.images[:2])
    assert await table.refused(table.images[2]) == "workspace_full"
    assert (await table.change(table.images[2:], table.images[:1])).total == 2


async def test_it_comes_in_pages_and_begins_in_previews(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    clinic = table.clinic
    await table.change(table.images)
    first = await table.page(2)
    second = await table.page(2, first.next)
    assert [image.id for page in (first, second) for image in page.images] == table.images[::-1]
    assert (first.total, second.next) == (3, None)
    monkeypatch.setattr(workspaces, "PREVIEWED", 2)
    other = await clinic.new_patient("pat-2")
    foreign, empty = await table.another_entry(other), await table.another_entry()
    asked = ListWorkspaces(patient=clinic.patient, entries=[foreign, empty, table.entry, uuid4()])
    [preview] = (await clinic.ask.ask(asked, clinic.call)).workspaces
    assert (preview.entry, preview.total) == (table.entry, 3)
    assert [tile.id for tile in preview.images] == table.images[:0:-1]
    [viewed, *_] = await table.said(WorkspaceViewed.subject, 2)
    assert viewed.data["images"] == [str(image) for image in table.images[:0:-1]]
    [listed] = await table.said(WorkspacesListed.subject, 1)
    assert listed.data["images"] == [str(tile.id) for tile in preview.images]


@pytest.mark.req("ORG-1", "ORG-8")
async def test_who_sees_the_entry_sees_it_and_clinicians_choose(table: Table) -> None:
    clinic = table.clinic
    await table.change(table.images[:1])
    viewer = clinic.ground.call(at(clinic.site, Role.VIEWER))
    assert (await table.page(call=viewer)).total == 1
    assert await table.refused(table.images[1], call=viewer) == "forbidden"
    stranger = clinic.ground.call(at(uuid4(), Role.CLINICIAN))
    assert await table.refused(table.images[1], call=stranger) == "not_found"
    with pytest.raises(Refused, match="not_found"):
        await table.page(call=stranger)
    opening = NewOpening(unique_id="pat-1", reason="Anaphylaxis in the emergency room")
    await clinic.ask.ask(OpenPatient(opening=opening, idempotency_key="once"), stranger)
    assert (await table.page(call=stranger)).total == 1
    assert await table.refused(table.images[1], call=stranger) == "forbidden"


@pytest.mark.req("PAT-3")
async def test_the_entry_and_its_patient_say_that_they_were_changed(table: Table) -> None:
    clinic = table.clinic
    before = await clinic.ask.ask(GetEntry(patient=clinic.patient, entry=table.entry), clinic.call)
    await table.change(table.images[:1])

    async def changed() -> bool:
        entry = await clinic.ask.ask(GetEntry(patient=clinic.patient, entry=table.entry), clinic.call)
        patient = await clinic.ask.ask(GetPatient(patient=clinic.patient), clinic.call)
        return before.last_modified < entry.last_modified <= patient.last_modified

    assert await eventually(changed)


async def test_what_workspaces_hold_is_known_to_who_would_move_it(table: Table) -> None:
    other = await table.another_entry()
    await table.change(table.images[:2])
    await table.change(table.images[:1], entry=other)
    async with table.clinic.db.write() as s:
        held = await workspace_repository.holding(s, table.images)
    assert held == {table.images[0]: [table.entry, other], table.images[1]: [table.entry]}
