"""patients, images and audit in miniature: they keep what they are told, and remember who asked what."""
# ruff: noqa: ARG002 - handlers take what handlers take

import base64
import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from dermfolio.common.auth import Call
from dermfolio.common.bus import Answer, Handler
from dermfolio.common.errors import Refused, Unavailable
from dermfolio.contracts import audit, entries, images, patients, sharing
from dermfolio.contracts.messages import Nothing, Request, now
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.views.audit import CheckpointsView, TrailPage, VerificationView
from dermfolio.contracts.views.history import HistoryPage
from dermfolio.contracts.views.images import ImageState, ImageView, PoolPage, RenditionView, UploadView
from dermfolio.contracts.views.patients import PatientCard, PatientPage, PatientView
from dermfolio.contracts.views.sharing import OpeningView

from .editing_owner import Edits
from .owner import HOME, USERS, Owner


class PatientsOwner(Owner):
    name = "patients"

    def __init__(self) -> None:
        super().__init__()
        self.records: dict[UUID, PatientView] = {}
        self.keys: dict[UUID, bytes] = {}
        self.once: dict[str, tuple[Any, PatientView]] = {}
        self.deleted: set[UUID] = set()
        self.shared: dict[UUID, list[UUID]] = {}
        self.entries: dict[UUID, UUID] = {}
        """Whose an entry is."""
        self.opened: dict[UUID, datetime] = {}
        """Emergency access to a patient, whoever asks; until when."""

    def handlers(self) -> Mapping[type[Request[Any]], Handler]:
        return {
            patients.CreatePatient: self.create,
            patients.GetPatient: self.get,
            patients.ListPatients: self.list,
            patients.MayAdmit: self.may_admit,
            sharing.MaySee: self.may_see,
            entries.MaySeeEntry: self.may_see_entry,
            sharing.OpenPatient: self.open,
            patients.GetDataKey: self.data_key,
        }

    def add(self, unique_id: str, site: UUID = HOME, **fields: Any) -> PatientView:
        record = PatientView(
            id=uuid4(),
            unique_id=unique_id,
            site=site,
            image_count=0,
            entry_count=0,
            last_appointment=None,
            last_modified=now(),
            created_at=now(),
            created_by=USERS["clinician"][0],
            version=1,
            **fields,
        )
        self.records[record.id] = record
        self.keys[record.id] = os.urandom(32)
        return record

    def visible(self, patient: UUID, call: Call, permission: Permission = Permission.PATIENT_READ) -> PatientView:
        record = self.records.get(patient)
        if record is None or record.site not in call.actor.site_roles:
            raise Refused("not_found")
        call.need(permission, record.site)
        return record

    async def create(self, request: patients.CreatePatient, call: Call) -> Answer[PatientView]:
        key = request.idempotency_key
        assert key is not None
        if key in self.once:
            body, record = self.once[key]
            if body != request.patient:
                raise Refused("idempotency_key_reused")
            return Answer(record.model_dump_json().encode(), 201, 1)
        taken = next((r for r in self.records.values() if r.unique_id == request.patient.unique_id), None)
        if taken is not None:
            if not call.actor.may(Permission.PATIENT_READ, taken.site):
                raise Refused("unique_id_unavailable")
            raise Refused("unique_id_taken", patient=str(taken.id))
        record = self.add(**request.patient.model_dump(exclude={"site"}))
        self.once[key] = (request.patient, record)
        return Answer(record.model_dump_json().encode(), 201, 1)

    async def get(self, request: patients.GetPatient, call: Call) -> Answer[PatientView]:
        record = self.visible(request.patient, call)
        return Answer(record.model_dump_json().encode(), 200, record.version)

    async def list(self, request: patients.ListPatients, call: Call) -> PatientPage:
        sites = call.actor.sites(Permission.PATIENT_READ)
        cards = [PatientCard(**r.model_dump(), consent="missing") for r in self.records.values() if r.site in sites]
        start = int(request.cursor or 0)
        page = cards[start : start + request.limit]
        more = len(cards) > start + request.limit
        return PatientPage(patients=page, next=str(start + request.limit) if more else None)

    async def may_see(self, request: sharing.MaySee, call: Call) -> sharing.Sight:
        record, shared = self.records.get(request.patient), self.shared.get(request.patient, [])
        if record is not None and any(call.actor.may(request.needs, site) for site in (record.site, *shared)):
            return sharing.Sight(site=record.site, shared=shared)
        if record is not None and self.opened.get(record.id, now()) > now():
            return sharing.Sight(site=record.site, opening=uuid4(), until=self.opened[record.id])
        raise Refused("not_found")

    async def may_see_entry(self, request: entries.MaySeeEntry, call: Call) -> entries.EntrySight:
        sight = await self.may_see(sharing.MaySee(patient=request.patient, needs=request.needs[0]), call)
        if self.entries.get(request.entry) != request.patient:
            raise Refused("not_found")
        whose = request.patient
        return entries.EntrySight(**sight.model_dump(), patient=whose, patients=[whose])

    async def open(self, request: sharing.OpenPatient, call: Call) -> Answer[OpeningView]:
        asked = request.opening
        record = next((r for r in self.records.values() if r.unique_id == asked.unique_id), None)
        if record is None:
            raise Refused("not_found")
        until = self.opened[record.id] = now() + timedelta(hours=1)
        view = OpeningView(
            id=uuid4(),
            patient=record.id,
            unique_id=record.unique_id,
            site=record.site,
            user=call.user(),
            reason=asked.reason,
            opened_at=now(),
            until=until,
            ended_by=None,
        )
        return Answer(view.model_dump_json().encode(), 201)

    async def may_admit(self, request: patients.MayAdmit, call: Call) -> patients.Admission:
        site = self.visible(request.patient, call, Permission.IMAGE_WRITE).site
        if request.patient in self.deleted:
            raise Refused("patient_deleted")
        return patients.Admission(site=site)

    async def data_key(self, request: patients.GetDataKey, call: Call) -> patients.DataKey:
        call.need_service("gateway")
        return patients.DataKey(key=base64.urlsafe_b64encode(self.keys[request.patient]).decode())


class ImagesOwner(Owner):
    name = "images"

    def __init__(self, records: PatientsOwner) -> None:
        super().__init__()
        self._records = records
        self.uploads: dict[UUID, images.RegisterImage] = {}
        self.objects: dict[tuple[UUID, str], images.StoredObject] = {}
        self.states: dict[UUID, ImageState] = {}
        self.edits = Edits(self.seen)

    def handlers(self) -> Mapping[type[Request[Any]], Handler]:
        return {
            images.RegisterImage: self.register,
            images.CheckUpload: self.check,
            images.GetImage: self.get,
            images.ListPool: self.pool,
            images.RetryIngest: self.retry,
            images.LocateRendition: self.locate_rendition,
            images.LocateOriginal: self.locate_original,
            **self.edits.handlers(),
        }

    async def check(self, request: images.CheckUpload, call: Call) -> images.UploadKnown:
        known = self.uploads.get(request.image)
        if known is not None and known.patient != request.patient:
            raise Refused("not_found")
        return images.UploadKnown(known=known is not None)

    async def register(self, request: images.RegisterImage, call: Call) -> Answer[UploadView]:
        before = self.uploads.setdefault(request.image, request)
        if before.sha256 != request.sha256:
            raise Refused("image_id_used")
        equal = next(u for u in self.uploads.values() if u.patient == request.patient and u.sha256 == request.sha256)
        outcome, status = ("accepted", 202) if equal.image == request.image else ("duplicate", 200)
        view = UploadView(outcome=outcome, image=self.view(equal))  # type: ignore[arg-type]
        return Answer(view.model_dump_json().encode(), status)

    def view(self, upload: images.RegisterImage) -> ImageView:
        return ImageView(
            id=upload.image,
            patient=upload.patient,
            site=self._records.records[upload.patient].site,
            state=self.states.get(upload.image, ImageState.PROCESSING),
            reason=None,
            message=None,
            file_name=upload.file_name,
            media_type=None,
            bytes=upload.bytes,
            sha256=upload.sha256,
            width=None,
            height=None,
            effective_at=upload.stored_at,
            place=upload.image.hex,
            uploaded_at=upload.stored_at,
            uploaded_by=USERS["clinician"][0],
            capture=None,
            entries=[],
            moving=False,
            revision=1,
            renditions=[RenditionView(size=320, media_type="image/webp", width=320, height=240, bytes=100)],
        )

    def seen(self, patient: UUID, image: UUID, call: Call) -> images.RegisterImage:
        self._records.visible(patient, call, Permission.IMAGE_READ)
        found = self.uploads.get(image)
        if found is None or found.patient != patient:
            raise Refused("not_found")
        return found

    async def get(self, request: images.GetImage, call: Call) -> Answer[ImageView]:
        view = self.view(self.seen(request.patient, request.image, call))
        return Answer(view.model_dump_json().encode(), 200, 7)

    async def pool(self, request: images.ListPool, call: Call) -> PoolPage:
        self._records.visible(request.patient, call, Permission.IMAGE_READ)
        found = [self.view(u) for u in self.uploads.values() if u.patient == request.patient]
        if request.images is not None:
            found = [view for view in found if view.id in request.images]
        return PoolPage(images=found[: request.limit], total=len(found), next=None)

    async def retry(self, request: images.RetryIngest, call: Call) -> ImageView:
        upload = self.seen(request.patient, request.image, call)
        if self.states.get(request.image) is not ImageState.FAILED:
            raise Refused("image_not_failed")
        self.states[request.image] = ImageState.PROCESSING
        return self.view(upload)

    async def locate_rendition(self, request: images.LocateRendition, call: Call) -> images.StoredObject:
        return self._located(request, str(request.size), call, "image_not_ready")

    async def locate_original(self, request: images.LocateOriginal, call: Call) -> images.StoredObject:
        found = self.seen(request.patient, request.image, call)
        kept = self.objects.get((request.image, "original"))
        return kept or images.StoredObject(
            patient=request.patient,
            key=images.original_key(found.image, found.attempt),
            context_revision=0,
            bytes=found.bytes,
            media_type="image/jpeg",
            etag=f'"{found.sha256}"',
            file_name=found.file_name,
        )

    def _located(self, request: Any, name: str, call: Call, missing: str) -> images.StoredObject:
        self._records.visible(request.patient, call, Permission.IMAGE_READ)
        found = self.objects.get((request.image, name))
        if found is None:
            raise Refused(missing)
        return found


class AuditOwner(Owner):
    name = "audit"

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[audit.ExportPart | Refused] = [audit.ExportPart(text="", records=0, next=None)]
        """The pieces of every export."""
        self.ends = True

    def handlers(self) -> Mapping[type[Request[Any]], Handler]:
        return {
            audit.AppendRecord: self.append,
            audit.ListTrail: self.list,
            audit.BeginExport: self.begin_export,
            audit.ReadExport: self.read_export,
            audit.EndExport: self.end_export,
            audit.ListHistory: self.history,
            audit.VerifyTrail: self.verify,
        }

    @property
    def records(self) -> list[audit.AppendRecord]:
        """What the gateway recorded."""
        return self.of(audit.AppendRecord)

    async def append(self, request: audit.AppendRecord, call: Call) -> Nothing:
        return Nothing()

    async def list(self, request: audit.ListTrail, call: Call) -> TrailPage:
        if not call.actor.may(Permission.TRAIL_READ):
            raise Refused("forbidden")
        return TrailPage(records=[], next=None)

    async def begin_export(self, request: audit.BeginExport, call: Call) -> Nothing:
        if not call.actor.may(Permission.TRAIL_READ):
            raise Refused("forbidden")
        return Nothing()

    async def read_export(self, request: audit.ReadExport, call: Call) -> audit.ExportPart:
        behind = [read for read in self.of(audit.ReadExport) if read.export == request.export]
        found = self.parts[len(behind) - 1]
        if isinstance(found, Refused):
            raise found
        return found

    async def end_export(self, request: audit.EndExport, call: Call) -> Nothing:
        if not self.ends:
            raise Unavailable("its database is down")
        return Nothing()

    async def history(self, request: audit.ListHistory, call: Call) -> HistoryPage:
        call.user_in_person()
        return HistoryPage(records=[], next=None)

    async def verify(self, request: audit.VerifyTrail, call: Call) -> VerificationView:
        if not call.actor.may(Permission.TRAIL_VERIFY):
            raise Refused("forbidden")
        return VerificationView(
            intact=True,
            records=3,
            first_broken=None,
            kind=None,
            finding="intact",
            gaps={},
            not_asked=[],
            checkpoints=CheckpointsView(
                database=1, store=1, locked=True, outside=len(request.checkpoints), newest=3, verifier_keys=["a+b+c"]
            ),
        )
