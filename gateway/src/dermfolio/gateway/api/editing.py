"""What people change of a photograph: its caption, its effective date, its place in the pool."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from dermfolio.common.bus import Requests
from dermfolio.contracts.editing import CaptionImage, DateImage, PlaceImage
from dermfolio.contracts.views.editing import EditedImage, NewCaption, NewEffectiveDate, NewPlace
from dermfolio.gateway.asking import passed_on
from dermfolio.gateway.bodies import read_body
from dermfolio.gateway.operations import CHANGING, EDITING, WITH_BODY, Operation, Success
from dermfolio.gateway.parameters import IF_MATCH, IMAGE, PATIENT, version_of
from dermfolio.gateway.visits import Visits

_ONE = "/patients/{patient}/images/{image}"
_REFUSED = ("patient_merged", "image_moving")


class EditingApi:
    """Changing photographs one by one."""

    def __init__(self, requests: Requests, visits: Visits) -> None:
        self._requests = requests
        self._visits = visits

    def operations(self) -> Sequence[Operation]:
        """What this part of the API offers."""
        return (
            Operation(
                "caption_image",
                "PUT",
                f"{_ONE}/caption",
                "Give a photograph a caption, or with an empty one take it away. White space around it is removed. "
                "If-Match takes its `caption_version`. Saving what it has already changes nothing.",
                self.caption,
                {200: Success("Saved.", EditedImage, headers={"ETag": "The version of the caption."})},
                (*EDITING, *_REFUSED),
                takes=(PATIENT, IMAGE, IF_MATCH),
                body=NewCaption,
            ),
            Operation(
                "date_image",
                "PUT",
                f"{_ONE}/effective-date",
                "Give a photograph its effective date: when it was taken. It comes to stand in the pool where that "
                "date is. If-Match takes its `date_version`. Giving it the date that it has changes nothing.",
                self.date,
                {200: Success("Saved.", EditedImage, headers={"ETag": "The version of the date."})},
                (*EDITING, *_REFUSED, "date_in_future"),
                takes=(PATIENT, IMAGE, IF_MATCH),
                body=NewEffectiveDate,
            ),
            Operation(
                "place_image",
                "POST",
                f"{_ONE}/place",
                "Put a photograph beside another one of the pool, to order those of one date by hand; its date stays. "
                "Where several people do so at once, each photograph ends beside the one that it was put beside last. "
                "Repeating it is harmless.",
                self.place,
                {200: Success("It stands there.", EditedImage)},
                (*CHANGING, *WITH_BODY, "forbidden", "not_found", *_REFUSED, "beside_itself"),
                takes=(PATIENT, IMAGE),
                body=NewPlace,
            ),
        )

    async def caption(self, request: Request) -> Response:
        """Give a photograph a caption."""
        visit = await self._visits.admit(request)
        patient, image, version = PATIENT.of(request), IMAGE.of(request), version_of(request)
        new = await read_body(request, NewCaption)
        asked = CaptionImage(patient=patient, image=image, new=new, version=version)
        return passed_on(await self._requests.ask_raw(asked, visit.call))

    async def date(self, request: Request) -> Response:
        """Give a photograph its effective date."""
        visit = await self._visits.admit(request)
        patient, image, version = PATIENT.of(request), IMAGE.of(request), version_of(request)
        new = await read_body(request, NewEffectiveDate)
        asked = DateImage(patient=patient, image=image, new=new, version=version)
        return passed_on(await self._requests.ask_raw(asked, visit.call))

    async def place(self, request: Request) -> Response:
        """Put a photograph beside another."""
        visit = await self._visits.admit(request)
        patient, image = PATIENT.of(request), IMAGE.of(request)
        asked = PlaceImage(patient=patient, image=image, new=await read_body(request, NewPlace))
        return passed_on(await self._requests.ask_raw(asked, visit.call))
