"""One's own account as the API shows it: second factor, trusted devices, sessions."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from dermfolio.contracts.messages import Instant
from dermfolio.contracts.views.identity import Code, Password


class CurrentPassword(BaseModel):
    """The own password, once more."""

    model_config = ConfigDict(extra="forbid")
    current_password: Password


class AppCode(BaseModel):
    """What the authenticator app shows."""

    model_config = ConfigDict(extra="forbid")
    code: Code


class Proof(BaseModel):
    """The own password and second factor, once more."""

    model_config = ConfigDict(extra="forbid")
    current_password: Password
    second_factor: Code = Field(description="A code of the authenticator app, or a recovery code.")


class SecondFactorView(BaseModel):
    """The state of one's second factor."""

    active: bool
    since: Instant | None
    recovery_codes_left: int
    compulsory: bool = Field(description="Whether this installation requires one of everybody.")


class SecondFactorSetupView(BaseModel):
    """What an authenticator app has to know. It counts once a code of the app confirms it."""

    secret: str = Field(description="In base32, for typing into the app.")
    uri: str = Field(description="The same as an otpauth URI.")
    qr_svg: str = Field(description="The URI as a QR code: an SVG document.")


class RecoveryCodesView(BaseModel):
    """New recovery codes, shown this once. Each stands in for a code of the app one time; earlier ones are void."""

    codes: list[str]


class OpenSessionView(BaseModel):
    """A session of one's own that is still open."""

    id: UUID
    this: bool = Field(description="Whether it is the session that asks.")
    opened_at: Instant
    last_seen_at: Instant
    expires_at: Instant
    address: str | None = Field(description="Where the sign-in came from.")
    user_agent: str | None = Field(description="What the browser said it is at sign-in.")


class TrustedDeviceView(BaseModel):
    """A browser in which one's password is enough to sign in."""

    id: UUID
    this: bool = Field(description="Whether it is the browser that asks.")
    trusted_at: Instant
    last_used_at: Instant
    expires_at: Instant
    address: str | None = Field(description="Where it was when it was trusted.")
    user_agent: str | None = Field(description="What it said it is when it was trusted.")


class AccountSessionsView(BaseModel):
    """Where one is signed in, the one seen last first, and the browsers one trusts."""

    sessions: list[OpenSessionView]
    devices: list[TrustedDeviceView]
