"""Originals of many photographs as one file."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from dermfolio.contracts.views.editing import ImagesOfArchive
from dermfolio.gateway.archives import Archives
from dermfolio.gateway.bodies import read_body
from dermfolio.gateway.operations import CHANGING, WITH_BODY, Operation, Success
from dermfolio.gateway.parameters import PATIENT
from dermfolio.gateway.visits import Visits


class ArchiveApi:
    """Photographs, to be kept elsewhere."""

    def __init__(self, visits: Visits, archives: Archives) -> None:
        self._visits = visits
        self._archives = archives

    def operations(self) -> Sequence[Operation]:
        """What this part of the API offers."""
        return (
            Operation(
                "archive_images",
                "POST",
                "/patients/{patient}/pool/archive",
                "The uploaded files of up to 500 photographs as one ZIP archive, in the order in which they are named; "
                "each counts as a download. Of an archive that is cut off, the last chunk never comes.",
                self.archive,
                {
                    200: Success(
                        "The archive.",
                        media_types=("application/zip",),
                        headers={"Content-Disposition": "The file's name."},
                    )
                },
                (
                    *CHANGING,
                    *WITH_BODY,
                    "forbidden",
                    "not_found",
                    "archive_too_large",
                    "too_many_archives",
                    "damaged",
                ),
                takes=(PATIENT,),
                body=ImagesOfArchive,
            ),
        )

    async def archive(self, request: Request) -> Response:
        """Send an archive."""
        visit = await self._visits.admit(request)
        patient, wanted = PATIENT.of(request), await read_body(request, ImagesOfArchive)
        return await self._archives.answer(visit, patient, wanted.images)
