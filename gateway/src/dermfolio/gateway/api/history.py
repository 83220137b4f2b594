"""The security history of one's own account (AUD-4)."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from dermfolio.common.bus import Requests
from dermfolio.contracts.audit import ListHistory
from dermfolio.contracts.views.history import HistoryPage
from dermfolio.gateway.asking import passed_on
from dermfolio.gateway.operations import READING, Operation, Success
from dermfolio.gateway.parameters import BEFORE, limit
from dermfolio.gateway.visits import Visits

LIMIT = limit(100, 50)


class HistoryApi:
    """What happened to the account of whoever asks."""

    def __init__(self, requests: Requests, visits: Visits) -> None:
        self._requests = requests
        self._visits = visits

    def operations(self) -> Sequence[Operation]:
        """What this part of the API offers."""
        return (
            Operation(
                "list_history",
                "GET",
                "/account/history",
                "The security history of one's own account, newest first: sign-ins, sessions, password, second factor, "
                "API tokens, roles, and what one was refused. Looking is recorded too.",
                self.list,
                {200: Success("A page of the history.", HistoryPage)},
                (*READING, "invalid_request", "session_required"),
                takes=(LIMIT, BEFORE),
            ),
        )

    async def list(self, request: Request) -> Response:
        """Show a page of the history."""
        visit = await self._visits.admit(request)
        asked = ListHistory(limit=LIMIT.of(request), before=BEFORE.of(request))
        return passed_on(await self._requests.ask_raw(asked, visit.call))
