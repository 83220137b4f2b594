"""One thin function per message about sites, users and roles."""

from dermfolio.common.auth import Call
from dermfolio.common.bus import Answer
from dermfolio.common.cursors import Cursors
from dermfolio.common.db import Database
from dermfolio.contracts import organisation as messages
from dermfolio.contracts.views.organisation import (
    LoginView,
    PasswordLinkView,
    SiteList,
    SiteNames,
    SiteView,
    UserPage,
    UserView,
)
from dermfolio.identity import grants, password_links, sites, users
from dermfolio.identity.keyring import Keyring
from dermfolio.identity.licence import Licensing

GATEWAY = "gateway"


class OrganisationHandlers:
    """What identity answers of sites, users and roles."""

    def __init__(self, db: Database, cursors: Cursors, keyring: Keyring, licensing: Licensing) -> None:
        self._db = db
        self._licensing = licensing
        self._cursors = cursors
        self._keyring = keyring

    async def list_sites(self, request: messages.ListSites, call: Call) -> SiteList:
        """Show the sites."""
        return await sites.list_sites(self._db, call)

    async def list_site_names(self, request: messages.ListSiteNames, call: Call) -> SiteNames:
        """Tell how sites are called."""
        return await sites.list_site_names(self._db, call)

    async def site(self, request: messages.GetSite, call: Call) -> Answer[SiteView]:
        """Show a site."""
        return await sites.get_site(self._db, call, request.site)

    async def create_site(self, request: messages.CreateSite, call: Call) -> Answer[SiteView]:
        """Open a site."""
        return await sites.create_site(self._db, self._licensing, call, request)

    async def change_site(self, request: messages.ChangeSite, call: Call) -> Answer[SiteView]:
        """Change a site."""
        return await sites.change_site(self._db, call, request)

    async def list_users(self, request: messages.ListUsers, call: Call) -> UserPage:
        """Show a page of users."""
        return await users.list_users(self._db, self._cursors, call, request)

    async def user(self, request: messages.GetUser, call: Call) -> Answer[UserView]:
        """Show a user."""
        return await users.get_user(self._db, call, request.user)

    async def invite(self, request: messages.InviteUser, call: Call) -> Answer[UserView]:
        """Invite a user."""
        return await users.invite_user(self._db, call, request)

    async def change_user(self, request: messages.ChangeUser, call: Call) -> Answer[UserView]:
        """Change a user."""
        return await users.change_user(self._db, call, request)

    async def set_site_roles(self, request: messages.SetSiteRoles, call: Call) -> Answer[UserView]:
        """Set a user's roles at a site."""
        return await grants.set_site_roles(self._db, call, request)

    async def set_installation_roles(self, request: messages.SetInstallationRoles, call: Call) -> Answer[UserView]:
        """Set a user's roles in the installation."""
        return await grants.set_installation_roles(self._db, call, request)

    async def disable(self, request: messages.DisableUser, call: Call) -> Answer[UserView]:
        """Disable a user."""
        return await grants.disable_user(self._db, call, request.user)

    async def enable(self, request: messages.EnableUser, call: Call) -> Answer[UserView]:
        """Enable a user."""
        return await grants.enable_user(self._db, call, request.user)

    async def reset_second_factor(self, request: messages.ResetSecondFactor, call: Call) -> Answer[UserView]:
        """Take a user's second factor away."""
        return await grants.reset_second_factor(self._db, call, request.user)

    async def make_password_link(self, request: messages.MakePasswordLink, call: Call) -> PasswordLinkView:
        """Make a link by which a user chooses a password."""
        return await password_links.make_password_link(self._db, call, request.user)

    async def choose_password(self, request: messages.ChoosePasswordByLink, call: Call) -> LoginView:
        """Choose a password by a link."""
        call.need_service(GATEWAY)
        return await password_links.choose_password(self._db, self._keyring, call, request)
