"""Consent to photography, as the API takes and shows it (CON-1 to CON-7)."""

from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from dermfolio.contracts.messages import Instant
from dermfolio.contracts.views.organisation import Language
from dermfolio.contracts.views.settings import ConsentEnforcement
from dermfolio.contracts.views.text import Name, Prose, printable_lines


class Purpose(StrEnum):
    """What photographs may be used for (CON-7)."""

    CARE = "care"
    TEACHING = "teaching"
    PUBLICATION = "publication"
    RESEARCH = "research"
    MARKETING = "marketing"


Relationship = Literal["patient", "parent", "guardian", "representative", "other"]
"""Who signs: the patient, or somebody for the patient."""

ConsentKind = Literal["digital", "external", "revoked", "expired"]
"""What an event of the consent log is: given here, verified elsewhere, taken back, run out."""

ConsentMissing = Literal["never_given", "revoked", "expired", "not_for_care", "other_record"]
"""Why consent is missing; `other_record`: in a record that is the same patient's, of which the stricter counts."""

CANVAS = 4096
"""Longest side of the surface that is signed on."""

POINTS = 10_000
"""Points of a signature, of all its strokes."""

Coordinate = Annotated[int, Field(ge=0, le=CANVAS)]
Point = Annotated[list[Coordinate], Field(min_length=2, max_length=2)]
"""x and y."""

Reason = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000), AfterValidator(printable_lines)
]
Notes = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000), AfterValidator(printable_lines)]


class DrawnSignature(BaseModel):
    """A signature as it was drawn: lines through points, on a surface of this size."""

    model_config = ConfigDict(extra="forbid")
    kind: Literal["drawn"]
    width: int = Field(ge=1, le=CANVAS)
    height: int = Field(ge=1, le=CANVAS)
    strokes: list[Annotated[list[Point], Field(min_length=1, max_length=POINTS)]] = Field(min_length=1, max_length=500)

    @model_validator(mode="after")
    def _is_bounded(self) -> "DrawnSignature":
        points = [point for stroke in self.strokes for point in stroke]
        if len(points) > POINTS:
            raise ValueError(f"has more than {POINTS} points")
        if any(x > self.width or y > self.height for x, y in points):
            raise ValueError("has points outside its surface")
        return self


class TypedSignature(BaseModel):
    """A name typed in the place of a drawn signature."""

    model_config = ConfigDict(extra="forbid")
    kind: Literal["typed"]
    name: Name


Signature = Annotated[DrawnSignature | TypedSignature, Field(discriminator="kind")]


class SignedForm(BaseModel):
    """The form in force, shown and signed here."""

    model_config = ConfigDict(extra="forbid")
    method: Literal["digital"]
    language: Language
    form_version: int = Field(ge=0, description="The version that was shown; refused when another is in force.")
    signer: Name
    relationship: Relationship
    signature: Signature


class VerifiedElsewhere(BaseModel):
    """Consent that was given in another way, as the user confirms."""

    model_config = ConfigDict(extra="forbid")
    method: Literal["external"]
    verified: Literal["verbal", "written", "other"]
    notes: Notes | None = None


class NewConsent(BaseModel):
    """Consent to record."""

    model_config = ConfigDict(extra="forbid")
    purposes: list[Purpose] = Field(min_length=1, max_length=len(Purpose))
    until: Instant | None = Field(None, description="When it ends; left out, when it is revoked.")
    given: Annotated[SignedForm | VerifiedElsewhere, Field(discriminator="method")]

    @model_validator(mode="after")
    def _names_each_purpose_once(self) -> "NewConsent":
        if len(set(self.purposes)) < len(self.purposes):
            raise ValueError("names a purpose twice")
        if self.until is not None and self.until.tzinfo is None:
            raise ValueError("ends at a time without a time zone")
        return self


class Revocation(BaseModel):
    """Why consent is taken back."""

    model_config = ConfigDict(extra="forbid")
    reason: Reason


class ConsentView(BaseModel):
    """Whether consent to photography is given, and what follows where it is not."""

    patient: UUID
    enforcement: ConsentEnforcement
    given: bool = Field(description="The latest event is neither revoked nor expired, and its purposes include care.")
    missing: ConsentMissing | None
    purposes: list[Purpose] = Field(description="What photographs may be used for now.")
    until: Instant | None
    event: UUID | None = Field(description="The latest event.")
    version: int = Field(ge=0, description="Counts the events.")


class ConsentEventView(BaseModel):
    """An event of a patient's consent, which never changes."""

    id: UUID
    version: int = Field(ge=1)
    kind: ConsentKind
    at: Instant
    by: UUID | None = Field(description="The user who recorded it; null where it ran out by itself.")
    purposes: list[Purpose]
    until: Instant | None
    ends: UUID | None = Field(description="The event that this one ends.")
    form_title: str | None
    form_language: str | None
    form_version: int | None
    signer: str | None
    relationship: Relationship | None
    verified: Literal["verbal", "written", "other"] | None
    notes: str | None
    reason: str | None


class ConsentEventDetails(ConsentEventView):
    """The same, with what was signed, word by word, and the signature."""

    form_text: str | None
    signature: Signature | None


class ConsentEventPage(BaseModel):
    """One page of events, newest first. `next` is the cursor of the following page, null on the last."""

    events: list[ConsentEventView]
    next: str | None


class ConsentFormText(BaseModel):
    """What a form says. Empty lines part its paragraphs."""

    model_config = ConfigDict(extra="forbid")
    title: Name
    text: Annotated[Prose, StringConstraints(strip_whitespace=True, min_length=1)]


class ConsentFormView(BaseModel):
    """A form in force at a site, in one language. Version 0 is the one that comes with the product."""

    site: UUID
    language: str
    version: int = Field(ge=0)
    title: str
    text: str
    changed_at: Instant | None
    changed_by: UUID | None


class ConsentFormList(BaseModel):
    """The forms in force at a site, one of each language."""

    forms: list[ConsentFormView]
