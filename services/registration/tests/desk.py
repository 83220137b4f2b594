"""Somebody who compares photographs, through the bus."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import pytest

from dermfolio.common.auth import Call
from dermfolio.common.bus import Requests
from dermfolio.common.db import Database
from dermfolio.common.errors import Refused
from dermfolio.common.testing import Ground, eventually
from dermfolio.contracts.comparisons import (
    ChangeComparison,
    CreateComparison,
    DeleteComparison,
    GetComparison,
    ListComparisons,
    RestoreComparison,
)
from dermfolio.contracts.entries import CreateEntry
from dermfolio.contracts.messages import Event, now
from dermfolio.contracts.patients import CreatePatient
from dermfolio.contracts.replay import Fact, ReplayRegistration
from dermfolio.contracts.views.comparisons import ComparisonChanges, ComparisonView, NewComparison
from dermfolio.contracts.views.entries import NewEntry
from dermfolio.contracts.views.images import ImageState
from dermfolio.contracts.views.patients import NewPatient
from dermfolio.contracts.views.workspaces import WorkspaceChanges, WorkspaceState
from dermfolio.contracts.workspaces import ChangeWorkspace


@dataclass
class Desk:
    """An entry of a patient; `images` are in its workspace."""

    ground: Ground
    requests: Requests
    db: Database
    images_db: Database
    site: UUID
    call: Call
    unique_id: str
    patient: UUID = field(default_factory=uuid4)
    entry: UUID = field(default_factory=uuid4)
    images: list[UUID] = field(default_factory=list)

    async def ask(self, asked: Any, call: Call | None = None) -> Any:
        return await self.requests.ask(asked, call or self.call)

    async def new_patient(self, unique_id: str) -> UUID:
        patient: UUID = (await self.ask(CreatePatient(patient=NewPatient(unique_id=unique_id)))).id
        return patient

    async def another_entry(self, patient: UUID | None = None) -> UUID:
        asked = CreateEntry(patient=patient or self.patient, entry=NewEntry(), idempotency_key=str(uuid4()))
        entry: UUID = (await self.ask(asked)).id
        return entry

    async def photograph(self, patient: UUID | None = None) -> UUID:
        """A row as ingest leaves it: what is compared here are ids."""
        from dermfolio.images import places
        from dermfolio.images.models import Image

        image, at = uuid4(), now()
        async with self.images_db.write() as s:
            s.add(
                Image(
                    id=image,
                    patient=patient or self.patient,
                    site=self.site,
                    state=ImageState.READY,
                    file_name="arm.jpg",
                    media_type="image/jpeg",
                    bytes=1,
                    sha256=uuid4().hex * 2,
                    attempt=uuid4(),
                    revision=1,
                    width=4,
                    height=3,
                    effective_at=at,
                    place=places.dated(at, image),
                    uploaded_by=uuid4(),
                )
            )
        return image

    async def choose(
        self, add: Sequence[UUID] = (), remove: Sequence[UUID] = (), entry: UUID | None = None
    ) -> WorkspaceState:
        changes = WorkspaceChanges(add=[*add], remove=[*remove])
        asked = ChangeWorkspace(patient=self.patient, entry=entry or self.entry, changes=changes)
        state: WorkspaceState = await self.ask(asked)
        return state

    async def removable(self, *images: UUID) -> WorkspaceState:
        """Remove photographs once nothing holds them any more."""

        async def removed() -> WorkspaceState | None:
            try:
                return await self.choose(remove=images)
            except Refused as refusal:
                if refusal.code != "image_in_comparison":
                    raise
                return None

        return await eventually(removed)

    def creating(self, images: Sequence[UUID] | None = None, id_: UUID | None = None, **more: Any) -> CreateComparison:
        chosen = self.images if images is None else [*images]
        new = {"images": chosen, "reference": chosen[0], **more}
        return CreateComparison(
            patient=self.patient, entry=self.entry, comparison=id_ or uuid4(), new=NewComparison.model_validate(new)
        )

    async def create(self, images: Sequence[UUID] | None = None, id_: UUID | None = None, **more: Any) -> UUID:
        created: ComparisonView = await self.ask(self.creating(images, id_, **more))
        return created.id

    def changing(self, id_: UUID, version: int, **changes: Any) -> ChangeComparison:
        made = ComparisonChanges.model_validate(changes)
        return ChangeComparison(**self.at(id_), changes=made, version=version)

    async def change(self, id_: UUID, version: int, **changes: Any) -> ComparisonView:
        changed: ComparisonView = await self.ask(self.changing(id_, version, **changes))
        return changed

    async def delete(self, id_: UUID) -> None:
        await self.ask(DeleteComparison(**self.at(id_)))

    async def restore(self, id_: UUID) -> ComparisonView:
        restored: ComparisonView = await self.ask(RestoreComparison(**self.at(id_)))
        return restored

    async def get(self, id_: UUID) -> ComparisonView:
        found: ComparisonView = await self.ask(GetComparison(**self.at(id_)))
        return found

    async def all(self) -> list[ComparisonView]:
        found: list[ComparisonView] = (
            await self.ask(ListComparisons(patient=self.patient, entry=self.entry))
        ).comparisons
        return found

    def at(self, id_: UUID) -> dict[str, UUID]:
        return {"patient": self.patient, "entry": self.entry, "comparison": id_}

    async def refused(self, asked: Any, call: Call | None = None) -> Refused:
        with pytest.raises(Refused) as refused:
            await self.ask(asked, call)
        return refused.value

    async def held(self) -> set[tuple[UUID, UUID]]:
        """(comparison, photograph) of what images keeps in the workspace."""
        async with self.images_db.read() as rows:
            found = await rows.fetch("SELECT comparison, image FROM held_images WHERE entry = $1", self.entry)
        return {(row["comparison"], row["image"]) for row in found}

    async def holds(self, *comparisons: UUID) -> bool:
        """Whether images keeps exactly what these comparisons use, once it has heard of everything."""

        async def so() -> bool:
            views = [await self.get(id_) for id_ in comparisons]
            return await self.held() == {(view.id, image) for view in views for image in view.images}

        return await eventually(so)

    async def said(self, *kinds: type[Event]) -> list[Fact]:
        """The facts of these kinds about this entry, once whatever was written is numbered."""

        async def numbered() -> bool:
            async with self.db.read() as rows:
                return not await rows.fetchval("SELECT EXISTS (SELECT FROM outbox WHERE kind = 'evt' AND seq IS NULL)")

        await eventually(numbered)
        async with self.ground.asking("audit") as audit:
            asked = ReplayRegistration(after=0, subjects=[kind.subject for kind in kinds])
            facts = (await audit.ask(asked)).facts
        return [fact for fact in facts if fact.data.get("entry", str(self.entry)) == str(self.entry)]
