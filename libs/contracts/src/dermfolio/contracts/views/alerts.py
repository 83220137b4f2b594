"""Emergency accesses as the administrators of the patients' sites are shown them (ORG-8)."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from dermfolio.contracts.messages import Instant
from dermfolio.contracts.views.sharing import OpeningView

COUNTED = 100
"""Alerts are counted so far and no further."""

AT_ONCE = 100
"""Alerts that are acknowledged by one request, at most."""


class EmergencyAlert(OpeningView):
    """An emergency access to a patient of a site that one administers."""

    first_name: str | None
    last_name: str | None
    preferred_name: str | None
    acknowledged_at: Instant | None
    """When one acknowledged it oneself."""


class EmergencyAlertPage(BaseModel):
    """Emergency accesses, newest first. `next` is the cursor of the following page, null on the last."""

    alerts: list[EmergencyAlert]
    next: str | None


class EmergencyAlertCount(BaseModel):
    """How many emergency accesses one has not acknowledged."""

    unacknowledged: int = Field(le=COUNTED, description=f"{COUNTED} stands for as many or more.")


class Acknowledgement(BaseModel):
    """The emergency accesses that one has taken note of."""

    model_config = ConfigDict(extra="forbid")
    openings: list[UUID] = Field(min_length=1, max_length=AT_ONCE)
