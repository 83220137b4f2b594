"""The audit trail."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from dermfolio.common.bus import Requests
from dermfolio.contracts.audit import ListTrail, VerifyTrail
from dermfolio.contracts.views.audit import TrailFilter, TrailPage, Verification, VerificationView
from dermfolio.gateway.asking import passed_on
from dermfolio.gateway.bodies import read_optional_body
from dermfolio.gateway.operations import CHANGING, READING, WITH_BODY, Operation, Success
from dermfolio.gateway.parameters import BEFORE, OF_PATIENT, limit
from dermfolio.gateway.rates import Rate, Rates
from dermfolio.gateway.visits import Visits

LIMIT = limit(500, 100)

VERIFICATIONS = Rate(per_second=1 / 15, burst=4)
"""How often one user may have the whole trail verified."""


class TrailApi:
    """The audit trail."""

    def __init__(self, requests: Requests, visits: Visits) -> None:
        self._requests = requests
        self._visits = visits
        self._verifications = Rates(VERIFICATIONS)

    def operations(self) -> Sequence[Operation]:
        """What this part of the API offers."""
        return (
            Operation(
                "list_trail",
                "GET",
                "/trail",
                "The audit trail, newest first. Clinicians see one `patient` at a time. Looking is recorded too.",
                self.list,
                {200: Success("A page of the trail.", TrailPage)},
                (*READING, "invalid_request", "forbidden"),
                takes=(LIMIT, BEFORE, OF_PATIENT),
            ),
            Operation(
                "verify_trail",
                "POST",
                "/trail/verification",
                "Verify the whole trail, and compare it with its signed checkpoints. May take minutes.",
                self.verify,
                {200: Success("The verdict.", VerificationView)},
                (*CHANGING, *WITH_BODY, "forbidden"),
                body=Verification,
                body_may_lack=True,
            ),
        )

    async def list(self, request: Request) -> Response:
        """Show a page of the trail."""
        visit = await self._visits.admit(request)
        asked = ListTrail(
            limit=LIMIT.of(request), before=BEFORE.of(request), filter=TrailFilter(patient=OF_PATIENT.of(request))
        )
        return passed_on(await self._requests.ask_raw(asked, visit.call))

    async def verify(self, request: Request) -> Response:
        """Verify the trail."""
        visit = await self._visits.admit(request)
        await self._visits.limit(self._verifications, visit.call.actor.user, visit.call)
        given = await read_optional_body(request, Verification)
        return passed_on(await self._requests.ask_raw(VerifyTrail(checkpoints=given.checkpoints), visit.call))
