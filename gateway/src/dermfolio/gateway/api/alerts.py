"""Emergency access as the administrators of the patients' sites are told of it (ORG-8)."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from dermfolio.common.bus import Requests
from dermfolio.contracts.alerts import AcknowledgeAlerts, CountAlerts, ListAlerts
from dermfolio.contracts.views.alerts import Acknowledgement, EmergencyAlertCount, EmergencyAlertPage
from dermfolio.gateway.asking import NO_STORE, passed_on
from dermfolio.gateway.bodies import read_body
from dermfolio.gateway.operations import CHANGING, READING, WITH_BODY, Operation, Success
from dermfolio.gateway.parameters import CURSOR, limit
from dermfolio.gateway.visits import Visits

LIMIT = limit(200, 50)


class AlertsApi:
    """Alerts about emergency access."""

    def __init__(self, requests: Requests, visits: Visits) -> None:
        self._requests = requests
        self._visits = visits

    def operations(self) -> Sequence[Operation]:
        """What this part of the API offers."""
        return (
            Operation(
                "list_emergency_alerts",
                "GET",
                "/emergency-alerts",
                "Emergency accesses to patients of the sites that one administers, newest first, and whether one has "
                "acknowledged them.",
                self.list,
                {200: Success("A page of emergency accesses.", EmergencyAlertPage)},
                (*READING, "invalid_request", "forbidden", "session_required"),
                takes=(LIMIT, CURSOR),
            ),
            Operation(
                "count_emergency_alerts",
                "GET",
                "/emergency-alerts/count",
                "How many of them one has not acknowledged. The live socket tells when to ask again.",
                self.count,
                {200: Success("The number.", EmergencyAlertCount)},
                (*READING, "forbidden", "session_required"),
            ),
            Operation(
                "acknowledge_emergency_alerts",
                "POST",
                "/emergency-alerts/acknowledgements",
                "Acknowledge emergency accesses, for oneself: all of them, or none where one is not of the sites that "
                "one administers. Acknowledging again changes nothing.",
                self.acknowledge,
                {204: Success("They are acknowledged.")},
                (*CHANGING, *WITH_BODY, "session_required", "not_found"),
                body=Acknowledgement,
            ),
        )

    async def list(self, request: Request) -> Response:
        """Show a page of emergency accesses."""
        visit = await self._visits.admit(request)
        asked = ListAlerts(limit=LIMIT.of(request), cursor=CURSOR.of(request))
        return passed_on(await self._requests.ask_raw(asked, visit.call))

    async def count(self, request: Request) -> Response:
        """Tell how many are not acknowledged."""
        visit = await self._visits.admit(request)
        return passed_on(await self._requests.ask_raw(CountAlerts(), visit.call))

    async def acknowledge(self, request: Request) -> Response:
        """Take note of some."""
        visit = await self._visits.admit(request)
        noted = await read_body(request, Acknowledgement)
        await self._requests.ask(AcknowledgeAlerts(openings=noted.openings), visit.call)
        return Response(None, 204, NO_STORE)
