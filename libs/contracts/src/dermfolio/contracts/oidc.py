"""What identity answers and says of sign-in by OpenID Connect (ORG-6)."""

from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, SecretStr, field_serializer

from dermfolio.contracts.identity import SignedIn
from dermfolio.contracts.messages import Action, Event, Request

ATTEMPT_SECONDS = 600
"""How long somebody may take at the provider."""


class SignInBegun(BaseModel):
    """Where the browser goes to sign in, and the cookie by which it is known when it comes back."""

    address: str
    browser: str


class BeginSignIn(Request[SignInBegun]):
    """Begin a sign-in by a provider. `returns_to` is the address of ours that the provider sends the browser to."""

    subject = "rpc.identity.begin_sign_in"
    timeout = 20.0
    provider: str
    returns_to: str


class FinishSignIn(Request[SignedIn]):
    """Open a session for who comes back from a provider with this answer (RFC 6749, 4.1.2; RFC 9207)."""

    subject = "rpc.identity.finish_sign_in"
    timeout = 20.0
    repeatable = False
    provider: str
    browser: SecretStr
    """The cookie's value; empty where there was none."""

    state: SecretStr
    code: SecretStr | None
    """None when the provider answered with an error."""

    issuer: str | None
    """The answer's `iss`."""

    @field_serializer("browser", "state", "code", when_used="json")
    def _reveal(self, value: SecretStr | None) -> str | None:
        return None if value is None else value.get_secret_value()


class UserProvisioned(Event):
    """A user exists, because a provider vouches for somebody to whom its groups give a role."""

    subject = "evt.identity.user_provisioned"
    action: ClassVar[Action] = "C"
    about: ClassVar[str] = "user"
    user: UUID


ASKED: tuple[type[Request[Any]], ...] = (BeginSignIn, FinishSignIn)
"""What identity answers of this."""

SAID = (UserProvisioned,)
"""What identity says of this."""
