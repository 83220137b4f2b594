"""Merging duplicates of a patient, as the API takes and shows it (PAT-7)."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from dermfolio.contracts.messages import Instant
from dermfolio.contracts.views.patients import PatientView, UniqueId

MOST_MERGED = 20
"""How many records can be merged into one."""

MergeObstacle = Literal["same_patient", "patient_merged", "patient_holds_merged", "too_many_merged"]
"""Why two records cannot be merged, as the code of the problem that trying would be answered with."""


class MergeCandidate(BaseModel):
    """The record that might be merged into another, by its exact unique ID."""

    model_config = ConfigDict(extra="forbid")
    unique_id: UniqueId


class MergeTotals(BaseModel):
    """What the records hold together."""

    image_count: int
    entry_count: int
    last_appointment: Instant | None
    consent_given: bool = Field(description="Whether consent is in force: the stricter of the two decides.")


class MergePreview(BaseModel):
    """What would be seen together."""

    survivor: PatientView
    alias: PatientView
    differing: list[str] = Field(description="Fields that both records fill in, differently. The survivor's are shown.")
    only_alias: list[str] = Field(description="Fields that only the alias fills in. They are shown there alone.")
    together: MergeTotals
    sites: list[UUID] = Field(description="Every site whose people would see both records.")
    newly_seeing: list[UUID] = Field(description="Those of the sites that see only one of the records now.")
    obstacle: MergeObstacle | None
    version: int = Field(ge=0, description="Send it as If-Match to merge what was seen here.")


class MergedRecord(BaseModel):
    """A record that is merged into another."""

    id: UUID
    unique_id: str
    site: UUID
    first_name: str | None
    last_name: str | None
    preferred_name: str | None
    image_count: int
    entry_count: int
    merged_at: Instant
    merged_by: UUID


class MergedRecords(BaseModel):
    """The records that are merged into a patient, the first merged first."""

    records: list[MergedRecord]
