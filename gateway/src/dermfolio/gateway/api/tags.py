"""Tags: which there are, and whose (TAG-1, TAG-2)."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from dermfolio.common.bus import Requests
from dermfolio.contracts.tags import (
    ChangeTag,
    ChangeTagCategory,
    CreateTag,
    CreateTagCategory,
    GetEntryTags,
    GetPatientTags,
    ListTags,
    OrderTags,
    TagEntry,
    TagImage,
    TagPatient,
    UntagEntry,
    UntagImage,
    UntagPatient,
)
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
from dermfolio.gateway.asking import passed_on
from dermfolio.gateway.bodies import read_body
from dermfolio.gateway.operations import CHANGING, EDITING, READING, WITH_BODY, Operation, Success
from dermfolio.gateway.parameters import (
    CATEGORY,
    ENTRY,
    IDEMPOTENCY_KEY,
    IF_MATCH,
    IMAGE,
    OF_SITE,
    PATIENT,
    TAG,
    idempotency_key_of,
    version_of,
)
from dermfolio.gateway.visits import Visits

_MAKING = (
    *CHANGING,
    *WITH_BODY,
    "forbidden",
    "not_found",
    "tag_name_taken",
    "too_many_tags",
    "idempotency_key_reused",
)
_ONE = (*CHANGING, "invalid_request", "forbidden", "not_found")
_GIVING = (*_ONE, "tag_retired", "tag_of_another_site", "too_many_tags")
_VERSION = {"ETag": "The version."}
_MANAGERS = "For administrators of the site, and of the installation."


class TagsApi:
    """Tags."""

    def __init__(self, requests: Requests, visits: Visits) -> None:
        self._requests = requests
        self._visits = visits

    def operations(self) -> Sequence[Operation]:
        """What this part of the API offers."""
        return (*self._lists(), *self._assignments())

    def _lists(self) -> Sequence[Operation]:
        whole = {200: Success("The categories with their tags.", TagList, headers=_VERSION)}
        return (
            Operation(
                "list_tags",
                "GET",
                "/tags",
                "The categories of tags of the whole installation, or with `site` those that a site has besides, and "
                "their tags, in their order; retired ones too.",
                self.list,
                whole,
                (*READING, "invalid_request", "forbidden"),
                takes=(OF_SITE,),
            ),
            Operation(
                "order_tags",
                "PUT",
                "/tags/order",
                "Put categories and tags in order: all that the list holds, as it is to stand. If-Match takes the ETag "
                f"of the list. {_MANAGERS}",
                self.order,
                whole,
                EDITING,
                takes=(IF_MATCH,),
                body=TagOrder,
            ),
            Operation(
                "create_tag_category",
                "POST",
                "/tags/categories",
                f"Make a category, of a site or of the whole installation. {_MANAGERS}",
                self.create_category,
                {201: Success("Made.", TagCategoryView, headers=_VERSION)},
                _MAKING,
                takes=(IDEMPOTENCY_KEY,),
                body=NewTagCategory,
            ),
            Operation(
                "change_tag_category",
                "PATCH",
                "/tags/categories/{category}",
                "Rename, recolour or retire a category, or bring it back. While it is retired, so are all of its tags: "
                f"they stay where they are, and are not assigned any more. {_MANAGERS}",
                self.change_category,
                {200: Success("The category as it is now.", TagCategoryView, headers=_VERSION)},
                (*EDITING, "tag_name_taken"),
                takes=(CATEGORY, IF_MATCH),
                body=TagCategoryChanges,
            ),
            Operation(
                "create_tag",
                "POST",
                "/tags/categories/{category}/tags",
                f"Make a tag. {_MANAGERS}",
                self.create,
                {201: Success("Made.", TagView, headers=_VERSION)},
                _MAKING,
                takes=(CATEGORY, IDEMPOTENCY_KEY),
                body=NewTag,
            ),
            Operation(
                "change_tag",
                "PATCH",
                "/tags/{tag}",
                "Rename or retire a tag, or bring it back. A retired tag stays where it is, and is not assigned any "
                f"more. {_MANAGERS}",
                self.change,
                {200: Success("The tag as it is now.", TagView, headers=_VERSION)},
                (*EDITING, "tag_name_taken"),
                takes=(TAG, IF_MATCH),
                body=TagChanges,
            ),
        )

    def _assignments(self) -> Sequence[Operation]:
        of_patient = {200: Success("The patient's tags.", AssignedTags, headers=_VERSION)}
        of_entry = {200: Success("The entry's tags.", AssignedTags, headers=_VERSION)}
        on_entry = "/patients/{patient}/entries/{entry}/tags/{tag}"
        of_image = {200: Success("The photograph's tags.", ImageTags)}
        on_patient, on_image = "/patients/{patient}/tags/{tag}", "/patients/{patient}/images/{image}/tags/{tag}"
        return (
            Operation(
                "list_patient_tags",
                "GET",
                "/patients/{patient}/tags",
                "The tags of a patient: its own, and those that it inherits from photographs.",
                self.of_patient,
                of_patient,
                (*READING, "invalid_request", "forbidden", "not_found"),
                takes=(PATIENT,),
            ),
            Operation(
                "tag_patient",
                "PUT",
                on_patient,
                "Give a patient a tag of the installation or of the home site. One that it has already stays.",
                self.tag_patient,
                of_patient,
                _GIVING,
                takes=(PATIENT, TAG),
            ),
            Operation(
                "untag_patient",
                "DELETE",
                on_patient,
                "Take a tag away from a patient. One that photographs have goes away with the last of them.",
                self.untag_patient,
                of_patient,
                (*_ONE, "tag_inherited"),
                takes=(PATIENT, TAG),
            ),
            Operation(
                "list_entry_tags",
                "GET",
                "/patients/{patient}/entries/{entry}/tags",
                "The tags of an entry: its own, and those that it inherits from the photographs in its workspace.",
                self.of_entry,
                of_entry,
                (*READING, "invalid_request", "forbidden", "not_found"),
                takes=(PATIENT, ENTRY),
            ),
            Operation(
                "tag_entry",
                "PUT",
                on_entry,
                "Give an entry a tag of the installation or of the patient's home site. One that it has already stays.",
                self.tag_entry,
                of_entry,
                _GIVING,
                takes=(PATIENT, ENTRY, TAG),
            ),
            Operation(
                "untag_entry",
                "DELETE",
                on_entry,
                "Take a tag away from an entry. One that photographs have goes away with the last of them.",
                self.untag_entry,
                of_entry,
                (*_ONE, "tag_inherited"),
                takes=(PATIENT, ENTRY, TAG),
            ),
            Operation(
                "tag_image",
                "PUT",
                on_image,
                "Give a photograph a tag of the installation or of the patient's home site; the patient inherits it.",
                self.tag_image,
                of_image,
                _GIVING,
                takes=(PATIENT, IMAGE, TAG),
            ),
            Operation(
                "untag_image",
                "DELETE",
                on_image,
                "Take a tag away from a photograph.",
                self.untag_image,
                of_image,
                _ONE,
                takes=(PATIENT, IMAGE, TAG),
            ),
        )

    async def list(self, request: Request) -> Response:
        """Show which tags there are."""
        visit = await self._visits.admit(request)
        return passed_on(await self._requests.ask_raw(ListTags(site=OF_SITE.of(request)), visit.call))

    async def order(self, request: Request) -> Response:
        """Put tags in order."""
        visit = await self._visits.admit(request)
        version = version_of(request)
        order = await read_body(request, TagOrder)
        return passed_on(await self._requests.ask_raw(OrderTags(order=order, version=version), visit.call))

    async def create_category(self, request: Request) -> Response:
        """Make a category."""
        visit = await self._visits.admit(request)
        key = idempotency_key_of(request)
        asked = CreateTagCategory(new=await read_body(request, NewTagCategory), idempotency_key=key)
        return passed_on(await self._requests.ask_raw(asked, visit.call))

    async def change_category(self, request: Request) -> Response:
        """Change a category."""
        visit = await self._visits.admit(request)
        category, version = CATEGORY.of(request), version_of(request)
        changes = await read_body(request, TagCategoryChanges)
        asked = ChangeTagCategory(category=category, changes=changes, version=version)
        return passed_on(await self._requests.ask_raw(asked, visit.call))

    async def create(self, request: Request) -> Response:
        """Make a tag."""
        visit = await self._visits.admit(request)
        category, key = CATEGORY.of(request), idempotency_key_of(request)
        asked = CreateTag(category=category, new=await read_body(request, NewTag), idempotency_key=key)
        return passed_on(await self._requests.ask_raw(asked, visit.call))

    async def change(self, request: Request) -> Response:
        """Change a tag."""
        visit = await self._visits.admit(request)
        tag, version = TAG.of(request), version_of(request)
        asked = ChangeTag(tag=tag, changes=await read_body(request, TagChanges), version=version)
        return passed_on(await self._requests.ask_raw(asked, visit.call))

    async def of_patient(self, request: Request) -> Response:
        """Show the tags of a patient."""
        visit = await self._visits.admit(request)
        return passed_on(await self._requests.ask_raw(GetPatientTags(patient=PATIENT.of(request)), visit.call))

    async def tag_patient(self, request: Request) -> Response:
        """Give a patient a tag."""
        visit = await self._visits.admit(request)
        asked = TagPatient(patient=PATIENT.of(request), tag=TAG.of(request))
        return passed_on(await self._requests.ask_raw(asked, visit.call))

    async def untag_patient(self, request: Request) -> Response:
        """Take a tag away from a patient."""
        visit = await self._visits.admit(request)
        asked = UntagPatient(patient=PATIENT.of(request), tag=TAG.of(request))
        return passed_on(await self._requests.ask_raw(asked, visit.call))

    async def of_entry(self, request: Request) -> Response:
        """Show the tags of an entry."""
        visit = await self._visits.admit(request)
        asked = GetEntryTags(patient=PATIENT.of(request), entry=ENTRY.of(request))
        return passed_on(await self._requests.ask_raw(asked, visit.call))

    async def tag_entry(self, request: Request) -> Response:
        """Give an entry a tag."""
        visit = await self._visits.admit(request)
        asked = TagEntry(patient=PATIENT.of(request), entry=ENTRY.of(request), tag=TAG.of(request))
        return passed_on(await self._requests.ask_raw(asked, visit.call))

    async def untag_entry(self, request: Request) -> Response:
        """Take a tag away from an entry."""
        visit = await self._visits.admit(request)
        asked = UntagEntry(patient=PATIENT.of(request), entry=ENTRY.of(request), tag=TAG.of(request))
        return passed_on(await self._requests.ask_raw(asked, visit.call))

    async def tag_image(self, request: Request) -> Response:
        """Give a photograph a tag."""
        visit = await self._visits.admit(request)
        asked = TagImage(patient=PATIENT.of(request), image=IMAGE.of(request), tag=TAG.of(request))
        return passed_on(await self._requests.ask_raw(asked, visit.call))

    async def untag_image(self, request: Request) -> Response:
        """Take a tag away from a photograph."""
        visit = await self._visits.admit(request)
        asked = UntagImage(patient=PATIENT.of(request), image=IMAGE.of(request), tag=TAG.of(request))
        return passed_on(await self._requests.ask_raw(asked, visit.call))
