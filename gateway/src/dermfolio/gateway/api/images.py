"""Photographs: upload, pool, renditions, originals."""

from collections.abc import Awaitable, Callable, Sequence

import structlog
from starlette.requests import Request
from starlette.responses import Response

from dermfolio.common.blobs import BlobMissing
from dermfolio.common.bus import Requests
from dermfolio.contracts.images import GetImage, ListPool, LocateOriginal, LocateRendition, RetryIngest, StoredObject
from dermfolio.contracts.views.images import ImageView, PoolPage, UploadView
from dermfolio.gateway import problems
from dermfolio.gateway.asking import passed_on
from dermfolio.gateway.conditions import Unsatisfiable
from dermfolio.gateway.downloads import Downloads
from dermfolio.gateway.file_names import attachment, file_name_of
from dermfolio.gateway.operations import CHANGING, PREFIX, READING, Operation, Success
from dermfolio.gateway.parameters import CURSOR, IMAGE, IMAGES, PATIENT, ROTATED, SIZE, TAGS, limit
from dermfolio.gateway.uploads import Uploads
from dermfolio.gateway.visits import REQUEST_ID, Visits

log = structlog.get_logger()

LIMIT = limit(200, 100)
TILE = 320
"""Tiles are shown again and again, and covered by the record of the pool that listed them: they may be cached."""

_ONE = (*READING, "invalid_request", "forbidden", "not_found")
_UPLOADING = (
    "invalid_request",
    "forbidden",
    "not_found",
    "length_required",
    "empty_file",
    "too_large",
    "upload_incomplete",
    "image_id_used",
    "patient_deleted",
    "consent_required",
    "patient_merged",
    "licence_expired",
    "licence_missing",
    "licence_invalid",
)
_BYTES = (*_ONE, "range_not_satisfiable", "damaged")
_VIEWED = ("image/webp", "image/png")
_ORIGINALS = (
    "image/jpeg",
    "image/png",
    "image/webp",
    "image/avif",
    "image/tiff",
    "image/gif",
    "application/octet-stream",  # not known yet, or never
)
_PART = {"ETag": "Names these bytes.", "Content-Range": "With 206: which bytes these are."}

KEPT, ASKED_AGAIN = "private, max-age=600", "private, no-cache"


class ImagesApi:
    """Photographs of a patient."""

    def __init__(self, requests: Requests, visits: Visits, uploads: Uploads, downloads: Downloads) -> None:
        self._requests = requests
        self._visits = visits
        self._uploads = uploads
        self._downloads = downloads

    def operations(self) -> Sequence[Operation]:
        """What this part of the API offers."""
        place = {"Location": "The photograph's address."}
        one = "/patients/{patient}/images/{image}"
        return (
            Operation(
                "upload_image",
                "PUT",
                one,
                "Upload a photograph. The body is the file as it is; its name goes into Content-Disposition "
                "(filename* of RFC 8187, or filename). The client makes the id, so that repeating an upload is "
                "harmless: the same id with the same bytes gets the same answer.",
                self.upload,
                {
                    202: Success("Accepted; it is being processed.", UploadView, headers=place),
                    200: Success("The pool has these bytes already, as `image`.", UploadView, headers=place),
                },
                (*CHANGING, *_UPLOADING),
                takes=(PATIENT, IMAGE),
                raw_body=True,
            ),
            Operation(
                "list_images",
                "GET",
                "/patients/{patient}/images",
                "The patient's image pool, newest effective date first. Rejected files are not listed; with `images` "
                "they are shown as well, so that a client can fetch exactly what live events named. With `tags`, only "
                "photographs that have one of them, and `total` counts those.",
                self.list,
                {200: Success("A page of the pool.", PoolPage)},
                _ONE,
                takes=(PATIENT, LIMIT, CURSOR, IMAGES, TAGS),
            ),
            Operation(
                "get_image",
                "GET",
                one,
                "One photograph's facts.",
                self.get,
                {200: Success("The photograph.", ImageView, headers={"ETag": "The version of these facts."})},
                _ONE,
                takes=(PATIENT, IMAGE),
            ),
            Operation(
                "get_rendition",
                "GET",
                f"{one}/renditions/{{size}}",
                "A version for viewing: upright, sRGB, without metadata. A WebP, or as `full` a PNG of all pixels; "
                "the photograph's `renditions` say whether it has that one. Byte ranges work.",
                self.rendition,
                {
                    200: Success("The rendition.", media_types=_VIEWED, headers=_PART),
                    206: Success("A part of it.", media_types=_VIEWED, headers=_PART),
                    304: Success("The client has it already."),
                },
                (*_BYTES, "image_not_ready"),
                takes=(PATIENT, IMAGE, SIZE),
            ),
            Operation(
                "get_original",
                "GET",
                f"{one}/original",
                "The uploaded file, byte for byte, as an attachment under its own name. With `rotated`, of a "
                "photograph that people turned, a file with all its pixels that stands so: of a JPEG the same bytes "
                "but for the orientation in its Exif block, of any other format a PNG. Byte ranges work.",
                self.original,
                {
                    200: Success("The file.", media_types=_ORIGINALS, headers=_PART),
                    206: Success("A part of it.", media_types=_ORIGINALS, headers=_PART),
                    304: Success("The client has it already."),
                },
                _BYTES,
                takes=(PATIENT, IMAGE, ROTATED),
            ),
            Operation(
                "retry_image",
                "POST",
                f"{one}/retry",
                "Process a photograph again whose processing failed.",
                self.retry,
                {200: Success("The photograph.", ImageView)},
                (*CHANGING, "invalid_request", "forbidden", "not_found", "patient_merged", "image_not_failed"),
                takes=(PATIENT, IMAGE),
            ),
        )

    async def upload(self, request: Request) -> Response:
        """Take an upload."""
        visit = await self._visits.admit(request)
        patient, image = PATIENT.of(request), IMAGE.of(request)
        await self._uploads.announced_length(request)
        name = file_name_of(request.headers.get("content-disposition")) or str(image)
        await self._uploads.check(visit, patient, image)
        answer = await self._uploads.take(request, visit, patient, image, name)
        return passed_on(answer, headers={"Location": f"{PREFIX}/patients/{patient}/images/{image}"})

    async def list(self, request: Request) -> Response:
        """Show a page of the pool."""
        visit = await self._visits.admit(request)
        asked = ListPool(
            patient=PATIENT.of(request),
            limit=LIMIT.of(request),
            cursor=CURSOR.of(request),
            images=IMAGES.of(request),
            tags=TAGS.of(request),
        )
        return passed_on(await self._requests.ask_raw(asked, visit.call))

    async def get(self, request: Request) -> Response:
        """Show a photograph's facts."""
        visit = await self._visits.admit(request)
        asked = GetImage(patient=PATIENT.of(request), image=IMAGE.of(request))
        return passed_on(await self._requests.ask_raw(asked, visit.call))

    async def retry(self, request: Request) -> Response:
        """Process a photograph again."""
        visit = await self._visits.admit(request)
        asked = RetryIngest(patient=PATIENT.of(request), image=IMAGE.of(request))
        return passed_on(await self._requests.ask_raw(asked, visit.call))

    async def rendition(self, request: Request) -> Response:
        """Send a rendition."""
        visit = await self._visits.admit(request)
        size = SIZE.of(request)
        asked = LocateRendition(patient=PATIENT.of(request), image=IMAGE.of(request), size=size)
        return await self._sent(
            request,
            lambda: self._requests.ask(asked, visit.call),
            lambda stored: {"Cache-Control": KEPT if size == TILE and stored.at_home else ASKED_AGAIN},
        )

    async def original(self, request: Request) -> Response:
        """Send the uploaded bytes."""
        visit = await self._visits.admit(request)
        asked = LocateOriginal(patient=PATIENT.of(request), image=IMAGE.of(request), rotated=ROTATED.of(request))
        return await self._sent(
            request,
            lambda: self._requests.ask(asked, visit.call),
            lambda stored: {"Cache-Control": "no-store", "Content-Disposition": attachment(stored.file_name)},
        )

    async def _sent(
        self,
        request: Request,
        locate: Callable[[], Awaitable[StoredObject]],
        headers: Callable[[StoredObject], dict[str, str]],
    ) -> Response:
        stored = await locate()
        try:
            try:
                return await self._downloads.answer(request, stored, headers(stored))
            except BlobMissing:
                # a newer revision may have taken its place between the two questions
                before, stored = stored, await locate()
                if stored.key == before.key:
                    raise
                return await self._downloads.answer(request, stored, headers(stored))
        except Unsatisfiable:
            there = {"Content-Range": f"bytes */{stored.bytes}"}
            return problems.answer("range_not_satisfiable", request.scope[REQUEST_ID], headers=there)
