"""Sign-in and session as the API shows them."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from dermfolio.contracts.messages import Instant
from dermfolio.contracts.roles import Role
from dermfolio.contracts.views.text import Name

Password = Annotated[str, StringConstraints(min_length=1, max_length=256)]

Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
"""A code of an authenticator app, or a recovery code, as it is typed."""


class Credentials(BaseModel):
    """What a person types to sign in."""

    model_config = ConfigDict(extra="forbid")
    login: Name
    password: Password
    second_factor: Code | None = Field(
        None, description="A code of the authenticator app, or a recovery code; where the user has a second factor."
    )
    trust_device: bool = Field(
        False, description="With a second factor: do not ask for it again in this browser for 30 days."
    )


class NewPassword(BaseModel):
    """A change of one's own password; ends every other session."""

    model_config = ConfigDict(extra="forbid")
    current_password: Password
    new_password: Password


class SiteRole(BaseModel):
    """A site the user belongs to, and the roles held there."""

    site: UUID
    name: str
    time_zone: str
    roles: list[Role]


class SessionView(BaseModel):
    """The signed-in user. `csrf_token` goes into the X-CSRF-Token header of every change."""

    user: UUID
    login: str
    display_name: str
    sites: list[SiteRole]
    installation_roles: list[Role]
    password_change_required: bool
    second_factor_setup_required: bool = False
    csrf_token: str = Field(
        description="Send it as X-CSRF-Token with POST, PUT, PATCH and DELETE; empty for API tokens, which need none."
    )
    expires_at: Instant


class PersonView(BaseModel):
    """Somebody who works here, as colleagues see them."""

    id: UUID
    display_name: str


class SignInProvider(BaseModel):
    """Who may vouch for a user instead of a password: `GET /session/oidc/{id}` goes there."""

    id: str
    name: str


class InstallationView(BaseModel):
    """What anybody may know of an installation before signing in."""

    name: str = Field(description="Whose installation this is.")
    sign_in_providers: list[SignInProvider] = Field(description="Where users may sign in besides.")
    upload_limit_bytes: int = Field(description="The largest file that is accepted.")
