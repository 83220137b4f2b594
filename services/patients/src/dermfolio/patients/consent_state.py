"""When consent counts as given (CON-1, CON-7). Pure: events and a time in, a state out."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dermfolio.common.errors import Refused
from dermfolio.contracts.views.consent import ConsentKind, ConsentMissing, Purpose
from dermfolio.contracts.views.settings import ConsentEnforcement


@dataclass(frozen=True, slots=True)
class Consent:
    """What the latest event says: `given` for these purposes, care among them, until a time or for good."""

    given: bool = False
    until: datetime | None = None

    def holds(self, moment: datetime) -> bool:
        """Whether consent is given at a moment."""
        return self.given and (self.until is None or moment < self.until)


@dataclass(frozen=True, slots=True)
class Latest:
    """The latest event of a patient's consent; `version` 0 and no kind where there is none."""

    event: UUID | None = None
    version: int = 0
    kind: ConsentKind | None = None
    purposes: Sequence[str] = ()
    until: datetime | None = None


def after_giving(purposes: Collection[str], until: datetime | None) -> Consent:
    """The state once consent was given for some purposes: it counts when care is among them."""
    return Consent(given=Purpose.CARE in purposes, until=until)


def stricter(consents: Sequence[Consent]) -> Consent:
    """The state of records that are one patient's: given where each one's is, as long as each one's is."""
    ends = [consent.until for consent in consents if consent.until is not None]
    return Consent(given=bool(consents) and all(c.given for c in consents), until=min(ends, default=None))


def why_missing(latest: Latest, moment: datetime) -> ConsentMissing | None:
    """Why consent is missing after the latest event; None where it is given."""
    if latest.kind is None:
        return "never_given"
    if latest.kind == "revoked":
        return "revoked"
    if latest.kind == "expired" or (latest.until is not None and latest.until <= moment):
        return "expired"
    return None if Purpose.CARE in latest.purposes else "not_for_care"


def need_consent(enforcement: ConsentEnforcement, consent: Consent, moment: datetime) -> None:
    """Refuse as `consent_required` when no photograph may be added now."""
    if enforcement == "required" and not consent.holds(moment):
        raise Refused("consent_required")
