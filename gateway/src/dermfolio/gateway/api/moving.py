"""Photographs of the wrong patient: whom they would go to, and going there (PAT-7)."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from dermfolio.common.bus import Requests
from dermfolio.contracts.moving import MoveImage, PreviewMove
from dermfolio.contracts.views.moving import MoveCandidate, MoveTarget, MoveView, NewMove
from dermfolio.gateway.asking import passed_on
from dermfolio.gateway.bodies import read_body
from dermfolio.gateway.guesses import Guesses
from dermfolio.gateway.operations import CHANGING, EDITING, PREFIX, WITH_BODY, Operation, Success
from dermfolio.gateway.parameters import IF_MATCH, IMAGE, PATIENT, version_of
from dermfolio.gateway.visits import Visits

_MOVING = (
    "patient_merged",
    "patient_deleted",
    "unique_id_differs",
    "move_to_same_patient",
    "image_not_ready",
    "image_moving",
    "image_in_workspace",
    "image_in_pool",
    "consent_required",
    "licence_expired",
    "licence_missing",
    "licence_invalid",
)


class MovingApi:
    """Moving photographs to another patient."""

    def __init__(self, requests: Requests, visits: Visits, guesses: Guesses) -> None:
        self._requests = requests
        self._visits = visits
        self._guesses = guesses

    def operations(self) -> Sequence[Operation]:
        """What this part of the API offers."""
        place = {"Location": "Where the photograph is once it has arrived."}
        return (
            Operation(
                "preview_move",
                "POST",
                "/patients/{patient}/move-preview",
                "Whom photographs of the patient would go to: the one with this exact unique ID, and what is in the "
                "way.",
                self.preview,
                {200: Success("Whom they would go to.", MoveTarget)},
                (*CHANGING, *WITH_BODY, "forbidden", "not_found", "patient_merged"),
                takes=(PATIENT,),
                body=MoveCandidate,
            ),
            Operation(
                "move_image",
                "POST",
                "/patients/{patient}/images/{image}/move",
                "Move a photograph to another patient, with its tags, date and facts. It is sealed anew with that "
                "patient's key, and then found there alone. Live events of both patients tell when. Repeating it is "
                "harmless.",
                self.move,
                {
                    202: Success("It is on its way.", MoveView, headers=place),
                    200: Success("It is there already.", MoveView, headers=place),
                },
                (*EDITING, *_MOVING),
                takes=(PATIENT, IMAGE, IF_MATCH),
                body=NewMove,
            ),
        )

    async def preview(self, request: Request) -> Response:
        """Show whom photographs would go to. Who tries unique IDs that nobody has is guessing."""
        visit = await self._visits.admit(request)
        candidate = await read_body(request, MoveCandidate)
        asked = PreviewMove(patient=PATIENT.of(request), candidate=candidate)
        return passed_on(await self._guesses.beside(asked, visit.call))

    async def move(self, request: Request) -> Response:
        """Move a photograph."""
        visit = await self._visits.admit(request)
        patient, image, version = PATIENT.of(request), IMAGE.of(request), version_of(request)
        move = await read_body(request, NewMove)
        asked = MoveImage(patient=patient, image=image, version=version, move=move)
        answer = await self._requests.ask_raw(asked, visit.call)
        return passed_on(answer, headers={"Location": f"{PREFIX}/patients/{move.patient}/images/{image}"})
