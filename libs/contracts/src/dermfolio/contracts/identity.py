"""What identity answers and says."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, SecretStr, field_serializer

from dermfolio.contracts.messages import AccessDenied, Action, Event, Instant, Nothing, Request
from dermfolio.contracts.roles import Permission, Role
from dermfolio.contracts.views.identity import PersonView, SessionView, SignInProvider


class SessionFacts(BaseModel):
    """What the gateway needs to make an Actor, and to tell the user about the session."""

    session: UUID
    """The session, or the API token that stands for one."""

    user: UUID
    site_roles: dict[UUID, list[Role]]
    installation_roles: list[Role]
    scopes: list[Permission] | None = None
    """What an API token may do at most; None for a session, which may do all that its user may."""

    password_change_required: bool
    second_factor_setup_required: bool = False
    expires_at: Instant
    view: SessionView


class SignedIn(BaseModel):
    """A new session. `token` is the cookie's value; identity keeps only its SHA-256. So it is with `device`, the token
    of a browser that is trusted from now on.
    """

    token: str
    facts: SessionFacts
    device: str | None = None


class SignIn(Request[SignedIn]):
    """Check a login, a password and, where the user has one, a second factor, and open a session."""

    subject = "rpc.identity.sign_in"
    timeout = 15.0
    repeatable = False
    login: str
    password: SecretStr
    second_factor: SecretStr | None = None
    """A code of the authenticator app, or a recovery code."""
    trust_device: bool = False
    """Whether the password alone shall be enough in this browser, for a while."""
    device_sha256: str | None = None
    """Names the browser, if it carries the token of a trusted one."""

    @field_serializer("password", "second_factor", when_used="json")
    def _reveal(self, secret: SecretStr | None) -> str | None:
        return None if secret is None else secret.get_secret_value()


class GetSession(Request[SessionFacts]):
    """The live session of a cookie's token, or a live API token, named by the token's SHA-256."""

    subject = "rpc.identity.session"
    token_sha256: str
    kind: Literal["session", "token"] = "session"
    in_use: bool = True
    """False when nobody acts: an open socket asks whether its session still lives, and must not keep it alive."""


class SignOut(Request[Nothing]):
    """End the actor's own session."""

    subject = "rpc.identity.sign_out"


class ChangePassword(Request[Nothing]):
    """Change the actor's own password; every other session of the user ends."""

    subject = "rpc.identity.change_password"
    timeout = 15.0
    repeatable = False
    current_password: SecretStr
    new_password: SecretStr

    @field_serializer("current_password", "new_password", when_used="json")
    def _reveal(self, password: SecretStr) -> str:
        return password.get_secret_value()


class Installation(BaseModel):
    """What identity knows of the whole installation."""

    name: str
    sign_in_providers: list[SignInProvider] = []


class GetInstallation(Request[Installation]):
    """Whose installation this is; for whoever asks, signed in or not."""

    subject = "rpc.identity.installation"


class GetPerson(Request[PersonView]):
    """How somebody is called: known to everyone who holds a role at a site."""

    subject = "rpc.identity.person"
    user: UUID


class SessionOpened(Event):
    """Somebody signed in."""

    subject = "evt.identity.session_opened"
    action: ClassVar[Action] = "E"
    about: ClassVar[str] = "session"
    session: UUID
    user: UUID


class SignInRefused(Event):
    """Somebody tried to sign in and was refused; `user` is set when the login exists, `code` is the problem's."""

    subject = "evt.identity.sign_in_refused"
    action: ClassVar[Action] = "E"
    about: ClassVar[str] = "user"
    user: UUID | None
    code: str = "sign_in_failed"


class SessionEnded(Event):
    """A session is over."""

    subject = "evt.identity.session_ended"
    action: ClassVar[Action] = "E"
    about: ClassVar[str] = "session"
    session: UUID
    user: UUID


class PasswordChanged(Event):
    """A user has a new password."""

    subject = "evt.identity.password_changed"
    action: ClassVar[Action] = "U"
    about: ClassVar[str] = "user"
    user: UUID


class IdentityAccessDenied(AccessDenied):
    """identity refused what its actor may not do or see."""

    subject = "evt.identity.denied"
