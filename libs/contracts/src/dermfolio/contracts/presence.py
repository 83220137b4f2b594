"""Who has which patient open, told from gateway to gateway (ENT-3): a hint that is repeated, and kept nowhere."""

from uuid import UUID

from pydantic import BaseModel, Field

from dermfolio.contracts.messages import Live
from dermfolio.contracts.views.live import PEOPLE_AT_ONCE, Somebody

PATIENTS_AT_ONCE = 50


class PeopleAt(BaseModel):
    """Who has one patient open; nobody any more where there is none."""

    patient: UUID
    people: list[Somebody] = Field(max_length=PEOPLE_AT_ONCE)


class PeoplePresent(Live):
    """Who has these patients open through one gateway. What is not repeated for a while is so no more."""

    subject = "live.gateway.presence"
    gateway: UUID
    """Made anew by each gateway that starts."""

    patients: list[PeopleAt] = Field(max_length=PATIENTS_AT_ONCE)
