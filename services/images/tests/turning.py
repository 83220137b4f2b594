"""Photographs that tests turn, and a worker that they watch."""

import base64
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from dermfolio.common.auth import Call
from dermfolio.common.data_keys import DataKeys
from dermfolio.common.errors import Refused
from dermfolio.common.inbox import Delivery
from dermfolio.common.sealing import Context, DataKey, Seal
from dermfolio.common.testing import eventually
from dermfolio.contracts.images import GetImage, LocateOriginal, LocateRendition, StoredObject
from dermfolio.contracts.patients import GetDataKey
from dermfolio.contracts.replay import Fact
from dermfolio.contracts.rotation import RotateImage, TurnImage
from dermfolio.contracts.views.editing import EditedImage
from dermfolio.contracts.views.images import ImageView
from dermfolio.contracts.views.rotation import NewRotation
from dermfolio.images.app import service
from dermfolio.images.imaging import Developed, Rejected
from dermfolio.images.imaging.develop import develop
from dermfolio.images.revisions import Revisions
from dermfolio.images.turn import Turn

from .conftest import MIGRATIONS, Clinic


@dataclass
class Table:
    """A ready photograph of the clinic's patient."""

    clinic: Clinic
    image: UUID
    data: bytes

    async def rotate(
        self, quarter_turns: Any = 1, *, key: str | None = None, call: Call | None = None, patient: UUID | None = None
    ) -> EditedImage:
        asked = RotateImage(
            patient=patient or self.clinic.patient,
            image=self.image,
            new=NewRotation(quarter_turns=quarter_turns),
            idempotency_key=key or str(uuid4()),
        )
        return await self.clinic.ask.ask(asked, call or self.clinic.call)

    async def refused(self, **how: Any) -> str:
        with pytest.raises(Refused) as refused:
            await self.rotate(**how)
        return refused.value.code

    async def seen(self) -> ImageView:
        return await self.clinic.ask.ask(GetImage(patient=self.clinic.patient, image=self.image), self.clinic.call)

    async def version(self) -> int:
        async with self.clinic.db.read() as rows:
            return int(await rows.fetchval("SELECT version FROM images WHERE id = $1", self.image))

    async def standing(self) -> ImageView:
        async def look() -> ImageView | None:
            view = await self.seen()
            return None if view.rotating else view

        return await eventually(look, seconds=60)

    async def original(self, *, rotated: bool) -> StoredObject:
        asked = LocateOriginal(patient=self.clinic.patient, image=self.image, rotated=rotated)
        return await self.clinic.ask.ask(asked, self.clinic.call)

    async def rendition(self, size: Any) -> bytes:
        asked = LocateRendition(patient=self.clinic.patient, image=self.image, size=size)
        return await self.opened(await self.clinic.ask.ask(asked, self.clinic.call))

    async def opened(self, stored: StoredObject) -> bytes:
        key = (await self.clinic.ask.ask(GetDataKey(patient=stored.patient))).key
        context = Context(owner="images", key=stored.key, revision=stored.context_revision)
        data = await self.clinic.blobs.read(Seal(DataKey(base64.urlsafe_b64decode(key)), context))
        assert len(data) == stored.bytes
        return data

    async def said(self, name: str) -> list[Fact]:
        """All facts of this name."""
        return [fact for fact in await self.clinic.said() if fact.subject == f"evt.images.{name}"]


async def at_table(clinic: Clinic, data: bytes, name: str = "arm.jpg") -> Table:
    image = (await clinic.upload(data, name=name)).image.id
    return Table(clinic, image, data)


@dataclass
class Bench:
    """A worker whose decoding is watched."""

    table: Table
    outcomes: list[Developed | Rejected | None]
    decoded: int = 0
    meanwhile: Any = None

    def turn(self) -> Turn:
        clinic = self.table.clinic

        async def data_key(patient: UUID) -> str:
            return (await clinic.ask.ask(GetDataKey(patient=patient))).key

        return Turn(clinic.db, Revisions(clinic.blobs, DataKeys(data_key)), self.develop)

    async def work(self, job: TurnImage) -> None:
        clinic = self.table.clinic

        async with clinic.db.write() as s:
            await s.execute(
                sa.text(
                    "INSERT INTO inbox (consumer, message, attempts) VALUES ('bench', :id, 1) ON CONFLICT DO NOTHING"
                ),
                {"id": job.id},
            )
        await self.turn()(job, Delivery("bench", job.id, 1))

    async def develop(self, data: bytes, rotation: int) -> Developed | Rejected:
        self.decoded += 1
        if self.meanwhile is not None:
            await self.meanwhile()
        return (self.outcomes.pop() if self.outcomes else None) or develop(data, rotation=rotation)


async def bench_of(clinic: Clinic, data: bytes) -> Bench:
    """A bench at a clinic without workers, with a photograph that was made ready before."""
    table = await at_table(clinic, data)
    async with clinic.ground.running("images", clinic.settings, service, MIGRATIONS, role="work"):
        await clinic.settled(table.image)
    return Bench(table, [])
