"""Clinical entries as the API takes and shows them (ENT-1)."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from dermfolio.contracts.messages import Instant
from dermfolio.contracts.views.moments import Moment

Appointment = Annotated[Moment, Field(description="With its offset from UTC, e.g. 2026-03-12T09:30:00+01:00.")]


class NewEntry(BaseModel):
    """An entry to create: one visit of the patient."""

    model_config = ConfigDict(extra="forbid")
    id: UUID | None = Field(None, description="The client may make the id. Repeating the request is harmless then.")
    appointment: Appointment | None = Field(None, description="Left out, it is now.")


class EntryChanges(BaseModel):
    """What to change of an entry's header."""

    model_config = ConfigDict(extra="forbid")
    appointment: Appointment


class EntryCard(BaseModel):
    """An entry in a patient's timeline."""

    id: UUID
    patient: UUID
    site: UUID = Field(description="The patient's home site.")
    appointment: Instant
    created_by: UUID
    created_at: Instant
    last_modified: Instant
    tags: list[UUID] = Field([], description="The tags in force: its own, and those of its photographs.")
    version: int = Field(ge=1, description="The version of the header: of the appointment.")


class EntryView(EntryCard):
    """One visit of a patient."""

    notes: str
    notes_version: int = Field(ge=0, description="How often the notes were saved.")


class EntryPage(BaseModel):
    """One page of a patient's entries, latest appointment first. `next` is the cursor of the following page, null on
    the last.
    """

    entries: list[EntryCard]
    total: int = Field(description="How many entries the patient has.")
    next: str | None
