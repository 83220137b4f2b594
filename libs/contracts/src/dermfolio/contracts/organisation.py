"""What identity answers and says of sites, users and their roles (ORG-1, ORG-2)."""

from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import Field, SecretStr, field_serializer

from dermfolio.contracts.messages import Action, Event, Request
from dermfolio.contracts.roles import InstallationRole, Role, RoleAtSite
from dermfolio.contracts.views.organisation import (
    LoginView,
    NewSite,
    NewUser,
    PasswordLinkView,
    SiteChanges,
    SiteList,
    SiteNames,
    SiteView,
    UserChanges,
    UserPage,
    UserView,
)
from dermfolio.contracts.views.settings import SiteConsentEnforcement


class ListSites(Request[SiteList]):
    """The sites of the actor; all of them for who manages the installation."""

    subject = "rpc.identity.list_sites"


class ListSiteNames(Request[SiteNames]):
    """How every site is called; for whoever holds a role, and for services on their own behalf."""

    subject = "rpc.identity.site_names"


class GetSite(Request[SiteView]):
    """One site, for those who may see it."""

    subject = "rpc.identity.site"
    site: UUID


class CreateSite(Request[SiteView]):
    """Open a site."""

    subject = "rpc.identity.create_site"
    new: NewSite
    idempotency_key: str = Field(max_length=200)


class ChangeSite(Request[SiteView]):
    """Change a site that is still at this version."""

    subject = "rpc.identity.change_site"
    repeatable = False
    site: UUID
    changes: SiteChanges
    version: int


class ListUsers(Request[UserPage]):
    """A page of the users whom the actor manages, newest first: all of them, or who is found by a text."""

    subject = "rpc.identity.list_users"
    text: str | None = Field(None, max_length=100)
    limit: int = Field(50, ge=1, le=200)
    cursor: str | None = None


class GetUser(Request[UserView]):
    """One user, for those who manage a site of theirs, or the installation."""

    subject = "rpc.identity.user"
    user: UUID


class InviteUser(Request[UserView]):
    """Make a user who cannot sign in before a password is chosen by a link."""

    subject = "rpc.identity.invite_user"
    new: NewUser
    idempotency_key: str = Field(max_length=200)


class ChangeUser(Request[UserView]):
    """Change a user who is still at this version."""

    subject = "rpc.identity.change_user"
    repeatable = False
    user: UUID
    changes: UserChanges
    version: int


class SetSiteRoles(Request[UserView]):
    """Say which roles a user who is still at this version holds at a site."""

    subject = "rpc.identity.set_site_roles"
    repeatable = False
    user: UUID
    site: UUID
    roles: list[RoleAtSite]
    version: int


class SetInstallationRoles(Request[UserView]):
    """Say which roles a user who is still at this version holds in the installation."""

    subject = "rpc.identity.set_installation_roles"
    repeatable = False
    user: UUID
    roles: list[InstallationRole]
    version: int


class DisableUser(Request[UserView]):
    """Let a user do nothing any more: sessions and tokens end."""

    subject = "rpc.identity.disable_user"
    user: UUID


class EnableUser(Request[UserView]):
    """Let a disabled user sign in again."""

    subject = "rpc.identity.enable_user"
    user: UUID


class ResetSecondFactor(Request[UserView]):
    """Take away a second factor that its user has lost."""

    subject = "rpc.identity.reset_second_factor"
    user: UUID


class MakePasswordLink(Request[PasswordLinkView]):
    """Make the one link by which a user chooses a password; an earlier one is void."""

    subject = "rpc.identity.make_password_link"
    repeatable = False
    user: UUID


class ChoosePasswordByLink(Request[LoginView]):
    """Choose a password by a link, which is void then; every session of the user ends."""

    subject = "rpc.identity.choose_password_by_link"
    timeout = 15.0
    repeatable = False
    token_sha256: str
    new_password: SecretStr

    @field_serializer("new_password", when_used="json")
    def _reveal(self, password: SecretStr) -> str:
        return password.get_secret_value()


class _AboutUser(Event):
    """Something happened to a user."""

    action: ClassVar[Action] = "U"
    about: ClassVar[str] = "user"
    user: UUID


class _AboutSite(Event):
    """Something happened to a site; `site` says to which."""

    action: ClassVar[Action] = "U"
    about: ClassVar[str] = "site"


class SiteOpened(_AboutSite):
    """A site exists."""

    subject = "evt.identity.site_opened"
    action: ClassVar[Action] = "C"


class SiteChanged(_AboutSite):
    """These fields of a site have other values."""

    subject = "evt.identity.site_changed"
    fields: list[Literal["name", "time_zone", "language", "letterhead", "consent_enforcement"]]
    version: int
    consent_enforcement: SiteConsentEnforcement | None = None
    """What a missing consent means there from now on, where it changed."""


class UserInvited(_AboutUser):
    """A user exists, without a password."""

    subject = "evt.identity.user_invited"
    action: ClassVar[Action] = "C"


class UserChanged(_AboutUser):
    """These fields of a user have other values."""

    subject = "evt.identity.user_changed"
    fields: list[Literal["display_name"]]
    version: int


class RolesChanged(_AboutUser):
    """A user holds these roles, and no others, at the site or (without one) in the installation."""

    subject = "evt.identity.roles_changed"
    roles: list[Role]


class UserDisabled(_AboutUser):
    """A user can do nothing any more."""

    subject = "evt.identity.user_disabled"


class UserEnabled(_AboutUser):
    """A user can sign in again."""

    subject = "evt.identity.user_enabled"


class PasswordLinkMade(_AboutUser):
    """An administrator made a link by which the user chooses a password."""

    subject = "evt.identity.password_link_made"


ASKED: tuple[type[Request[Any]], ...] = (
    ListSites,
    ListSiteNames,
    GetSite,
    CreateSite,
    ChangeSite,
    ListUsers,
    GetUser,
    InviteUser,
    ChangeUser,
    SetSiteRoles,
    SetInstallationRoles,
    DisableUser,
    EnableUser,
    ResetSecondFactor,
    MakePasswordLink,
    ChoosePasswordByLink,
)
"""What identity answers of this."""

SAID = (
    SiteOpened,
    SiteChanged,
    UserInvited,
    UserChanged,
    RolesChanged,
    UserDisabled,
    UserEnabled,
    PasswordLinkMade,
)
"""What identity says of this."""
