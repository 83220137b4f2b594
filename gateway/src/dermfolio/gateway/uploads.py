"""The life of one upload, as far as the gateway lives it: check, seal and store on the way, register."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import structlog
from starlette.requests import Request

from dermfolio.common import faults
from dermfolio.common.blobs import Blobs
from dermfolio.common.bus import Answer, Requests
from dermfolio.common.data_keys import DataKeys
from dermfolio.common.errors import Refused
from dermfolio.common.licences import need_uploads
from dermfolio.contracts.images import OBJECT_OWNER, CheckUpload, RegisterImage, original_key
from dermfolio.contracts.licence import GetLicence
from dermfolio.contracts.patients import MayAdmit
from dermfolio.contracts.views.images import UploadView
from dermfolio.gateway.installation_settings import InstallationSettings
from dermfolio.gateway.metrics import UPLOADS_READ
from dermfolio.gateway.visits import Visit, Visits

log = structlog.get_logger()

STALL_SECONDS = 30.0
"""Longest time without a byte of the client."""

LONGEST_SECONDS = 600.0
"""Longest time that one upload holds its place among those that are read."""


class Uploads:
    """Takes uploads. `at_once` is how many are read at the same time."""

    def __init__(
        self,
        requests: Requests,
        visits: Visits,
        blobs: Blobs,
        data_keys: DataKeys,
        settings: InstallationSettings,
        *,
        at_once: int,
    ) -> None:
        self._requests = requests
        self._visits = visits
        self._blobs = blobs
        self._data_keys = data_keys
        self._settings = settings
        self._places = asyncio.Semaphore(at_once)

    async def announced_length(self, request: Request) -> int:
        """The length of the file to come, in bytes. Refused as `length_required`, `empty_file` or `too_large`."""
        text = request.headers.get("content-length")
        if text is None or "transfer-encoding" in request.headers:
            raise Refused("length_required")
        length = int(text)  # the server lets nothing but digits through
        if length == 0:
            raise Refused("empty_file")
        limit = (await self._settings.now()).upload_limit_bytes
        if length > limit:
            raise Refused("too_large", limit_bytes=limit)
        return length

    async def check(self, visit: Visit, patient: UUID, image: UUID) -> None:
        """Refuse what can be refused before a byte is read; what cannot be checked is refused as well.

        Refused as `not_found`, `forbidden`, `patient_deleted`, `consent_required` or `licence_<state>`; or raises
        Unavailable. What was registered before has its answer, whatever became of the licence and the consent.
        """
        admission, known, licence = await asyncio.gather(
            self._requests.ask(MayAdmit(patient=patient, image=image), visit.call),
            self._requests.ask(CheckUpload(image=image, patient=patient), visit.call),
            self._requests.ask(GetLicence(), visit.call),
            return_exceptions=True,
        )
        for found in (admission, known, licence):  # what concerns the patient is said first
            if isinstance(found, BaseException):
                raise found
        assert not isinstance(licence, BaseException)  # noqa: S101 - raised above
        assert not isinstance(known, BaseException)  # noqa: S101
        try:
            if not known.known:
                need_uploads(licence)
        except Refused as refusal:
            raise await self._visits.record(
                "gateway.upload_refused", refusal, visit.call, patient=patient, image=image
            ) from None

    async def take(self, request: Request, visit: Visit, patient: UUID, image: UUID, name: str) -> Answer[UploadView]:
        """Read, seal and store the bytes, then have them registered.

        Nothing is visible unless all announced bytes arrived. Refused as `upload_incomplete` or with what the owner
        of images refuses.
        """
        length = await self.announced_length(request)
        attempt = uuid4()
        seal = await self._data_keys.seal(patient, owner=OBJECT_OWNER, key=original_key(image, attempt))
        async with self._places:
            arriving = _Arriving(request)
            try:
                async with asyncio.timeout(LONGEST_SECONDS):
                    with UPLOADS_READ.track_inprogress():
                        await self._blobs.put(seal, arriving.bytes(), length)
            except TimeoutError:
                raise Refused("upload_incomplete") from None
        faults.point("upload.stored")
        log.info("upload.stored", image=str(image), attempt=str(attempt), bytes=length)
        # the upload may have taken longer than the actor was believed
        visit = await self._visits.again(visit)
        answer = await self._requests.ask_raw(
            RegisterImage(
                image=image,
                patient=patient,
                attempt=attempt,
                sha256=arriving.sha256.hexdigest(),
                bytes=length,
                file_name=name,
            ),
            visit.call,
        )
        faults.point("upload.registered")
        return answer


class _Arriving:
    """The bytes of a request and, once they are all there, their SHA-256."""

    def __init__(self, request: Request) -> None:
        self._receive = request.receive
        self.sha256 = hashlib.sha256()

    async def bytes(self) -> AsyncIterator[bytes]:
        """Yield what arrives. Refused as `upload_incomplete` when the client leaves or stalls."""
        more = True
        while more:
            try:
                async with asyncio.timeout(STALL_SECONDS):
                    message = await self._receive()
            except TimeoutError:
                raise Refused("upload_incomplete") from None
            if message["type"] != "http.request":
                raise Refused("upload_incomplete")
            more = message.get("more_body", False)
            if not more:
                faults.point("upload.arrived")
            if chunk := message.get("body", b""):
                self.sha256.update(chunk)
                yield chunk
