"""Making stored bytes a photograph of the patient. One upload id has one answer, however often it is asked."""

from uuid import UUID

import structlog
from sqlalchemy.exc import IntegrityError

from dermfolio.common import faults
from dermfolio.common.auth import Call
from dermfolio.common.blobs import Blobs
from dermfolio.common.bus import Answer, Requests
from dermfolio.common.db import Database, violated
from dermfolio.common.errors import Refused, Unavailable
from dermfolio.contracts.images import (
    CheckUpload,
    DuplicateRefused,
    ImageRegistered,
    RegisterImage,
    UploadKnown,
)
from dermfolio.contracts.messages import now
from dermfolio.contracts.patients import Admission, AdmitImage
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.views.images import UploadView
from dermfolio.images import keys, places, repository
from dermfolio.images.ingestion import ingestion_of
from dermfolio.images.models import IMAGE_ID_IS_UNIQUE, ONE_LIVE_IMAGE_PER_CONTENT, DuplicateUpload, Image
from dermfolio.images.sight import Sight

log = structlog.get_logger()

STALE_SECONDS = 600
"""Bytes stored longer ago are not registered: the reconciler may be about to sweep them."""


class Registrar:
    """Registers uploads."""

    def __init__(self, db: Database, requests: Requests, blobs: Blobs) -> None:
        self._db = db
        self._requests = requests
        self._sight = Sight(db, requests)
        self._blobs = blobs

    async def check(self, request: CheckUpload) -> UploadKnown:
        """Whether the id was uploaded before. Refused as `not_found` when it belongs to another patient."""
        async with self._db.read() as rows:
            before = await repository.uploaded_before(rows, request.image)
        if before is not None and before[0] != request.patient:
            raise Refused("not_found")
        return UploadKnown(known=before is not None)

    async def register(self, call: Call, request: RegisterImage) -> Answer[UploadView]:
        """Admit, then write row, fact and job in one transaction.

        Refused as `image_id_used`, `not_found`, or with what admission refuses. Bytes that do not become the image
        are removed.
        """
        if (now() - request.stored_at).total_seconds() > STALE_SECONDS:
            raise Refused("upload_incomplete")
        try:
            claimed, answer = await self._decide(call, request)
        except Refused:
            await self._discard(request)
            raise
        if claimed != request.attempt:
            await self._discard(request)
        return answer

    async def _decide(self, call: Call, request: RegisterImage) -> tuple[UUID | None, Answer[UploadView]]:
        """(the attempt whose bytes count, the answer)."""
        if (settled := await self._settled(call, request)) is not None:
            return settled
        faults.point("register.undecided")
        admission = await self._requests.ask(AdmitImage(patient=request.patient, image=request.image), call)
        faults.point("register.admitted")
        try:
            async with self._db.read() as rows:
                merged = await repository.same_content(rows, admission.aliases, request.sha256)
            if merged is None:
                await self._insert(call, request, admission.site)
            else:
                await self._remember_duplicate(call, request, admission)
        except IntegrityError as error:
            if violated(error) not in {ONE_LIVE_IMAGE_PER_CONTENT, IMAGE_ID_IS_UNIQUE}:
                raise
            await self._remember_duplicate(call, request, admission)
        settled = await self._settled(call, request)
        if settled is None:
            raise Unavailable("the equal photograph was rejected this moment")
        return settled

    async def _settled(self, call: Call, request: RegisterImage) -> tuple[UUID | None, Answer[UploadView]] | None:
        """The answer that this upload's id has already, if any."""
        async with self._db.read() as rows:
            before = await repository.uploaded_before(rows, request.image)
            if before is None:
                return None
            patient, sha256, image, attempt = before
            if patient != request.patient:
                raise Refused("not_found")
            if sha256 != request.sha256:
                raise Refused("image_id_used")
        found = await self._sight.find(call, Permission.IMAGE_WRITE, repository.view, image, patient)
        outcome, status = ("accepted", 202) if image == request.image else ("duplicate", 200)
        return attempt, Answer(f'{{"outcome":"{outcome}","image":{found.what.body}}}'.encode(), status)

    async def _insert(self, call: Call, request: RegisterImage, site: UUID) -> None:
        uploaded_at = now()
        image = Image(
            id=request.image,
            patient=request.patient,
            site=site,
            file_name=request.file_name,
            bytes=request.bytes,
            sha256=request.sha256,
            attempt=request.attempt,
            effective_at=uploaded_at,
            place=places.dated(uploaded_at, request.image),
            uploaded_at=uploaded_at,
            uploaded_by=call.user(),
        )
        async with self._db.write() as s:
            s.add(image)
            await s.flush()
            registered = ImageRegistered(
                image=image.id,
                patient=image.patient,
                site=site,
                version=image.version,
                uploaded_at=image.uploaded_at,
            )
            s.say(registered, call.origin())
            s.say(ingestion_of(image, registered), call.origin())
            faults.point("register.written")
        faults.point("register.committed")

    async def _remember_duplicate(self, call: Call, request: RegisterImage, admission: Admission) -> None:
        async with self._db.read() as rows:
            records = [request.patient, *admission.aliases]
            equal = await repository.same_content(rows, records, request.sha256)
        if equal is None or equal == request.image:
            return
        duplicate = DuplicateUpload(upload=request.image, patient=request.patient, sha256=request.sha256, image=equal)
        try:
            async with self._db.write() as s:
                await repository.remember_duplicate(s, duplicate)
                s.say(
                    DuplicateRefused(image=equal, patient=request.patient, site=admission.site, upload=request.image),
                    call.origin(),
                )
        except IntegrityError as error:
            # a twin of this request was faster; the answer is the same
            log.info("upload.duplicate_twice", upload=str(request.image), constraint=violated(error))

    async def _discard(self, request: RegisterImage) -> None:
        """Remove bytes that no image claims; what cannot be removed now, the reconciler removes.

        Asked again after a lost answer, one request is refused and its twin was not: then an image does claim them.
        """
        faults.point("register.superfluous")
        try:
            async with self._db.read() as rows:
                claim = (await repository.claims(rows, [request.image])).get(request.image)
            if claim is not None and claim[0] == request.attempt:
                return
            await self._blobs.delete([keys.original(request.image, request.attempt)])
        except Unavailable as error:
            log.info("upload.left_to_sweep", image=str(request.image), cause=str(error))
