"""images with patients beside it, on real servers."""

import base64
import hashlib
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from dermfolio.common.auth import Actor, Call
from dermfolio.common.blobs import Blobs
from dermfolio.common.bus import Requests
from dermfolio.common.db import Database
from dermfolio.common.sealing import Context, DataKey, Seal
from dermfolio.common.setup import apply
from dermfolio.common.testing import Ground, at, eventually
from dermfolio.contracts.images import GetImage, RegisterImage
from dermfolio.contracts.messages import Event
from dermfolio.contracts.patients import CreatePatient, GetDataKey
from dermfolio.contracts.replay import Fact, ReplayImages
from dermfolio.contracts.roles import Role
from dermfolio.contracts.views.images import ImageState, ImageView, UploadView
from dermfolio.contracts.views.patients import NewPatient
from dermfolio.images.app import service
from dermfolio.images.settings import ImagesSettings
from dermfolio.local.servers.nats_server import NatsServer
from dermfolio.local.testing import Bucket, NewDatabase
from services.patients.tests.identity import Identity

ROOT = Path(__file__).parents[3]
MIGRATIONS = ROOT / "services/images/migrations"


@dataclass
class Clinic:
    """A running images service, and a patient of a clinician to upload for."""

    ground: Ground
    ask: Requests
    blobs: Blobs
    db: Database
    settings: ImagesSettings
    identity: Identity
    site: UUID
    call: Call
    patient: UUID

    async def store(self, image: UUID, data: bytes, patient: UUID | None = None) -> UUID:
        """Put bytes into the store as the gateway does; returns the attempt."""
        attempt = uuid4()
        key = (await self.ask.ask(GetDataKey(patient=patient or self.patient))).key
        context = Context(owner="images", key=f"originals/{image}/{attempt}")
        await self.blobs.write(Seal(DataKey(base64.urlsafe_b64decode(key)), context), data)
        return attempt

    async def upload(
        self,
        data: bytes,
        image: UUID | None = None,
        *,
        call: Call | None = None,
        patient: UUID | None = None,
        name: str = "arm.jpg",
    ) -> UploadView:
        """Store and register."""
        image = image or uuid4()
        request = RegisterImage(
            image=image,
            patient=patient or self.patient,
            attempt=await self.store(image, data, patient),
            sha256=hashlib.sha256(data).hexdigest(),
            bytes=len(data),
            file_name=name,
        )
        return await self.ask.ask(request, call or self.call)

    async def settled(self, image: UUID) -> ImageView:
        """The image once it is no longer processing."""

        async def look() -> ImageView | None:
            view = await self.ask.ask(GetImage(patient=self.patient, image=image), self.call)
            return view if view.state is not ImageState.PROCESSING else None

        return await eventually(look, seconds=60)

    async def said(self, *kinds: type[Event]) -> list[Fact]:
        """Facts of these kinds, or all, once whatever was written is numbered."""

        async def numbered() -> bool:
            async with self.db.read() as rows:
                return not await rows.fetchval("SELECT EXISTS (SELECT FROM outbox WHERE kind = 'evt' AND seq IS NULL)")

        await eventually(numbered, seconds=30)
        async with self.ground.asking("audit") as audit:
            return (await audit.ask(ReplayImages(after=0, subjects=[kind.subject for kind in kinds] or None))).facts

    async def originals(self, image: UUID) -> list[str]:
        """Keys of the originals stored for an image."""
        return [stored.key async for stored in self.blobs.stored(f"originals/{image}/")]

    async def new_patient(self, unique_id: str, actor: Actor | None = None) -> UUID:
        """Another patient."""
        call = self.ground.call(actor) if actor else self.call
        return (await self.ask.ask(CreatePatient(patient=NewPatient(unique_id=unique_id)), call)).id


@pytest.fixture
async def idle_clinic(nats: NatsServer, new_database: NewDatabase, bucket: Bucket) -> AsyncIterator[Clinic]:
    """Images answers, but nobody works on jobs."""
    # the service beside it runs from its own code, as it does in production
    from dermfolio.patients.app import service as patients_service
    from dermfolio.patients.settings import PatientsSettings

    ground = Ground(nats)
    await apply(nats.url, nats.passwords["setup"])
    patients = ground.settings(
        PatientsSettings,
        "patients",
        new_database("patients"),
        installation_key=base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    )
    settings = ground.settings(
        ImagesSettings,
        "images",
        new_database("images"),
        s3_endpoint=bucket.endpoint,
        s3_bucket=bucket.name,
        s3_access_key=bucket.access_key,
        s3_secret_key=bucket.secret_key,
        decoding_workers=1,
    )
    async with AsyncExitStack() as stack:
        migrations = ROOT / "services/patients/migrations"
        await stack.enter_async_context(ground.running("patients", patients, patients_service, migrations))
        await stack.enter_async_context(ground.running("images", settings, service, MIGRATIONS))
        identity = await stack.enter_async_context(Identity().answering(ground))
        ask = await stack.enter_async_context(ground.asking())
        blobs = await stack.enter_async_context(
            Blobs(bucket.endpoint, bucket.name, access_key=bucket.access_key, secret_key=bucket.secret_key)
        )
        db = await stack.enter_async_context(
            Database(settings.database_url, settings.database_password.get_secret_value())
        )
        site = uuid4()
        call = ground.call(at(site, Role.CLINICIAN))
        patient = (await ask.ask(CreatePatient(patient=NewPatient(unique_id="pat-1")), call)).id
        yield Clinic(ground, ask, blobs, db, settings, identity, site, call, patient)


@pytest.fixture
async def clinic(idle_clinic: Clinic) -> AsyncIterator[Clinic]:
    """Images answers and works."""
    async with idle_clinic.ground.running("images", idle_clinic.settings, service, MIGRATIONS, role="work"):
        yield idle_clinic
