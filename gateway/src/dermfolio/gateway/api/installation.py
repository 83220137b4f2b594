"""What anybody may know of the installation, and how colleagues are called."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from dermfolio.common.bus import Requests
from dermfolio.contracts.identity import GetInstallation, GetPerson, ListPeople
from dermfolio.contracts.views.identity import InstallationView, People, PersonView
from dermfolio.gateway.asking import NO_STORE, passed_on
from dermfolio.gateway.installation_settings import InstallationSettings
from dermfolio.gateway.operations import READING, Operation, Success
from dermfolio.gateway.parameters import USER, USERS
from dermfolio.gateway.visits import Visits


class InstallationApi:
    """The installation and its people."""

    def __init__(self, requests: Requests, visits: Visits, settings: InstallationSettings) -> None:
        self._requests = requests
        self._visits = visits
        self._settings = settings

    def operations(self) -> Sequence[Operation]:
        """What this part of the API offers."""
        return (
            Operation(
                "get_installation",
                "GET",
                "/installation",
                "Whose installation this is and what it accepts. Needs no session.",
                self.installation,
                {200: Success("The installation.", InstallationView)},
                ("internal", "unavailable"),
            ),
            Operation(
                "list_people",
                "GET",
                "/people",
                "How several people who work here are called. Ids of nobody are left out.",
                self.people,
                {200: Success("The people, by name.", People)},
                (*READING, "invalid_request", "forbidden"),
                takes=(USERS,),
            ),
            Operation(
                "get_person",
                "GET",
                "/people/{user}",
                "How somebody who works here is called.",
                self.person,
                {200: Success("The person.", PersonView)},
                (*READING, "invalid_request", "not_found"),
                takes=(USER,),
            ),
        )

    async def installation(self, request: Request) -> Response:
        """Show the installation."""
        facts = await self._requests.ask(GetInstallation(), self._visits.stranger(request))
        settings = await self._settings.now()
        view = InstallationView(
            name=facts.name,
            sign_in_providers=facts.sign_in_providers,
            upload_limit_bytes=settings.upload_limit_bytes,
        )
        return Response(view.model_dump_json(), 200, NO_STORE, "application/json")

    async def people(self, request: Request) -> Response:
        """Show people's names."""
        visit = await self._visits.admit(request)
        return passed_on(await self._requests.ask_raw(ListPeople(users=USERS.of(request)), visit.call))

    async def person(self, request: Request) -> Response:
        """Show a person's name."""
        visit = await self._visits.admit(request)
        return passed_on(await self._requests.ask_raw(GetPerson(user=USER.of(request)), visit.call))
