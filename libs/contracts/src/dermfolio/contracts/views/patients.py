"""Patients as the API takes and shows them (PAT-1, PAT-2, PAT-3)."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from dermfolio.contracts.messages import Instant
from dermfolio.contracts.views.text import Line, Name, Prose, printable

UniqueId = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, pattern=r"^[a-zA-Z0-9_-]{2,32}$")]
"""PAT-1: 2 to 32 of `a-z 0-9 _ -`; upper-case letters are lower-cased."""


Email = Annotated[
    str, StringConstraints(max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$"), AfterValidator(printable)
]
"""Looks like an address; only a message sent there could tell more."""


class Sex(StrEnum):
    """FHIR R4 AdministrativeGender's value set, used for the recorded sex."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNKNOWN = "unknown"


class Phototype(StrEnum):
    """Skin phototype after Fitzpatrick, Arch Dermatol 1988;124:869-871."""

    I = "I"  # noqa: E741 - the scale's own numeral
    II = "II"
    III = "III"
    IV = "IV"
    V = "V"
    VI = "VI"


class RecordNumber(BaseModel):
    """A medical record number and the system that issued it."""

    model_config = ConfigDict(extra="forbid")
    system: Name
    number: Name


def _plausible_birth(value: date) -> date:
    if value.year < 1850 or value > date.today():  # noqa: DTZ011 - a birth date has no time zone
        raise ValueError("must be a date between 1850 and today")
    return value


class PatientFields(BaseModel):
    """Everything a clinic may write down about a patient; all optional (PAT-2)."""

    model_config = ConfigDict(extra="forbid")
    first_name: Name | None = None
    middle_name: Name | None = None
    last_name: Name | None = None
    preferred_name: Name | None = None
    date_of_birth: Annotated[date, AfterValidator(_plausible_birth)] | None = None
    sex: Sex | None = None
    gender: Name | None = None
    email: Email | None = None
    phone: Annotated[str, StringConstraints(max_length=40, pattern=r"^[0-9+()./ x-]{3,40}$")] | None = None
    address: Prose | None = None
    record_numbers: Annotated[list[RecordNumber], Field(max_length=20)] = []
    referring_physician: Line | None = None
    phototype: Phototype | None = None
    notes: Prose | None = None


class NewPatient(PatientFields):
    """A patient to create. The site may be left out by users of a single site."""

    unique_id: UniqueId
    site: UUID | None = None


class PatientView(PatientFields):
    """A patient, with the computed facts of PAT-3."""

    model_config = ConfigDict(extra="ignore")
    id: UUID
    unique_id: str
    site: UUID
    image_count: int = Field(ge=0)
    entry_count: int = Field(ge=0)
    tags: list[UUID] = Field([], description="The tags in force: its own, and those of its photographs.")
    last_appointment: Instant | None
    last_modified: Instant
    created_at: Instant
    created_by: UUID
    merged_into: UUID | None = Field(
        None, description="The patient whose alias this record is: what is to be changed is changed there."
    )
    aliases: list[UUID] = Field(
        [], description="The records merged into this one. Pool and counts are of all of them; live events name theirs."
    )
    version: int = Field(ge=1)


class PatientCard(BaseModel):
    """A patient in a list."""

    id: UUID
    unique_id: str
    site: UUID
    first_name: str | None
    last_name: str | None
    preferred_name: str | None
    date_of_birth: date | None
    image_count: int
    entry_count: int
    tags: list[UUID] = Field(description="The tags in force: the patient's own and those inherited.")
    consent: Literal["given", "missing"] = Field(description="Whether consent to photographs is in force now.")
    last_appointment: Instant | None
    last_modified: Instant


class PatientPage(BaseModel):
    """One page of patients. `next` is the cursor of the following page, null on the last."""

    patients: list[PatientCard]
    next: str | None
