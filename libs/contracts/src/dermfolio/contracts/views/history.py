"""One's own security history as the API shows it (AUD-4)."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from dermfolio.contracts.messages import Instant
from dermfolio.contracts.roles import Role

AccountEvent = Literal[
    "identity.session_opened",
    "identity.sign_in_refused",
    "identity.session_ended",
    "identity.password_changed",
    "identity.password_link_made",
    "identity.confirmation_refused",
    "identity.second_factor_prepared",
    "identity.second_factor_confirmed",
    "identity.second_factor_removed",
    "identity.recovery_codes_renewed",
    "identity.recovery_code_used",
    "identity.device_trusted",
    "identity.device_forgotten",
    "identity.token_made",
    "identity.token_revoked",
    "identity.user_invited",
    "identity.user_provisioned",
    "identity.roles_changed",
    "identity.user_disabled",
    "identity.user_enabled",
]
"""What concerns the security of the account it names, whoever did it. Each event of identity that names a user is here,
or is named in `test_history.py` as one that does not.
"""

DeniedEvent = Literal["identity.denied", "patients.denied", "images.denied", "registration.denied", "audit.denied"]
"""What was asked for in a user's name and refused, by any service."""


class HistoryRecord(BaseModel):
    """Something that concerns the security of one's own account."""

    position: int = Field(description="Where the record stands in the audit trail.")
    at: Instant
    event: Literal[AccountEvent, DeniedEvent]
    outcome: Literal["success", "denied", "failure"]
    code: str | None = Field(description="Why it was refused: the code of the problem.")
    by: Literal["oneself", "administrator", "system"] = Field(
        description="Who did it. `oneself` also for whoever tried to sign in under one's name; `system` where nobody "
        "did, as with roles that follow from a provider's groups."
    )
    administrator: UUID | None = Field(description="Which administrator; `GET /people/{user}` tells the name.")
    address: str | None = Field(description="Network address it was done from; not of administrators.")
    user_agent: str | None = Field(description="What the browser or program calls itself; not of administrators.")
    site: UUID | None = Field(description="Where the roles are held; without one, in the installation.")
    roles: list[Role] | None = Field(description="The roles that are held since then, where they changed.")


class HistoryPage(BaseModel):
    """A page of one's own security history, newest first."""

    records: list[HistoryRecord]
    next: str | None
