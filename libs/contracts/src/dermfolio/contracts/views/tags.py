"""Tags and their categories, as the API takes and shows them (TAG-1, TAG-2)."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from dermfolio.contracts.views.text import printable

CATEGORIES_AT_MOST = 50
"""Categories of a site, or of the installation."""

TAGS_AT_MOST = 500
"""Tags of a site, or of the installation; with both, one message of the bus holds a list with room to spare."""

ASSIGNED_AT_MOST = 50
"""Tags that one patient, entry or photograph has of its own."""

FILTERED_AT_MOST = 50
"""Tags that a pool is filtered by at a time."""


def _one_line(value: str) -> str:
    return printable(" ".join(value.split()))


TagName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60), AfterValidator(_one_line)
]
"""One line of up to 60 characters."""


class TagColour(StrEnum):
    """The palette: each is legible in both themes; what it looks like is the user interface's matter."""

    GREY = "grey"
    RED = "red"
    PINK = "pink"
    PURPLE = "purple"
    INDIGO = "indigo"
    BLUE = "blue"
    CYAN = "cyan"
    TEAL = "teal"
    GREEN = "green"
    LIME = "lime"
    YELLOW = "yellow"
    ORANGE = "orange"


class NewTagCategory(BaseModel):
    """A category to make, of a site or (without one) of the whole installation."""

    model_config = ConfigDict(extra="forbid")
    site: UUID | None = None
    name: TagName
    colour: TagColour


class TagCategoryChanges(BaseModel):
    """What to change of a category; what is left out stays."""

    model_config = ConfigDict(extra="forbid")
    name: TagName | None = None
    colour: TagColour | None = None
    retired: bool | None = None


class NewTag(BaseModel):
    """A tag to make in a category."""

    model_config = ConfigDict(extra="forbid")
    name: TagName


class TagChanges(BaseModel):
    """What to change of a tag; what is left out stays."""

    model_config = ConfigDict(extra="forbid")
    name: TagName | None = None
    retired: bool | None = None


class TagView(BaseModel):
    """A tag. A retired one stays where it is, and is not assigned any more."""

    id: UUID
    name: str
    retired: bool
    version: int = Field(ge=1)


class TagCategoryView(BaseModel):
    """A category with its tags, in their order. While it is retired, so are all of its tags."""

    id: UUID
    site: UUID | None
    name: str
    colour: TagColour
    retired: bool
    version: int = Field(ge=1)
    tags: list[TagView]


class TagList(BaseModel):
    """The categories of a site, or of the installation, in their order."""

    site: UUID | None
    categories: list[TagCategoryView]
    version: int = Field(ge=0, description="Grows with each change of anything in it.")


class CategoryInOrder(BaseModel):
    """A category, and the order of its tags."""

    model_config = ConfigDict(extra="forbid")
    id: UUID
    tags: list[UUID] = Field(max_length=TAGS_AT_MOST)


class TagOrder(BaseModel):
    """All categories of a list with all their tags, in the order that they are to have."""

    model_config = ConfigDict(extra="forbid")
    site: UUID | None = None
    categories: list[CategoryInOrder] = Field(max_length=CATEGORIES_AT_MOST)


class InheritedTag(BaseModel):
    """A tag that something has because photographs have it. It goes away with the last of them."""

    tag: UUID
    sources: int = Field(ge=1, description="How many photographs have it.")


class AssignedTags(BaseModel):
    """The tags of a patient or an entry: its own, and those of its photographs. One tag may be both."""

    own: list[UUID]
    inherited: list[InheritedTag]
    version: int = Field(ge=0, description="Grows with each change of the tags in force.")


class ImageTags(BaseModel):
    """The tags of a photograph."""

    tags: list[UUID]
