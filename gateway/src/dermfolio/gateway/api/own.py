"""One's own API tokens and preferences (ORG-7, ORG-9)."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from dermfolio.common.bus import Requests
from dermfolio.contracts.own import (
    GetPreferences,
    GetSections,
    ListTokens,
    MakeToken,
    RevokeToken,
    SetPreferences,
    SetSections,
)
from dermfolio.contracts.views.own import NewToken, Preferences, Sections, TokenList, TokenMade
from dermfolio.gateway.asking import NO_STORE, passed_on
from dermfolio.gateway.bodies import read_body
from dermfolio.gateway.operations import CHANGING, READING, WITH_BODY, Operation, Success
from dermfolio.gateway.parameters import ENTRY, TOKEN
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
            Operation(
                "get_sections",
                "GET",
                "/account/entries/{entry}/sections",
                "Which sections of an entry one has open, on every device.",
                self.get_sections,
                {200: Success("The sections.", Sections)},
                (*READING, "invalid_request"),
                takes=(ENTRY,),
            ),
            Operation(
                "set_sections",
                "PUT",
                "/account/entries/{entry}/sections",
                "Open and fold sections of an entry, for oneself. The last 1,000 entries folded are remembered.",
                self.set_sections,
                {200: Success("The sections.", Sections)},
                (*CHANGING, *WITH_BODY),
                takes=(ENTRY,),
                body=Sections,
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

    async def get_sections(self, request: Request) -> Response:
        """Show which sections of an entry are open."""
        visit = await self._visits.admit(request)
        return passed_on(await self._requests.ask_raw(GetSections(entry=ENTRY.of(request)), visit.call))

    async def set_sections(self, request: Request) -> Response:
        """Open and fold sections of an entry."""
        visit = await self._visits.admit(request)
        entry = ENTRY.of(request)
        sections = await read_body(request, Sections)
        return passed_on(await self._requests.ask_raw(SetSections(entry=entry, sections=sections), visit.call))
