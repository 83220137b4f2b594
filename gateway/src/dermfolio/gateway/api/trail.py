"""The audit trail."""

from collections.abc import Sequence
from typing import get_args

from starlette.requests import Request
from starlette.responses import Response

from dermfolio.common.bus import Requests
from dermfolio.contracts.audit import ListTrail, VerifyTrail
from dermfolio.contracts.views.audit import ExportForm, TrailFilter, TrailPage, Verification, VerificationView
from dermfolio.gateway.asking import passed_on
from dermfolio.gateway.bodies import read_optional_body
from dermfolio.gateway.exports import FILES, Exports
from dermfolio.gateway.operations import CHANGING, READING, WITH_BODY, Operation, Success
from dermfolio.gateway.parameters import BEFORE, choice, limit
from dermfolio.gateway.query_fields import QueryFields
from dermfolio.gateway.rates import Rate, Rates
from dermfolio.gateway.visits import Visits

LIMIT = limit(500, 100)
FILTER = QueryFields(TrailFilter)
FORMAT = choice("format", "What the file is.", get_args(ExportForm), "csv")

_FILE = {
    "Content-Disposition": "The file's name.",
    "X-Request-Id": "By it the trail's records of the export are found.",
}

VERIFICATIONS = Rate(per_second=1 / 15, burst=4)
"""How often one user may have the whole trail verified."""


class TrailApi:
    """The audit trail."""

    def __init__(self, requests: Requests, visits: Visits) -> None:
        self._requests = requests
        self._visits = visits
        self._exports = Exports(requests, visits)
        self._verifications = Rates(VERIFICATIONS)

    def operations(self) -> Sequence[Operation]:
        """What this part of the API offers."""
        return (
            Operation(
                "list_trail",
                "GET",
                "/trail",
                "The audit trail, newest first: the records of which everything that is given is true. Clinicians see "
                "one `patient` at a time. Looking is recorded too.",
                self.list,
                {200: Success("A page of the trail.", TrailPage)},
                (*READING, "invalid_request", "search_too_broad", "forbidden"),
                takes=(LIMIT, BEFORE, *FILTER.parameters),
            ),
            Operation(
                "export_trail",
                "GET",
                "/trail/export",
                "The audit trail as a file: everything that the same filters list, up to the newest record there is, "
                "oldest first. Of an export that is cut off, the last chunk never comes. Beginning and end are "
                "recorded.",
                self.export,
                {
                    200: Success(
                        "The file.", media_types=tuple(file.media_type for file in FILES.values()), headers=_FILE
                    )
                },
                (*READING, "invalid_request", "search_too_broad", "forbidden", "too_many_exports"),
                takes=(FORMAT, *FILTER.parameters),
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
        asked = ListTrail(limit=LIMIT.of(request), before=BEFORE.of(request), filter=FILTER.of(request))
        return passed_on(await self._requests.ask_raw(asked, visit.call))

    async def export(self, request: Request) -> Response:
        """Send the trail."""
        visit = await self._visits.admit(request)
        return await self._exports.answer(visit, FORMAT.of(request), FILTER.of(request))

    async def verify(self, request: Request) -> Response:
        """Verify the trail."""
        visit = await self._visits.admit(request)
        await self._visits.limit(self._verifications, visit.call.actor.user, visit.call)
        given = await read_optional_body(request, Verification)
        return passed_on(await self._requests.ask_raw(VerifyTrail(checkpoints=given.checkpoints), visit.call))
