"""Sites, users and their roles, as the API takes and shows them (ORG-1, ORG-2)."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from dermfolio.contracts.messages import Instant
from dermfolio.contracts.roles import InstallationRole, RoleAtSite
from dermfolio.contracts.views.identity import Password
from dermfolio.contracts.views.settings import SiteConsentEnforcement
from dermfolio.contracts.views.text import Name, Prose, printable

_TIME_ZONES = frozenset(available_timezones())


def _known_time_zone(value: str) -> str:
    if value not in _TIME_ZONES:
        raise ValueError("must be a time zone of the IANA database, e.g. Europe/Zurich")
    return value


TimeZone = Annotated[str, StringConstraints(max_length=64), AfterValidator(_known_time_zone)]
"""A name of the IANA time zone database."""

Language = Annotated[str, StringConstraints(pattern=r"^(en|fr)$")]
"""A language of the interface (BCP 47)."""

Login = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, pattern=r"^[a-zA-Z0-9._@+-]{2,64}$")]
"""2 to 64 of `a-z 0-9 . _ @ + -`; upper-case letters are lower-cased."""

LinkToken = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{20,200}$")]


class SiteFields(BaseModel):
    """What an installation writes down about a site."""

    model_config = ConfigDict(extra="forbid")
    name: Name
    time_zone: TimeZone
    language: Language = "en"
    letterhead: Prose = Field("", description="Name and address as they stand on reports.")
    consent_enforcement: SiteConsentEnforcement = Field(
        "installation",
        description="What a missing consent to photography means here; `installation`: what the settings say.",
    )


class NewSite(SiteFields):
    """A site to open."""


class SiteChanges(BaseModel):
    """What to change of a site; what is left out stays."""

    model_config = ConfigDict(extra="forbid")
    name: Name | None = None
    time_zone: TimeZone | None = None
    language: Language | None = None
    letterhead: Prose | None = None
    consent_enforcement: SiteConsentEnforcement | None = None


class SiteView(SiteFields):
    """A site."""

    model_config = ConfigDict(extra="ignore")
    id: UUID
    created_at: Instant
    version: int = Field(ge=1)


class SiteList(BaseModel):
    """The sites one may see, by name."""

    sites: list[SiteView]


class SiteName(BaseModel):
    """How a site is called, and what time it is there."""

    id: UUID
    name: str
    time_zone: str


class SiteNames(BaseModel):
    """Every site of the installation, by name."""

    sites: list[SiteName]


class RolesAtSite(BaseModel):
    """The roles somebody holds at a site."""

    model_config = ConfigDict(extra="forbid")
    site: UUID
    roles: list[RoleAtSite] = Field(max_length=4)


class NewUser(BaseModel):
    """Somebody to invite: with roles at sites, in the installation, or both."""

    model_config = ConfigDict(extra="forbid")
    login: Login
    display_name: Name
    sites: list[RolesAtSite] = Field([], max_length=100)
    installation_roles: list[InstallationRole] = Field([], max_length=2)


class UserChanges(BaseModel):
    """What to change of a user; what is left out stays."""

    model_config = ConfigDict(extra="forbid")
    display_name: Name | None = None


class SiteRoles(BaseModel):
    """Every role that somebody is to hold at a site; none takes the person away from it."""

    model_config = ConfigDict(extra="forbid")
    roles: list[RoleAtSite] = Field(max_length=4)


class InstallationRoles(BaseModel):
    """Every role that somebody is to hold in the whole installation."""

    model_config = ConfigDict(extra="forbid")
    roles: list[InstallationRole] = Field(max_length=2)


class UserState(StrEnum):
    """Invited: no password chosen yet. Disabled: cannot sign in."""

    INVITED = "invited"
    ACTIVE = "active"
    DISABLED = "disabled"


class UserView(BaseModel):
    """A user as administrators see them: with the roles at the sites that they manage."""

    id: UUID
    login: str
    display_name: str
    state: UserState
    sites: list[RolesAtSite]
    installation_roles: list[InstallationRole] = Field(description="Shown to administrators of the installation.")
    created_at: Instant
    last_sign_in_at: Instant | None
    version: int = Field(ge=1)


class UserSearch(BaseModel):
    """Whom to look for: every word of the text occurs in their name or login, whatever its capitals and accents."""

    model_config = ConfigDict(extra="forbid")
    text: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), AfterValidator(printable)
    ]
    limit: int = Field(50, ge=1, le=200, description="Items per page.")
    cursor: str | None = Field(None, max_length=500, description="What `next` of the page before said.")


class UserPage(BaseModel):
    """One page of users, newest first. `next` is the cursor of the following page, null on the last."""

    users: list[UserView]
    next: str | None


class PasswordLinkView(BaseModel):
    """A link by which its user chooses a password, once. Hand it over in person or by a way you trust."""

    token: str = Field(description="Append it to the address /welcome#; it is shown only here.")
    expires_at: Instant


class PasswordByLink(BaseModel):
    """A password chosen by a link's token."""

    model_config = ConfigDict(extra="forbid")
    token: LinkToken
    new_password: Password


class LoginView(BaseModel):
    """The name to sign in with."""

    login: str
