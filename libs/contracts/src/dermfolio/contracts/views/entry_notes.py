"""The notes of an entry as the API takes and shows them (ENT-3)."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from dermfolio.contracts.messages import Instant
from dermfolio.contracts.views.text import printable_lines

NOTES_LENGTH = 50_000

NotesText = Annotated[str, StringConstraints(max_length=NOTES_LENGTH), AfterValidator(printable_lines)]
"""Several lines, up to 50,000 characters. A line is a paragraph."""


class NotesToSave(BaseModel):
    """Notes as somebody made them of a version."""

    model_config = ConfigDict(extra="forbid")
    text: NotesText
    base_version: int = Field(ge=0, description="The version that `text` was made of; 0 before the first.")


class NotesVersion(BaseModel):
    """One version of an entry's notes: who saved it, and when."""

    version: int = Field(ge=0, description="0 before the first was saved.")
    saved_by: UUID | None = Field(description="Null before the first was saved.")
    saved_at: Instant | None


class NotesView(NotesVersion):
    """The notes of an entry."""

    entry: UUID
    text: str


class NotesHistory(BaseModel):
    """The versions of an entry's notes that are kept, newest first."""

    versions: list[NotesVersion]
