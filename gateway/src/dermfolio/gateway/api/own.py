"""One's own API tokens and preferences (ORG-7, ORG-9)."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from dermfolio.common.bus import Requests
from dermfolio.contracts.own import GetPreferences, ListTokens, MakeToken, RevokeToken, SetPreferences
from dermfolio.contracts.views.own import NewToken, Preferences, TokenList, TokenMade
from dermfolio.gateway.asking import NO_STORE, passed_on
from dermfolio.gateway.bodies import read_body
from dermfolio.gateway.operations import CHANGING, READING, WITH_BODY, Operation, Success
from dermfolio.gateway.parameters import TOKEN
from dermfolio.gateway.visits import Visits


class OwnApi:
    """What users keep of their own."""

    def __init__(self, requests: Requests, visits: Visits) -> None:
        self._requests = requests
        self._visits = visits

    def operations(self) -> Sequence[Operation]:
        """What this part of the API offers."""
        return (
            Operation(
                "list_tokens",
                "GET",
                "/account/tokens",
                "One's API tokens that are neither revoked nor expired, newest first.",
                self.list_tokens,
                {200: Success("The tokens.", TokenList)},
                (*READING, "session_required"),
            ),
            Operation(
                "make_token",
                "POST",
                "/account/tokens",
                "Make an API token. It is shown only in this answer.",
                self.make_token,
                {200: Success("The token.", TokenMade)},
                (*CHANGING, *WITH_BODY, "session_required", "not_found", "too_many_tokens"),
                body=NewToken,
            ),
            Operation(
                "revoke_token",
                "DELETE",
                "/account/tokens/{token}",
                "Revoke an API token. It can do nothing any more, at once.",
                self.revoke_token,
                {204: Success("Revoked.")},
                (*CHANGING, "invalid_request", "session_required", "not_found"),
                takes=(TOKEN,),
            ),
            Operation(
                "get_preferences",
                "GET",
                "/account/preferences",
                "How one likes to work, on every device.",
                self.get_preferences,
                {200: Success("The preferences.", Preferences)},
                READING,
            ),
            Operation(
                "set_preferences",
                "PATCH",
                "/account/preferences",
                "Change the preferences that are given; null takes a choice back.",
                self.set_preferences,
                {200: Success("All preferences.", Preferences)},
                (*CHANGING, *WITH_BODY),
                body=Preferences,
            ),
        )

    async def list_tokens(self, request: Request) -> Response:
        """Show the tokens."""
        visit = await self._visits.admit(request)
        return passed_on(await self._requests.ask_raw(ListTokens(), visit.call))

    async def make_token(self, request: Request) -> Response:
        """Make a token."""
        visit = await self._visits.admit(request)
        new = await read_body(request, NewToken)
        return passed_on(await self._requests.ask_raw(MakeToken(new=new), visit.call))

    async def revoke_token(self, request: Request) -> Response:
        """Revoke a token."""
        visit = await self._visits.admit(request)
        await self._requests.ask(RevokeToken(token=TOKEN.of(request)), visit.call)
        return Response(None, 204, NO_STORE)

    async def get_preferences(self, request: Request) -> Response:
        """Show the preferences."""
        visit = await self._visits.admit(request)
        return passed_on(await self._requests.ask_raw(GetPreferences(), visit.call))

    async def set_preferences(self, request: Request) -> Response:
        """Change the preferences."""
        visit = await self._visits.admit(request)
        given = await read_body(request, Preferences)
        return passed_on(
            await self._requests.ask_raw(SetPreferences(changes=given.model_dump(exclude_unset=True)), visit.call)
        )
