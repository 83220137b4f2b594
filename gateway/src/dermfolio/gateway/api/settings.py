"""The settings of the installation."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from dermfolio.common.bus import Requests
from dermfolio.contracts.settings import ChangeSettings, GetSettings
from dermfolio.contracts.views.settings import SettingsChanges, SettingsView
from dermfolio.gateway.asking import passed_on
from dermfolio.gateway.bodies import read_body
from dermfolio.gateway.operations import CHANGING, READING, WITH_BODY, Operation, Success
from dermfolio.gateway.parameters import IF_MATCH, version_of
from dermfolio.gateway.visits import Visits

_VERSION = {"ETag": "The version of the settings."}


class SettingsApi:
    """What administrators decide for everybody."""

    def __init__(self, requests: Requests, visits: Visits) -> None:
        self._requests = requests
        self._visits = visits

    def operations(self) -> Sequence[Operation]:
        """What this part of the API offers."""
        return (
            Operation(
                "get_settings",
                "GET",
                "/settings",
                "The settings of the installation. For its administrators.",
                self.get,
                {200: Success("The settings.", SettingsView, headers=_VERSION)},
                (*READING, "forbidden"),
            ),
            Operation(
                "change_settings",
                "PATCH",
                "/settings",
                "Change the settings of the installation; in force everywhere at once. For its administrators.",
                self.change,
                {200: Success("The settings as they are now.", SettingsView, headers=_VERSION)},
                (*CHANGING, *WITH_BODY, "forbidden", "if_match_required", "stale_version"),
                takes=(IF_MATCH,),
                body=SettingsChanges,
            ),
        )

    async def get(self, request: Request) -> Response:
        """Show the settings."""
        visit = await self._visits.admit(request)
        return passed_on(await self._requests.ask_raw(GetSettings(), visit.call))

    async def change(self, request: Request) -> Response:
        """Change the settings."""
        visit = await self._visits.admit(request)
        version = version_of(request)
        changes = await read_body(request, SettingsChanges)
        return passed_on(await self._requests.ask_raw(ChangeSettings(changes=changes, version=version), visit.call))
