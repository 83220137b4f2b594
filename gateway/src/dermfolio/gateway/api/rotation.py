"""Turning photographs (POOL-13)."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from dermfolio.common.bus import Requests
from dermfolio.contracts.rotation import RotateImage
from dermfolio.contracts.views.editing import EditedImage
from dermfolio.contracts.views.rotation import NewRotation
from dermfolio.gateway.asking import passed_on
from dermfolio.gateway.bodies import read_body
from dermfolio.gateway.operations import CHANGING, WITH_BODY, Operation, Success
from dermfolio.gateway.parameters import IMAGE, NEEDED_IDEMPOTENCY_KEY, PATIENT
from dermfolio.gateway.visits import Visits

_REFUSED = (
    "forbidden",
    "not_found",
    "patient_merged",
    "image_moving",
    "image_not_ready",
    "idempotency_key_reused",
)


class RotationApi:
    """Turning photographs."""

    def __init__(self, requests: Requests, visits: Visits) -> None:
        self._requests = requests
        self._visits = visits

    def operations(self) -> Sequence[Operation]:
        """What this part of the API offers."""
        return (
            Operation(
                "rotate_image",
                "POST",
                "/patients/{patient}/images/{image}/rotation",
                "Turn a photograph clockwise by quarter turns, in every rendition. Turns add up, each with a key of "
                "its own; the uploaded file stays as it is. A live event tells when the new renditions are there, or "
                "that the photograph stands as before.",
                self.rotate,
                {202: Success("It is being turned.", EditedImage)},
                (*CHANGING, *WITH_BODY, *_REFUSED),
                takes=(PATIENT, IMAGE, NEEDED_IDEMPOTENCY_KEY),
                body=NewRotation,
            ),
        )

    async def rotate(self, request: Request) -> Response:
        """Turn a photograph."""
        visit = await self._visits.admit(request)
        patient, image, key = PATIENT.of(request), IMAGE.of(request), NEEDED_IDEMPOTENCY_KEY.of(request)
        new = await read_body(request, NewRotation)
        asked = RotateImage(patient=patient, image=image, new=new, idempotency_key=key)
        return passed_on(await self._requests.ask_raw(asked, visit.call))
