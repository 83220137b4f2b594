"""Giving patients tags and taking them away (TAG-2). What photographs hand up to them goes away with those alone."""

from uuid import UUID

from dermfolio.common.auth import Call
from dermfolio.common.bus import Answer
from dermfolio.common.db import Database, WriteSession
from dermfolio.common.errors import Refused
from dermfolio.common.reads import ReadLog
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.tags import (
    GetPatientTags,
    MayTag,
    PatientTagged,
    PatientTagsViewed,
    Tagging,
    TagPatient,
    UntagPatient,
)
from dermfolio.contracts.views.tags import ASSIGNED_AT_MOST, AssignedTags
from dermfolio.patients import repository, tags_repository
from dermfolio.patients.reach import Reach, alive
from dermfolio.patients.tags_repository import KnownTag, Refreshed


async def patient_tags(db: Database, reads: ReadLog, call: Call, request: GetPatientTags) -> Answer[AssignedTags]:
    """The tags of a patient. Refused as `not_found`."""
    async with db.read() as rows:
        reach = alive(await repository.reach(rows, request.patient, call.actor.user))
        reach.need(call, Permission.PATIENT_READ)
    answer = await _answer(db, request.patient)
    opening = reach.needed_opening(call.actor, Permission.PATIENT_READ)
    viewed = PatientTagsViewed(patient=request.patient, site=reach.site)
    await reads.record(viewed, call.origin(opening), shared=bool(reach.shared))
    return answer


async def tag_patient(db: Database, call: Call, request: TagPatient) -> Answer[AssignedTags]:
    """Give a patient a tag; one that it has already stays, also a retired one. Refused as `not_found`, `forbidden`,
    `tag_retired`, `tag_of_another_site` or `too_many_tags`.
    """
    async with db.write() as s:
        reach = await _held(s, call, request.patient)
        own = await tags_repository.own(s, request.patient)
        if request.tag not in own:
            need_assignable(await tags_repository.known_held(s, request.tag), reach.site)
            if len(own) >= ASSIGNED_AT_MOST:
                raise Refused("too_many_tags")
            await tags_repository.give(s, request.patient, request.tag, call.user())
            await _say(s, call, request.patient)
    return await _answer(db, request.patient)


async def untag_patient(db: Database, call: Call, request: UntagPatient) -> Answer[AssignedTags]:
    """Take a tag away from a patient; one that it has not stays away. Refused as `not_found`, `forbidden`, or
    `tag_inherited` where only photographs have it.
    """
    async with db.write() as s:
        await _held(s, call, request.patient)
        if request.tag in await tags_repository.own(s, request.patient):
            await tags_repository.take(s, request.patient, request.tag)
            await _say(s, call, request.patient)
        elif await tags_repository.inherits(s, request.patient, request.tag):
            raise Refused("tag_inherited")
    return await _answer(db, request.patient)


async def may_tag(db: Database, call: Call, request: MayTag) -> Tagging:
    """Whether something of the patient may have the tag. Refused as `tag_patient` is."""
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


def tagged(found: Refreshed, *, caused_by: UUID | None = None) -> PatientTagged:
    """The fact that a patient's tags are others."""
    return PatientTagged(
        patient=found.patient,
        site=found.site,
        own=found.own,
        tags=found.tags,
        version=found.version,
        caused_by=caused_by,
    )


async def _held(s: WriteSession, call: Call, patient: UUID) -> Reach:
    reach = alive(await repository.held(s, patient, call.actor.user, alone=True))
    reach.need(call, Permission.TAG_ASSIGN)
    return reach


async def _say(s: WriteSession, call: Call, patient: UUID) -> None:
    for found in await tags_repository.refresh(s, [patient], changed=[patient]):
        s.say(tagged(found), call.origin())


async def _answer(db: Database, patient: UUID) -> Answer[AssignedTags]:
    async with db.read() as rows:
        found = await tags_repository.assigned(rows, patient)
    if found is None:
        raise Refused("not_found")
    return Answer(found.model_dump_json().encode(), 200, found.version)
