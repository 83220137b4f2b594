"""Clinical entries: one visit each (ENT-1)."""

from uuid import UUID, uuid4

from sqlalchemy.exc import IntegrityError

from dermfolio.common import idempotency
from dermfolio.common.auth import Call
from dermfolio.common.bus import Answer
from dermfolio.common.cursors import Cursors
from dermfolio.common.db import Database, WriteSession, violated
from dermfolio.common.errors import Refused
from dermfolio.common.reads import ReadLog
from dermfolio.contracts.entries import (
    ChangeEntry,
    CreateEntry,
    EntriesListed,
    EntryChanged,
    EntryCreated,
    EntrySight,
    EntryViewed,
    GetEntry,
    ListEntries,
    MaySeeEntry,
)
from dermfolio.contracts.messages import now
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.sharing import Member
from dermfolio.contracts.views.entries import EntryPage, EntryView
from dermfolio.patients import entries_repository, repository
from dermfolio.patients.models import ENTRY_ID_IS_UNIQUE, Entry
from dermfolio.patients.reach import Reach, alive


async def create_entry(db: Database, call: Call, request: CreateEntry) -> Answer[EntryView]:
    """Create an entry; one of the same id and author is there already. Refused as `not_found`, also where the id is
    another patient's entry, `forbidden` or `entry_id_used`.
    """
    try:
        async with db.write() as s:
            entry = await _once(s, call, request)
    except IntegrityError as error:
        if violated(error) != ENTRY_ID_IS_UNIQUE:
            raise
        # this patient is held, so it became another's entry at this moment
        raise Refused("not_found") from None
    return _answer(entry, 201)


async def _once(s: WriteSession, call: Call, request: CreateEntry) -> Entry:
    user, key = call.user(), request.idempotency_key
    reach = await _hold_patient(s, call, request.patient)
    reach.need(call, Permission.ENTRY_WRITE)
    earlier = await idempotency.earlier_answer(s, user, key, idempotency.digest(request))
    if earlier is not None:
        return await hold_entry(s, call, request.patient, UUID(earlier.decode()))
    entry = await _made_before(s, request, user) or await _create(s, call, request, reach)
    # its id alone: the notes stay in one place
    await idempotency.remember(s, user, key, str(entry.id).encode())
    return entry


async def _made_before(s: WriteSession, request: CreateEntry, user: UUID) -> Entry | None:
    """The entry that the same request, with the client's id but another key, made before."""
    if request.entry.id is None:
        return None
    entry = await entries_repository.by_id(s, request.entry.id)
    if entry is None:
        return None
    if entry.patient != request.patient:
        raise Refused("not_found")
    asked = request.entry.appointment
    if entry.created_by != user or entry.deleted_at is not None or asked not in (None, entry.appointment):
        raise Refused("entry_id_used")
    return entry


async def _create(s: WriteSession, call: Call, request: CreateEntry, reach: Reach) -> Entry:
    at = now()
    entry = Entry(
        id=request.entry.id or uuid4(),
        patient=request.patient,
        site=reach.site,
        appointment=request.entry.appointment or at,
        created_by=call.user(),
        created_at=at,
        last_modified=at,
    )
    await entries_repository.add(s, entry)
    await entries_repository.count_entries(s, [entry.patient], at)
    s.say(EntryCreated(entry=entry.id, patient=entry.patient, site=entry.site, version=entry.version), call.origin())
    return entry


async def change_entry(db: Database, call: Call, request: ChangeEntry) -> Answer[EntryView]:
    """Change the header of an entry. Refused as `not_found`, `forbidden` or `stale_version`."""
    async with db.write() as s:
        entry = await hold_entry(s, call, request.patient, request.entry)
        if entry.version != request.version:
            raise Refused("stale_version", version=entry.version)
        if entry.appointment != request.changes.appointment:
            entry.appointment, entry.last_modified = request.changes.appointment, now()
            entry.version += 1
            s.add(entry)
            await s.flush()
            await entries_repository.count_entries(s, [entry.patient], entry.last_modified)
            said = EntryChanged(entry=entry.id, patient=entry.patient, site=entry.site, version=entry.version)
            s.say(said, call.origin())
    return _answer(entry, 200)


async def get_entry(db: Database, reads: ReadLog, call: Call, request: GetEntry) -> Answer[EntryView]:
    """One entry. Refused as `not_found`."""
    async with db.read() as rows:
        reach = alive(await repository.reach(rows, request.patient, call.actor.user))
        reach.need(call, Permission.ENTRY_READ)
        found = await entries_repository.view(rows, request.entry, [*reach.homes])
    if found is None:
        raise Refused("not_found")
    patient, version, body = found
    viewed = EntryViewed(entry=request.entry, patient=patient, site=reach.homes[patient])
    await _record(reads, call, viewed, reach)
    return Answer(body.encode(), 200, version)


async def list_entries(
    db: Database, reads: ReadLog, cursors: Cursors, call: Call, request: ListEntries
) -> Answer[EntryPage]:
    """A page of a patient's entries, latest appointment first. Refused as `not_found`."""
    of_list = cursors.of(call, "entries", request.patient)
    behind = of_list.behind(request.cursor)
    async with db.read() as rows:
        reach = alive(await repository.reach(rows, request.patient, call.actor.user))
        reach.need(call, Permission.ENTRY_READ)
        total, found = await entries_repository.timeline(rows, [*reach.homes], behind, request.limit + 1)
    page = found[: request.limit]
    for n, (record, home) in enumerate(reach.homes.items()):
        shown = [line.id for line in page if line.patient == record]
        if n == 0 or shown:
            await _record(reads, call, EntriesListed(patient=record, site=home, entries=shown), reach)
    following = f'"{of_list.cursor(page[-1].appointment, page[-1].id)}"' if len(found) > len(page) else "null"
    cards = ",".join(line.card for line in page)
    return Answer(f'{{"entries":[{cards}],"total":{total},"next":{following}}}'.encode())


async def may_see_entry(db: Database, call: Call, request: MaySeeEntry) -> EntrySight:
    """By what right the caller does this with the entry. Refused as `not_found` or `forbidden`."""
    async with db.read() as rows:
        reach = alive(await repository.reach(rows, request.patient, call.actor.user))
        patient = await entries_repository.whose(rows, request.entry, [*reach.homes])
    if patient is None:
        raise Refused("not_found")
    for permission in request.needs:
        reach.need(call, permission)
    opening = reach.needed_opening(call.actor, request.needs[0])
    return EntrySight(
        patient=patient,
        patients=[*reach.homes],
        members=[Member(patient=record, site=home) for record, home in reach.homes.items()],
        site=reach.site,
        shared=list(reach.shared),
        opening=opening,
        until=None if opening is None else reach.until,
    )


async def hold_entry(s: WriteSession, call: Call, patient: UUID, entry: UUID) -> Entry:
    """A patient's entry, to be changed: held, and the patient with it, whose counts and times change too.

    Refused as `not_found` or `forbidden`.
    """
    reach = await _hold_patient(s, call, patient)
    found = await entries_repository.held(s, entry, [*reach.homes])
    if found is None:
        raise Refused("not_found")
    reach.need(call, Permission.ENTRY_WRITE)
    return found


async def _hold_patient(s: WriteSession, call: Call, patient: UUID) -> Reach:
    return alive(await repository.held(s, patient, call.actor.user, alone=True))


async def _record(reads: ReadLog, call: Call, event: EntryViewed | EntriesListed, reach: Reach) -> None:
    opening = reach.needed_opening(call.actor, Permission.ENTRY_READ)
    await reads.record(event, call.origin(opening), shared=bool(reach.shared))


def _answer(entry: Entry, status: int) -> Answer[EntryView]:
    view = EntryView.model_validate(entry, from_attributes=True)
    return Answer(view.model_dump_json().encode(), status, entry.version)
