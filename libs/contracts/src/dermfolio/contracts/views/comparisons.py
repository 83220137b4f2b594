"""Comparison groups as the API takes and shows them (CMP-1): photographs of an entry that are looked at together."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from dermfolio.contracts.messages import Instant
from dermfolio.contracts.views.text import printable

IMAGES_AT_LEAST, IMAGES_AT_MOST = 2, 24
"""Photographs of a comparison: two years of monthly visits."""

COMPARISONS_AT_MOST = 100
"""Comparisons of an entry."""


def _different(images: list[UUID]) -> list[UUID]:
    if len(set(images)) != len(images):
        raise ValueError("must name each photograph once")
    return images


def _named(images: Sequence[UUID], reference: UUID) -> None:
    if reference not in images:
        raise ValueError("'reference' must be one of 'images'")


ComparisonName = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), AfterValidator(printable)]
"""One line of up to 200 characters, or none."""

ComparedImages = Annotated[
    list[UUID], Field(min_length=IMAGES_AT_LEAST, max_length=IMAGES_AT_MOST), AfterValidator(_different)
]


class NewComparison(BaseModel):
    """A comparison to create, of photographs that are in the entry's workspace."""

    model_config = ConfigDict(extra="forbid")
    name: ComparisonName = Field("", description="Without one, it is called by the dates of its photographs.")
    images: ComparedImages = Field(description="In the order in which they are shown.")
    reference: UUID = Field(description="The photograph to which the others are aligned.")

    @model_validator(mode="after")
    def _has_its_reference(self) -> "NewComparison":
        _named(self.images, self.reference)
        return self


class ComparisonChanges(BaseModel):
    """What to change of a comparison; what is left out stays."""

    model_config = ConfigDict(extra="forbid")
    name: ComparisonName | None = None
    images: ComparedImages | None = Field(None, description="All of them, in the order in which they are shown.")
    reference: UUID | None = Field(None, description="Needed where the one there was is no longer among the images.")

    @model_validator(mode="after")
    def _has_its_reference(self) -> "ComparisonChanges":
        if self.images is not None and self.reference is not None:
            _named(self.images, self.reference)
        return self


class ComparisonView(BaseModel):
    """A comparison group: photographs in an order, one of which the others are aligned to."""

    id: UUID
    entry: UUID
    patient: UUID = Field(description="The record whose entry it is.")
    name: str = Field(description="Empty: it is called by the dates of its photographs.")
    images: list[UUID]
    reference: UUID
    version: int = Field(ge=1)
    created_by: UUID
    created_at: Instant
    changed_by: UUID
    changed_at: Instant


class ComparisonList(BaseModel):
    """All comparisons of an entry, the oldest first."""

    comparisons: list[ComparisonView]
