"""Changing several photographs of a pool at once: all of them, or none (POOL-15)."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from dermfolio.common.bus import Requests
from dermfolio.contracts.editing import DateImages, TagImages
from dermfolio.contracts.views.editing import DateChanges, EditedImages, TagsOfMany
from dermfolio.gateway.asking import passed_on
from dermfolio.gateway.bodies import read_body
from dermfolio.gateway.operations import CHANGING, WITH_BODY, Operation, Success
from dermfolio.gateway.parameters import PATIENT
from dermfolio.gateway.visits import Visits

_CHANGING = (*CHANGING, *WITH_BODY, "forbidden", "not_found", "patient_merged", "image_moving")
_CHANGED = {200: Success("The photographs as they are now.", EditedImages)}


class PoolChangesApi:
    """Changing photographs together."""

    def __init__(self, requests: Requests, visits: Visits) -> None:
        self._requests = requests
        self._visits = visits

    def operations(self) -> Sequence[Operation]:
        """What this part of the API offers."""
        return (
            Operation(
                "date_images",
                "POST",
                "/patients/{patient}/pool/effective-dates",
                "Give several photographs their effective dates: all of them, or none. What somebody else gave them "
                "meanwhile is overwritten. Repeating it is harmless.",
                self.date,
                _CHANGED,
                (*_CHANGING, "date_in_future"),
                takes=(PATIENT,),
                body=DateChanges,
            ),
            Operation(
                "tag_images",
                "POST",
                "/patients/{patient}/pool/tags",
                "Give several photographs tags, and take tags away from them: all of that is done, or nothing. What is "
                "so already stays, so repeating it is harmless.",
                self.tag,
                _CHANGED,
                (*_CHANGING, "tag_retired", "tag_of_another_site", "too_many_tags"),
                takes=(PATIENT,),
                body=TagsOfMany,
            ),
        )

    async def date(self, request: Request) -> Response:
        """Give several photographs their effective dates."""
        visit = await self._visits.admit(request)
        patient = PATIENT.of(request)
        asked = DateImages(patient=patient, changes=await read_body(request, DateChanges))
        return passed_on(await self._requests.ask_raw(asked, visit.call))

    async def tag(self, request: Request) -> Response:
        """Give several photographs tags, and take tags away."""
        visit = await self._visits.admit(request)
        patient = PATIENT.of(request)
        asked = TagImages(patient=patient, changes=await read_body(request, TagsOfMany))
        return passed_on(await self._requests.ask_raw(asked, visit.call))
