"""The licence as the API shows it (LIC-1)."""

from enum import StrEnum
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from dermfolio.contracts.messages import Instant

Profile = Literal["production", "evaluation"]


class LicenceState(StrEnum):
    """LIC-1: uploads are accepted in the first two states only."""

    VALID = "valid"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    MISSING = "missing"
    INVALID = "invalid"


class LicenceReason(StrEnum):
    """Why the licence is in its state, or why a file was not installed."""

    IN_FORCE = "in_force"
    EXPIRES_SOON = "expires_soon"
    EXPIRED = "expired"
    NOT_INSTALLED = "not_installed"
    NOT_A_LICENCE = "not_a_licence"
    TRUNCATED = "truncated"
    FORGED = "forged"
    OTHER_KEY = "other_key"
    UNREADABLE = "unreadable"
    NO_VENDOR_KEY = "no_vendor_key"
    WRONG_PROFILE = "wrong_profile"
    NOT_YET_VALID = "not_yet_valid"
    CLOCK_SET_BACK = "clock_set_back"
    TOO_FEW_SITES = "too_few_sites"


SENTENCES: dict[LicenceReason, str] = {
    LicenceReason.IN_FORCE: "The licence is in force.",
    LicenceReason.EXPIRES_SOON: "The licence expires within 30 days. Ask your vendor for the next one.",
    LicenceReason.EXPIRED: "The licence has expired. Ask your vendor for the next one.",
    LicenceReason.NOT_INSTALLED: "No licence is installed. Install the file that your vendor sent.",
    LicenceReason.NOT_A_LICENCE: "The file is not a licence of Dermfolio. Choose the file that your vendor sent.",
    LicenceReason.TRUNCATED: "The licence is incomplete: its end is missing. Copy or download the whole file again.",
    LicenceReason.FORGED: (
        "The licence was changed after it was signed, or damaged on its way. Use the file as it was sent."
    ),
    LicenceReason.OTHER_KEY: (
        "The licence is signed with a key that this installation does not trust. Compare the key with the setting "
        "DERMFOLIO_LICENCE_KEYS, or ask your vendor for a licence signed with a trusted key."
    ),
    LicenceReason.UNREADABLE: (
        "The licence is signed, but this version cannot read it. Upgrade Dermfolio, or ask your vendor for a licence "
        "for this version."
    ),
    LicenceReason.NO_VENDOR_KEY: (
        "This installation was not told whose licences to believe. Its operator has to set DERMFOLIO_LICENCE_KEYS to "
        "the vendor's public key."
    ),
    LicenceReason.WRONG_PROFILE: (
        "The licence is for another kind of installation: one for evaluations does not hold in production, nor the "
        "other way round. Ask your vendor for one of the right kind."
    ),
    LicenceReason.NOT_YET_VALID: (
        "The licence is not valid yet. Install it once it is, or ask your vendor for one that begins earlier."
    ),
    LicenceReason.CLOCK_SET_BACK: (
        "The clock of the server is behind: it showed a later time before, or the licence was issued later. Correct "
        "the clock."
    ),
    LicenceReason.TOO_FEW_SITES: (
        "The licence is for fewer sites than this installation has. Ask your vendor for one that covers them all."
    ),
}
"""What each reason says to people."""

UPLOADS = frozenset({LicenceReason.IN_FORCE, LicenceReason.EXPIRES_SOON})
"""The reasons under which photographs may be added."""

REFUSED_FILES = frozenset(LicenceReason) - UPLOADS - {LicenceReason.NOT_INSTALLED}
"""Why a file is not installed: each is a problem `licence_file_<reason>`."""


class LicenceDetails(BaseModel):
    """What the licence says, and how much of it is used. For administrators of the installation."""

    id: UUID
    licensee: str
    profile: Profile
    sites_allowed: int | None = Field(description="How many sites there may be; null for any number.")
    valid_from: Instant
    issued_at: Instant
    key: str = Field(description="The key that signed it, by its name and the first half of its verifier key.")


class LicenceView(BaseModel):
    """The installation's licence, as it is at this moment."""

    state: LicenceState
    reason: LicenceReason
    message: str = Field(description="The reason in words.")
    uploads_allowed: bool
    valid_until: Instant | None = Field(description="The end of the licence; null where none can be read.")
    sites_used: int | None = Field(
        None, description="How many sites there are. For administrators of the installation."
    )
    details: LicenceDetails | None = Field(
        None, description="For administrators of the installation; null where no licence can be read."
    )
