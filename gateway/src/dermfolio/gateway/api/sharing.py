"""Who gets to a patient beside the home site's people: sharing, and emergency access (ORG-1, ORG-8)."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from dermfolio.common.bus import Requests
from dermfolio.contracts.sharing import (
    EndOpening,
    ListOpenings,
    ListPatientSites,
    OpenPatient,
    SharePatient,
    UnsharePatient,
)
from dermfolio.contracts.views.sharing import NewOpening, OpeningPage, OpeningView, PatientSites
from dermfolio.gateway.asking import NO_STORE, passed_on
from dermfolio.gateway.bodies import read_body
from dermfolio.gateway.guesses import Guesses
from dermfolio.gateway.operations import CHANGING, READING, WITH_BODY, Operation, Success
from dermfolio.gateway.parameters import CURSOR, IDEMPOTENCY_KEY, OPENING, PATIENT, SITE, idempotency_key_of, limit
from dermfolio.gateway.visits import Visits

LIMIT = limit(200, 50)


class SharingApi:
    """Patients of other sites."""

    def __init__(self, requests: Requests, visits: Visits, guesses: Guesses) -> None:
        self._requests = requests
        self._visits = visits
        self._guesses = guesses

    def operations(self) -> Sequence[Operation]:
        """What this part of the API offers."""
        sharing = (*CHANGING, "invalid_request", "forbidden", "not_found", "patient_merged")
        sites = {200: Success("The sites whose people see the patient.", PatientSites)}
        return (
            Operation(
                "list_patient_sites",
                "GET",
                "/patients/{patient}/sites",
                "The sites whose people see a patient: the home site, and those it is shared with.",
                self.sites,
                sites,
                (*READING, "invalid_request", "forbidden", "not_found"),
                takes=(PATIENT,),
            ),
            Operation(
                "share_patient",
                "PUT",
                "/patients/{patient}/sites/{site}",
                "Share a patient with a site, whose people then see the patient and work on the record as their roles "
                "there allow. For administrators of the home site.",
                self.share,
                sites,
                sharing,
                takes=(PATIENT, SITE),
            ),
            Operation(
                "unshare_patient",
                "DELETE",
                "/patients/{patient}/sites/{site}",
                "Share a patient with a site no longer. For administrators of the home site.",
                self.unshare,
                sites,
                (*sharing, "shared_by_merge"),
                takes=(PATIENT, SITE),
            ),
            Operation(
                "open_patient",
                "POST",
                "/openings",
                "Emergency access to a patient of another site, by the exact unique ID and a reason. It ends by itself "
                "and lets nothing be changed; it is marked in the audit trail and shown to that site's administrators.",
                self.open,
                {201: Success("The emergency access.", OpeningView)},
                (
                    *CHANGING,
                    *WITH_BODY,
                    "forbidden",
                    "session_required",
                    "not_found",
                    "patient_in_sight",
                    "idempotency_key_reused",
                ),
                takes=(IDEMPOTENCY_KEY,),
                body=NewOpening,
            ),
            Operation(
                "list_openings",
                "GET",
                "/openings",
                "One's own emergency accesses, newest first.",
                self.list,
                {200: Success("A page of emergency accesses.", OpeningPage)},
                (*READING, "invalid_request", "forbidden", "session_required"),
                takes=(LIMIT, CURSOR),
            ),
            Operation(
                "end_opening",
                "DELETE",
                "/openings/{opening}",
                "End an emergency access before its time: one's own, or one to a patient of a site one administers.",
                self.end,
                {204: Success("It is over.")},
                (*CHANGING, "invalid_request", "session_required", "not_found"),
                takes=(OPENING,),
            ),
        )

    async def sites(self, request: Request) -> Response:
        """Show who sees a patient."""
        visit = await self._visits.admit(request)
        return passed_on(await self._requests.ask_raw(ListPatientSites(patient=PATIENT.of(request)), visit.call))

    async def share(self, request: Request) -> Response:
        """Share a patient."""
        visit = await self._visits.admit(request)
        asked = SharePatient(patient=PATIENT.of(request), site=SITE.of(request))
        return passed_on(await self._requests.ask_raw(asked, visit.call))

    async def unshare(self, request: Request) -> Response:
        """Share a patient no longer."""
        visit = await self._visits.admit(request)
        asked = UnsharePatient(patient=PATIENT.of(request), site=SITE.of(request))
        return passed_on(await self._requests.ask_raw(asked, visit.call))

    async def open(self, request: Request) -> Response:
        """Open a patient in an emergency. Who tries unique IDs that nobody has is guessing."""
        visit = await self._visits.admit(request)
        key = idempotency_key_of(request)
        opening = await read_body(request, NewOpening)
        async with self._guesses.counted(visit.call, "not_found"):
            return passed_on(
                await self._requests.ask_raw(OpenPatient(opening=opening, idempotency_key=key), visit.call)
            )

    async def list(self, request: Request) -> Response:
        """Show a page of emergency accesses."""
        visit = await self._visits.admit(request)
        asked = ListOpenings(limit=LIMIT.of(request), cursor=CURSOR.of(request))
        return passed_on(await self._requests.ask_raw(asked, visit.call))

    async def end(self, request: Request) -> Response:
        """End an emergency access."""
        visit = await self._visits.admit(request)
        await self._requests.ask(EndOpening(opening=OPENING.of(request)), visit.call)
        return Response(None, 204, NO_STORE)
