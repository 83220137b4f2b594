"""Finding patients as the API takes and shows it (PAT-4)."""

from enum import StrEnum
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from dermfolio.contracts.views.patients import PatientPage
from dermfolio.contracts.views.text import printable

COUNTED = 1000
"""Up to so many are counted."""

LONGEST = 100
"""Characters of a search."""

MOST = 2**31 - 1

SearchText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST), AfterValidator(printable)]
Count = Annotated[int, Field(ge=0, le=MOST)]
Chosen = Annotated[list[UUID], Field(max_length=50)]


class PatientSort(StrEnum):
    """What patients are listed in the order of."""

    LAST_MODIFIED = "last_modified"
    LAST_APPOINTMENT = "last_appointment"
    UNIQUE_ID = "unique_id"
    NAME = "name"


class CountRange(BaseModel):
    """From so many to so many, both included."""

    model_config = ConfigDict(extra="forbid")
    least: Count = 0
    most: Count | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.most is not None and self.most < self.least:
            raise ValueError("'most' must not be less than 'least'")
        return self


class DateRange(BaseModel):
    """A span of time: from `since` on, and before `until`."""

    model_config = ConfigDict(extra="forbid")
    of: Literal["last_appointment", "last_modified"]
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.since is not None and self.until is not None and self.until <= self.since:
            raise ValueError("'until' must be later than 'since'")
        return self


class PatientFilter(BaseModel):
    """Which patients: those of whom all of this is true."""

    model_config = ConfigDict(extra="forbid")
    text: SearchText = Field(
        "",
        description="Words that unique ID, names or record numbers have: one or two characters at the beginning of a "
        "word, more anywhere. Capitals and accents make no difference.",
    )
    dates: DateRange | None = None
    tags_any: Chosen = Field([], description="At least one of these tags is in force.")
    tags_all: Chosen = Field([], description="All of these tags are in force.")
    entries: CountRange | None = None
    images: CountRange | None = None
    sites: Chosen = Field([], description="At home at one of these of one's sites, or shared with it; empty for all.")


class PatientSearch(PatientFilter):
    """A page of the patients to be found. What is searched for stands in a body, never in an address."""

    sort: PatientSort = PatientSort.LAST_MODIFIED
    order: Literal["ascending", "descending"] = Field(
        "descending",
        description="Who has no appointment counts as longest ago; who has no name comes behind all names. The other "
        "order is the exact reverse.",
    )
    limit: int = Field(50, ge=1, le=100)
    cursor: str | None = Field(None, max_length=2000, description="`next` of the page before, of the same search.")


class FoundPatients(PatientPage):
    """A page of the patients found."""

    count: int | None = Field(description=f"How many there are, on the first page: up to {COUNTED}.")
    count_is_exact: bool | None = Field(description="Whether that is all of them, on the first page.")
