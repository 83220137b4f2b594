"""What patients answers and says of emergency access to the administrators of the home site (ORG-8)."""

from typing import Any, ClassVar
from uuid import UUID

from pydantic import Field

from dermfolio.contracts.messages import Action, Nothing, Request
from dermfolio.contracts.sharing import AboutOpening
from dermfolio.contracts.views.alerts import AT_ONCE, EmergencyAlertCount, EmergencyAlertPage


class ListAlerts(Request[EmergencyAlertPage]):
    """Emergency accesses to patients of the sites that the actor administers, newest first."""

    subject = "rpc.patients.alerts"
    limit: int = Field(50, ge=1, le=200)
    cursor: str | None = None


class CountAlerts(Request[EmergencyAlertCount]):
    """How many of them the actor has not acknowledged. Says nothing of any patient, so it is not recorded."""

    subject = "rpc.patients.count_alerts"


class AcknowledgeAlerts(Request[Nothing]):
    """Take note of some, for oneself."""

    subject = "rpc.patients.acknowledge_alerts"
    openings: list[UUID] = Field(min_length=1, max_length=AT_ONCE)


class OpeningAcknowledged(AboutOpening):
    """An administrator of the home site took note of an emergency access."""

    subject = "evt.patients.opening_acknowledged"
    action: ClassVar[Action] = "U"
    administrator: UUID


ASKED: tuple[type[Request[Any]], ...] = (ListAlerts, CountAlerts, AcknowledgeAlerts)
"""What patients answers of this to users."""

SAID = (OpeningAcknowledged,)
"""What patients says of this."""
