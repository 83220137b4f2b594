"""Giving patients and entries tags and taking them away (TAG-2). What photographs hand up to them goes away with those
alone.
"""

from uuid import UUID

from dermfolio.common.auth import Call
from dermfolio.common.bus import Answer
from dermfolio.common.db import Database, ReadConnection, WriteSession
from dermfolio.common.errors import Refused
from dermfolio.common.reads import ReadLog
from dermfolio.contracts.messages import now
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.tags import (
    EntryTagged,
    EntryTagsViewed,
    GetEntryTags,
    GetPatientTags,
    MayTag,
    PatientTagged,
    PatientTagsViewed,
    TagEntry,
    Tagging,
    TagPatient,
    UntagEntry,
    UntagPatient,
)
from dermfolio.contracts.views.tags import ASSIGNED_AT_MOST, AssignedTags
from dermfolio.patients import assigned_repository, entries_repository, repository, tags_repository
from dermfolio.patients.assigned_repository import ENTRY, PATIENT, Bearer, Refreshed
from dermfolio.patients.reach import Reach, alive
from dermfolio.patients.tags_repository import KnownTag

Given = TagPatient | TagEntry
Taken = UntagPatient | UntagEntry
Shown = GetPatientTags | GetEntryTags


async def show_tags(db: Database, reads: ReadLog, call: Call, request: Shown) -> Answer[AssignedTags]:
    """The tags of a patient or an entry. Refused as `not_found`."""
    needs = Permission.ENTRY_READ if isinstance(request, GetEntryTags) else Permission.PATIENT_READ
    async with db.read() as rows:
        reach = alive(await repository.reach(rows, request.patient, call.actor.user))
        reach.need(call, needs)
        answer = await _answer(rows, request, reach)
    viewed = (
        EntryTagsViewed(entry=request.entry, patient=request.patient, site=reach.site)
        if isinstance(request, GetEntryTags)
        else PatientTagsViewed(patient=request.patient, site=reach.site)
    )
    opening = reach.needed_opening(call.actor, needs)
    await reads.record(viewed, call.origin(opening), shared=bool(reach.shared))
    return answer


async def give_tag(db: Database, call: Call, request: Given) -> Answer[AssignedTags]:
    """Give a patient or an entry a tag; one that it has already stays, also a retired one. Refused as `not_found`,
    `forbidden`, `tag_retired`, `tag_of_another_site` or `too_many_tags`.
    """
    kind, bearer = _bearer(request)
    async with db.write() as s:
        reach = await _held(s, call, request)
        own = await assigned_repository.own(s, kind, bearer)
        if request.tag not in own:
            need_assignable(await tags_repository.known_held(s, request.tag), reach.site)
            if len(own) >= ASSIGNED_AT_MOST:
                raise Refused("too_many_tags")
            await assigned_repository.give(s, kind, bearer, request.tag, call.user())
            await _say(s, call, request)
    async with db.read() as rows:
        return await _answer(rows, request, reach)


async def take_tag(db: Database, call: Call, request: Taken) -> Answer[AssignedTags]:
    """Take a tag away from a patient or an entry; one that it has not stays away. Refused as `not_found`, `forbidden`,
    or `tag_inherited` where only photographs have it.
    """
    kind, bearer = _bearer(request)
    async with db.write() as s:
        reach = await _held(s, call, request)
        if request.tag in await assigned_repository.own(s, kind, bearer):
            await assigned_repository.take(s, kind, bearer, request.tag)
            await _say(s, call, request)
        elif await assigned_repository.inherits(s, kind, bearer, request.tag):
            raise Refused("tag_inherited")
    async with db.read() as rows:
        return await _answer(rows, request, reach)


async def may_tag(db: Database, call: Call, request: MayTag) -> Tagging:
    """Whether something of the patient may have the tag. Refused as `give_tag` is."""
    async with db.read() as rows:
        reach = alive(await repository.reach(rows, request.patient, call.actor.user))
        reach.need(call, Permission.TAG_ASSIGN)
        need_assignable(await tags_repository.known(rows, request.tag), reach.site)
    return Tagging(site=reach.site)


def need_assignable(tag: KnownTag | None, home: UUID) -> None:
    """Refuse what may not be assigned to a patient of this home site, or to something of theirs."""
    if tag is None:
        raise Refused("not_found")
    if tag.site not in (None, home):
        raise Refused("tag_of_another_site")
    if tag.retired:
        raise Refused("tag_retired")


def tagged(kind: Bearer, found: Refreshed, *, caused_by: UUID | None = None) -> PatientTagged | EntryTagged:
    """The fact that the tags of a patient or an entry are others."""
    state = {
        "patient": found.patient,
        "site": found.site,
        "own": found.own,
        "tags": found.tags,
        "version": found.version,
        "caused_by": caused_by,
    }
    return PatientTagged(**state) if kind is PATIENT else EntryTagged(entry=found.bearer, **state)


def _bearer(request: Given | Taken | Shown) -> tuple[Bearer, UUID]:
    if isinstance(request, (TagEntry, UntagEntry, GetEntryTags)):
        return ENTRY, request.entry
    return PATIENT, request.patient


async def _held(s: WriteSession, call: Call, request: Given | Taken) -> Reach:
    """The patient, and after it the entry, held alone."""
    reach = alive(await repository.held(s, request.patient, call.actor.user, alone=True))
    if isinstance(request, (TagEntry, UntagEntry)):
        reach.need(call, Permission.ENTRY_READ)
        if await entries_repository.held(s, request.entry, [*reach.homes]) is None:
            raise Refused("not_found")
    reach.need(call, Permission.TAG_ASSIGN)
    return reach


async def _say(s: WriteSession, call: Call, request: Given | Taken) -> None:
    kind, bearer = _bearer(request)
    at = now()
    for found in await assigned_repository.refresh(s, kind, [bearer], at, changed=[bearer]):
        s.say(tagged(kind, found), call.origin())
    if kind is ENTRY:
        await repository.touch(s, [request.patient], at)


async def _answer(rows: ReadConnection, request: Given | Taken | Shown, reach: Reach) -> Answer[AssignedTags]:
    kind, bearer = _bearer(request)
    if kind is ENTRY and await entries_repository.whose(rows, bearer, [*reach.homes]) is None:
        raise Refused("not_found")
    found = await assigned_repository.assigned(rows, kind, bearer)
    if found is None:
        raise Refused("not_found")
    return Answer(found.model_dump_json().encode(), 200, found.version)
