"""What people change of photographs, as the API takes and shows it: captions, effective dates, places, tags of many."""

import unicodedata
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from dermfolio.contracts.messages import Instant
from dermfolio.contracts.views.moments import Moment

CAPTION_AT_MOST = 1000
"""Characters of a caption."""

ARCHIVED_AT_ONCE = 500
"""Photographs whose uploaded files are sent together."""

EDITED_AT_ONCE = 200
"""Photographs that are changed together."""

TAGS_AT_ONCE = 20
"""Tags that are given to photographs together, and as many that are taken away."""


Side = Literal["newer", "older"]


def _lines(value: str) -> str:
    if any(unicodedata.category(c) in {"Cc", "Cs"} and c != "\n" for c in value):
        raise ValueError("must not contain control characters other than line breaks")
    return value


EffectiveDate = Annotated[
    Moment,
    Field(
        description="When the photograph was taken, from 1900 to a day from now, with its offset from UTC, e.g. "
        "2026-03-12T09:30:00+01:00."
    ),
]


class NewCaption(BaseModel):
    """The caption that a photograph is to have; an empty one takes it away."""

    model_config = ConfigDict(extra="forbid")
    caption: Annotated[
        str, StringConstraints(strip_whitespace=True, max_length=CAPTION_AT_MOST), AfterValidator(_lines)
    ]


class NewEffectiveDate(BaseModel):
    """The effective date that a photograph is to have."""

    model_config = ConfigDict(extra="forbid")
    effective_at: EffectiveDate


class NewPlace(BaseModel):
    """Beside which photograph of the pool another is to stand."""

    model_config = ConfigDict(extra="forbid")
    next_to: UUID
    side: Side = Field(description="On which side of it: `newer` is where photographs of later dates are.")


class ImageDate(NewEffectiveDate):
    """A photograph, and the effective date that it is to have."""

    image: UUID


class DateChanges(BaseModel):
    """Effective dates of photographs of one patient: all of them are changed, or none."""

    model_config = ConfigDict(extra="forbid")
    dates: list[ImageDate] = Field(min_length=1, max_length=EDITED_AT_ONCE)

    @model_validator(mode="after")
    def _once_each(self) -> Self:
        if len({one.image for one in self.dates}) < len(self.dates):
            raise ValueError("must name each photograph once")
        return self


class TagsOfMany(BaseModel):
    """Tags to give to photographs of one patient and to take away from them: all of that is done, or nothing."""

    model_config = ConfigDict(extra="forbid")
    images: list[UUID] = Field(min_length=1, max_length=EDITED_AT_ONCE)
    add: list[UUID] = Field([], max_length=TAGS_AT_ONCE)
    remove: list[UUID] = Field([], max_length=TAGS_AT_ONCE)

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Self:
        if set(self.add) & set(self.remove):
            raise ValueError("must not give a tag and take it away")
        return self


class ImagesOfArchive(BaseModel):
    """Photographs of one patient whose uploaded files are wanted as one archive, in this order."""

    model_config = ConfigDict(extra="forbid")
    images: list[UUID] = Field(min_length=1, max_length=ARCHIVED_AT_ONCE)

    @model_validator(mode="after")
    def _once_each(self) -> Self:
        if len(set(self.images)) < len(self.images):
            raise ValueError("must name each photograph once")
        return self


class EditedImage(BaseModel):
    """A photograph as far as people change it."""

    id: UUID
    patient: UUID
    version: int = Field(ge=1, description="Grows with each change of anything of the photograph.")
    caption: str
    caption_version: int = Field(ge=0, description="How often the caption was saved.")
    effective_at: Instant
    date_version: int = Field(ge=0, description="How often the effective date was chosen; 0: it is the upload's own.")
    place: str = Field(description="Where it stands in the order of the pool.")
    tags: list[UUID]
    rotation: Literal[0, 90, 180, 270] = Field(
        description="Degrees clockwise by which the renditions are turned from how the file says it stands."
    )
    rotating: bool = Field(description="Whether renditions that are turned another way are being made.")


class EditedImages(BaseModel):
    """Photographs that were changed together."""

    images: list[EditedImage] = Field(
        description="As they are now, in the order in which they were named. Of photographs with very long captions "
        "the last ones may be left out; they are changed all the same."
    )
