"""Users, their roles, and the links by which they choose a password (ORG-1, ORG-2)."""

import json
from collections.abc import Sequence

from pydantic import SecretStr
from starlette.requests import Request
from starlette.responses import Response

from dermfolio.common.bus import Requests
from dermfolio.common.errors import Refused
from dermfolio.contracts.organisation import (
    ChangeUser,
    ChoosePasswordByLink,
    DisableUser,
    EnableUser,
    GetUser,
    InviteUser,
    ListUsers,
    MakePasswordLink,
    ResetSecondFactor,
    SetInstallationRoles,
    SetSiteRoles,
)
from dermfolio.contracts.views.organisation import (
    InstallationRoles,
    LoginView,
    NewUser,
    PasswordByLink,
    PasswordLinkView,
    SiteRoles,
    UserChanges,
    UserPage,
    UserSearch,
    UserView,
)
from dermfolio.gateway.asking import passed_on
from dermfolio.gateway.bodies import read_body
from dermfolio.gateway.operations import CHANGING, EDITING, PREFIX, READING, WITH_BODY, Operation, Success
from dermfolio.gateway.parameters import (
    CURSOR,
    IDEMPOTENCY_KEY,
    IF_MATCH,
    SITE,
    USER,
    idempotency_key_of,
    limit,
    version_of,
)
from dermfolio.gateway.rates import Rate, Rates
from dermfolio.gateway.sessions import token_sha256
from dermfolio.gateway.visits import Visits

LIMIT = limit(200, 50)

BAD_LINKS = Rate(per_second=0.1, burst=100)
"""How often one address may come with a link that is not good; each is recorded."""

_NOW = {200: Success("The user as it is now.", UserView, headers={"ETag": "The version of the user."})}


class UsersApi:
    """Those who may sign in, for those who administer them."""

    def __init__(self, requests: Requests, visits: Visits) -> None:
        self._requests = requests
        self._visits = visits
        self._bad_links = Rates(BAD_LINKS)

    def operations(self) -> Sequence[Operation]:
        """What this part of the API offers."""
        return (
            Operation(
                "list_users",
                "GET",
                "/users",
                "The users whom one administers, newest first: those of one's sites, or all.",
                self.list,
                {200: Success("A page of users.", UserPage)},
                (*READING, "invalid_request", "forbidden"),
                takes=(LIMIT, CURSOR),
            ),
            Operation(
                "search_users",
                "POST",
                "/users/search",
                "Those of them who are found by name or login, newest first.",
                self.search,
                {200: Success("A page of users.", UserPage)},
                (*CHANGING, *WITH_BODY, "forbidden"),
                body=UserSearch,
            ),
            Operation(
                "invite_user",
                "POST",
                "/users",
                "Invite somebody. A password link lets them choose a password; until then they cannot sign in.",
                self.invite,
                {
                    201: Success(
                        "Invited.", UserView, headers={"Location": "The user's address.", "ETag": "Its version."}
                    )
                },
                (*CHANGING, *WITH_BODY, "forbidden", "not_found", "login_taken", "idempotency_key_reused"),
                takes=(IDEMPOTENCY_KEY,),
                body=NewUser,
            ),
            Operation(
                "get_user",
                "GET",
                "/users/{user}",
                "One user whom one administers.",
                self.get,
                {200: Success("The user.", UserView, headers={"ETag": "The version of the user."})},
                (*READING, "invalid_request", "forbidden", "not_found"),
                takes=(USER,),
            ),
            Operation(
                "change_user",
                "PATCH",
                "/users/{user}",
                "Change how a user is called.",
                self.change,
                _NOW,
                EDITING,
                takes=(USER, IF_MATCH),
                body=UserChanges,
            ),
            Operation(
                "set_site_roles",
                "PUT",
                "/users/{user}/sites/{site}/roles",
                "Say which roles a user holds at a site; none takes the user away from it. In force at once.",
                self.set_site_roles,
                _NOW,
                EDITING,
                takes=(USER, SITE, IF_MATCH),
                body=SiteRoles,
            ),
            Operation(
                "set_installation_roles",
                "PUT",
                "/users/{user}/installation-roles",
                "Say which roles a user holds in the installation. For its administrators. In force at once.",
                self.set_installation_roles,
                _NOW,
                (*EDITING, "last_admin"),
                takes=(USER, IF_MATCH),
                body=InstallationRoles,
            ),
            Operation(
                "disable_user",
                "POST",
                "/users/{user}/disable",
                "Let a user do nothing any more: every session and token ends at once.",
                self.disable,
                _NOW,
                (*CHANGING, "invalid_request", "forbidden", "not_found", "own_account", "last_admin"),
                takes=(USER,),
            ),
            Operation(
                "enable_user",
                "POST",
                "/users/{user}/enable",
                "Let a disabled user sign in again.",
                self.enable,
                _NOW,
                (*CHANGING, "invalid_request", "forbidden", "not_found"),
                takes=(USER,),
            ),
            Operation(
                "reset_second_factor",
                "POST",
                "/users/{user}/second-factor/reset",
                "Take away a second factor that its user has lost, and the trusted browsers. Their sessions end.",
                self.reset_second_factor,
                _NOW,
                (*CHANGING, "invalid_request", "forbidden", "not_found"),
                takes=(USER,),
            ),
            Operation(
                "make_password_link",
                "POST",
                "/users/{user}/password-link",
                "Make the one link by which a user chooses a password, once; an earlier link is void.",
                self.make_password_link,
                {200: Success("The link.", PasswordLinkView)},
                (*CHANGING, "invalid_request", "forbidden", "not_found"),
                takes=(USER,),
            ),
            Operation(
                "choose_password_by_link",
                "POST",
                "/account/password-by-link",
                "Choose a password by a link. Every session of the user ends.",
                self.choose_password,
                {200: Success("Chosen.", LoginView)},
                (*WITH_BODY, "csrf_failed", "link_not_valid", "weak_password", "rate_limited", "unavailable"),
                body=PasswordByLink,
            ),
        )

    async def list(self, request: Request) -> Response:
        """Show a page of users."""
        visit = await self._visits.admit(request)
        return passed_on(
            await self._requests.ask_raw(ListUsers(limit=LIMIT.of(request), cursor=CURSOR.of(request)), visit.call)
        )

    async def search(self, request: Request) -> Response:
        """Show a page of the users who are found."""
        visit = await self._visits.admit(request)
        sought = await read_body(request, UserSearch)
        return passed_on(await self._requests.ask_raw(ListUsers(**sought.model_dump()), visit.call))

    async def invite(self, request: Request) -> Response:
        """Invite a user."""
        visit = await self._visits.admit(request)
        key = idempotency_key_of(request)
        new = await read_body(request, NewUser)
        answer = await self._requests.ask_raw(InviteUser(new=new, idempotency_key=key), visit.call)
        return passed_on(answer, headers={"Location": f"{PREFIX}/users/{json.loads(answer.body)['id']}"})

    async def get(self, request: Request) -> Response:
        """Show a user."""
        visit = await self._visits.admit(request)
        return passed_on(await self._requests.ask_raw(GetUser(user=USER.of(request)), visit.call))

    async def change(self, request: Request) -> Response:
        """Change a user."""
        visit = await self._visits.admit(request)
        user, version = USER.of(request), version_of(request)
        changes = await read_body(request, UserChanges)
        asked = ChangeUser(user=user, changes=changes, version=version)
        return passed_on(await self._requests.ask_raw(asked, visit.call))

    async def set_site_roles(self, request: Request) -> Response:
        """Set a user's roles at a site."""
        visit = await self._visits.admit(request)
        user, site, version = USER.of(request), SITE.of(request), version_of(request)
        held = await read_body(request, SiteRoles)
        asked = SetSiteRoles(user=user, site=site, roles=held.roles, version=version)
        return passed_on(await self._requests.ask_raw(asked, visit.call))

    async def set_installation_roles(self, request: Request) -> Response:
        """Set a user's roles in the installation."""
        visit = await self._visits.admit(request)
        user, version = USER.of(request), version_of(request)
        held = await read_body(request, InstallationRoles)
        asked = SetInstallationRoles(user=user, roles=held.roles, version=version)
        return passed_on(await self._requests.ask_raw(asked, visit.call))

    async def disable(self, request: Request) -> Response:
        """Disable a user."""
        visit = await self._visits.admit(request)
        return passed_on(await self._requests.ask_raw(DisableUser(user=USER.of(request)), visit.call))

    async def enable(self, request: Request) -> Response:
        """Enable a user."""
        visit = await self._visits.admit(request)
        return passed_on(await self._requests.ask_raw(EnableUser(user=USER.of(request)), visit.call))

    async def reset_second_factor(self, request: Request) -> Response:
        """Reset a user's second factor."""
        visit = await self._visits.admit(request)
        return passed_on(await self._requests.ask_raw(ResetSecondFactor(user=USER.of(request)), visit.call))

    async def make_password_link(self, request: Request) -> Response:
        """Make a password link."""
        visit = await self._visits.admit(request)
        return passed_on(await self._requests.ask_raw(MakePasswordLink(user=USER.of(request)), visit.call))

    async def choose_password(self, request: Request) -> Response:
        """Choose a password by a link."""
        call = await self._visits.admit_stranger(request)
        if (wait := self._bad_links.wait(call.address)) is not None:
            raise await self._visits.too_often(wait, call.address, call)
        chosen = await read_body(request, PasswordByLink)
        asked = ChoosePasswordByLink(
            token_sha256=token_sha256(chosen.token), new_password=SecretStr(chosen.new_password)
        )
        try:
            return passed_on(await self._requests.ask_raw(asked, call))
        except Refused as refusal:
            if refusal.code == "link_not_valid":
                self._bad_links.take(call.address)
            raise
