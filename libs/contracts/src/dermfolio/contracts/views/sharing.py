"""Who gets to a patient beside the home site's people, as the API takes and shows it (ORG-1, ORG-8)."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from dermfolio.contracts.messages import Instant
from dermfolio.contracts.views.patients import UniqueId
from dermfolio.contracts.views.text import printable_lines

Reason = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=10, max_length=500), AfterValidator(printable_lines)
]
"""10 to 500 characters."""


class SharedWith(BaseModel):
    """A site that a patient is shared with."""

    site: UUID
    shared_by: UUID
    shared_at: Instant


class PatientSites(BaseModel):
    """The sites whose people see a patient, and by what right oneself does."""

    home: UUID
    shared: list[SharedWith]
    opened_until: Instant | None
    """Until when one has emergency access, where nothing else lets one see the patient."""


class NewOpening(BaseModel):
    """Emergency access to ask for: the patient's exact unique ID, and why it is needed."""

    model_config = ConfigDict(extra="forbid")
    unique_id: UniqueId
    reason: Reason


class OpeningView(BaseModel):
    """An emergency access: who got to which patient of which site, why, and for how long."""

    id: UUID
    patient: UUID
    unique_id: str
    site: UUID
    user: UUID
    reason: str
    opened_at: Instant
    until: Instant
    ended_by: UUID | None
    """Who ended it before its time."""


class OpeningPage(BaseModel):
    """Emergency accesses, newest first. `next` is the cursor of the following page, null on the last."""

    openings: list[OpeningView]
    next: str | None
