"""What patients answers and says of tags, and images of those of photographs (TAG-1, TAG-2)."""

from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from dermfolio.contracts.entries import AboutEntry
from dermfolio.contracts.messages import Action, Event, Request
from dermfolio.contracts.views.tags import (
    AssignedTags,
    ImageTags,
    NewTag,
    NewTagCategory,
    TagCategoryChanges,
    TagCategoryView,
    TagChanges,
    TagList,
    TagOrder,
    TagView,
)


class ListTags(Request[TagList]):
    """The categories and tags of a site, or of the installation. Says nothing of any patient, so it is not recorded."""

    subject = "rpc.patients.tags"
    site: UUID | None = None


class CreateTagCategory(Request[TagCategoryView]):
    """Make a category, the last of its list."""

    subject = "rpc.patients.create_tag_category"
    new: NewTagCategory
    idempotency_key: str = Field(max_length=200)


class ChangeTagCategory(Request[TagCategoryView]):
    """Rename, recolour or retire a category, or bring it back."""

    subject = "rpc.patients.change_tag_category"
    category: UUID
    changes: TagCategoryChanges
    version: int


class CreateTag(Request[TagView]):
    """Make a tag, the last of its category."""

    subject = "rpc.patients.create_tag"
    category: UUID
    new: NewTag
    idempotency_key: str = Field(max_length=200)


class ChangeTag(Request[TagView]):
    """Rename or retire a tag, or bring it back."""

    subject = "rpc.patients.change_tag"
    tag: UUID
    changes: TagChanges
    version: int


class OrderTags(Request[TagList]):
    """Put the categories and tags of a list in order."""

    subject = "rpc.patients.order_tags"
    order: TagOrder
    version: int


class GetPatientTags(Request[AssignedTags]):
    """The tags of a patient; recorded as a read."""

    subject = "rpc.patients.patient_tags"
    patient: UUID


class TagPatient(Request[AssignedTags]):
    """Give a patient a tag."""

    subject = "rpc.patients.tag_patient"
    patient: UUID
    tag: UUID


class UntagPatient(Request[AssignedTags]):
    """Take it away."""

    subject = "rpc.patients.untag_patient"
    patient: UUID
    tag: UUID


class GetEntryTags(Request[AssignedTags]):
    """The tags of an entry; recorded as a read."""

    subject = "rpc.patients.entry_tags"
    patient: UUID
    entry: UUID


class TagEntry(Request[AssignedTags]):
    """Give an entry a tag."""

    subject = "rpc.patients.tag_entry"
    patient: UUID
    entry: UUID
    tag: UUID


class UntagEntry(Request[AssignedTags]):
    """Take it away."""

    subject = "rpc.patients.untag_entry"
    patient: UUID
    entry: UUID
    tag: UUID


class Tagging(BaseModel):
    """The home site of the patient whose photograph may have the tag."""

    site: UUID


class MayTag(Request[Tagging]):
    """May the actor give this tag to something of the patient? Asked by who keeps what is tagged."""

    subject = "rpc.patients.may_tag"
    patient: UUID
    tag: UUID


class TagImage(Request[ImageTags]):
    """Give a photograph a tag."""

    subject = "rpc.images.tag"
    patient: UUID
    image: UUID
    tag: UUID


class UntagImage(Request[ImageTags]):
    """Take it away."""

    subject = "rpc.images.untag"
    patient: UUID
    image: UUID
    tag: UUID


class AboutTags(Event):
    """The tags of a site (`site`) or of the installation changed; `list_version` counts these changes."""

    list_version: int


class _AboutCategory(AboutTags):
    about: ClassVar[str] = "category"
    category: UUID
    version: int


class TagCategoryCreated(_AboutCategory):
    """There is a new category of tags."""

    subject = "evt.patients.tag_category_created"
    action: ClassVar[Action] = "C"


class TagCategoryChanged(_AboutCategory):
    """A category was renamed, recoloured, retired or brought back."""

    subject = "evt.patients.tag_category_changed"
    action: ClassVar[Action] = "U"
    fields: list[Literal["name", "colour", "retired"]]


class _AboutTag(AboutTags):
    about: ClassVar[str] = "tag"
    tag: UUID
    category: UUID
    version: int


class TagCreated(_AboutTag):
    """There is a new tag."""

    subject = "evt.patients.tag_created"
    action: ClassVar[Action] = "C"


class TagChanged(_AboutTag):
    """A tag was renamed, retired or brought back."""

    subject = "evt.patients.tag_changed"
    action: ClassVar[Action] = "U"
    fields: list[Literal["name", "retired"]]


class TagsOrdered(AboutTags):
    """Categories and tags were put in order."""

    subject = "evt.patients.tags_ordered"
    action: ClassVar[Action] = "U"
    about: ClassVar[str] = "tag_list"
    tag_list: UUID


class PatientTagged(Event):
    """The tags in force of a patient, or its own ones, are others; `version` counts these changes."""

    subject = "evt.patients.tagged"
    action: ClassVar[Action] = "U"
    about: ClassVar[str] = "patient"
    own: list[UUID]
    tags: list[UUID]
    """Those in force: its own and the inherited."""

    version: int


class PatientTagsViewed(Event):
    """Somebody was shown the tags of a patient."""

    subject = "evt.patients.tags_viewed"
    action: ClassVar[Action] = "R"
    about: ClassVar[str] = "patient"


class EntryTagged(AboutEntry):
    """The tags in force of an entry, or its own ones, are others; `version` counts these changes."""

    subject = "evt.patients.entry_tagged"
    own: list[UUID]
    tags: list[UUID]
    version: int


class EntryTagsViewed(AboutEntry):
    """Somebody was shown the tags of an entry."""

    subject = "evt.patients.entry_tags_viewed"
    action: ClassVar[Action] = "R"


class ImageTagged(Event):
    """A photograph has these tags, and no others."""

    subject = "evt.images.tagged"
    action: ClassVar[Action] = "U"
    about: ClassVar[str] = "image"
    image: UUID
    tags: list[UUID]
    version: int


ASKED: tuple[type[Request[Any]], ...] = (
    ListTags,
    CreateTagCategory,
    ChangeTagCategory,
    CreateTag,
    ChangeTag,
    OrderTags,
    GetPatientTags,
    TagPatient,
    UntagPatient,
    GetEntryTags,
    TagEntry,
    UntagEntry,
)
"""What patients answers of this to users."""

OF_IMAGES: tuple[type[Request[Any]], ...] = (TagImage, UntagImage)
"""What images answers of it."""

CATALOGUE = (TagCategoryCreated, TagCategoryChanged, TagCreated, TagChanged, TagsOrdered)
"""Facts about which tags there are."""

SAID = (*CATALOGUE, PatientTagged, PatientTagsViewed, EntryTagged, EntryTagsViewed)
"""What patients says of this."""
