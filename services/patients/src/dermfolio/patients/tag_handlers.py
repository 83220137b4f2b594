"""One thin function per message about tags."""

from collections.abc import Mapping
from typing import Any

from dermfolio.common.auth import Call
from dermfolio.common.bus import Answer, Handler
from dermfolio.common.host import Parts
from dermfolio.contracts.messages import Request
from dermfolio.contracts.tags import (
    ChangeTag,
    ChangeTagCategory,
    CreateTag,
    CreateTagCategory,
    GetEntryTags,
    GetPatientTags,
    ListTags,
    MayTag,
    OrderTags,
    TagEntry,
    Tagging,
    TagPatient,
    UntagEntry,
    UntagPatient,
)
from dermfolio.contracts.views.tags import AssignedTags, TagCategoryView, TagList, TagView
from dermfolio.patients import tag_catalogue, tagging


class TagHandlers:
    """What patients answers about tags."""

    def __init__(self, parts: Parts) -> None:
        self._db = parts.db
        self._requests = parts.requests
        self._reads = parts.reads

    def answers(self) -> Mapping[type[Request[Any]], Handler]:
        """Who answers what."""
        return {
            ListTags: self.list,
            CreateTagCategory: self.create_category,
            ChangeTagCategory: self.change_category,
            CreateTag: self.create,
            ChangeTag: self.change,
            OrderTags: self.order,
            GetPatientTags: self.show,
            TagPatient: self.give,
            UntagPatient: self.take,
            GetEntryTags: self.show,
            TagEntry: self.give,
            UntagEntry: self.take,
            MayTag: self.may_tag,
        }

    async def list(self, request: ListTags, call: Call) -> Answer[TagList]:
        """Show which tags there are."""
        return await tag_catalogue.list_tags(self._db, call, request)

    async def create_category(self, request: CreateTagCategory, call: Call) -> Answer[TagCategoryView]:
        """Make a category."""
        return await tag_catalogue.create_category(self._db, self._requests, call, request)

    async def change_category(self, request: ChangeTagCategory, call: Call) -> Answer[TagCategoryView]:
        """Change a category."""
        return await tag_catalogue.change_category(self._db, call, request)

    async def create(self, request: CreateTag, call: Call) -> Answer[TagView]:
        """Make a tag."""
        return await tag_catalogue.create_tag(self._db, call, request)

    async def change(self, request: ChangeTag, call: Call) -> Answer[TagView]:
        """Change a tag."""
        return await tag_catalogue.change_tag(self._db, call, request)

    async def order(self, request: OrderTags, call: Call) -> Answer[TagList]:
        """Put tags in order."""
        return await tag_catalogue.order_tags(self._db, call, request)

    async def show(self, request: GetPatientTags | GetEntryTags, call: Call) -> Answer[AssignedTags]:
        """Show the tags of a patient or an entry."""
        return await tagging.show_tags(self._db, self._reads, call, request)

    async def give(self, request: TagPatient | TagEntry, call: Call) -> Answer[AssignedTags]:
        """Give a patient or an entry a tag."""
        return await tagging.give_tag(self._db, call, request)

    async def take(self, request: UntagPatient | UntagEntry, call: Call) -> Answer[AssignedTags]:
        """Take a tag away from a patient or an entry."""
        return await tagging.take_tag(self._db, call, request)

    async def may_tag(self, request: MayTag, call: Call) -> Tagging:
        """Tell whether something of a patient may have a tag."""
        return await tagging.may_tag(self._db, call, request)
