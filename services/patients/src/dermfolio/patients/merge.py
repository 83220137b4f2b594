"""Merging duplicates of a patient (PAT-7): one record becomes an alias of another. Nothing moves; reads show both as
one, and taking it back makes the alias a record of its own again.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from dermfolio.common.auth import Call
from dermfolio.common.db import Database, WriteSession
from dermfolio.common.errors import Refused
from dermfolio.common.reads import ReadLog
from dermfolio.contracts.merging import (
    ListMerged,
    MergePatient,
    PatientMerged,
    PatientUnmerged,
    UnmergePatient,
)
from dermfolio.contracts.messages import now
from dermfolio.contracts.patients import PatientCounted, PatientViewed
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.views.merging import MOST_MERGED, MergedRecord, MergedRecords, MergeObstacle
from dermfolio.patients import assigned_repository, entries_repository, merge_repository, repository
from dermfolio.patients.assigned_repository import PATIENT
from dermfolio.patients.consent import settle
from dermfolio.patients.models import Patient, Share
from dermfolio.patients.reach import Reach, alive
from dermfolio.patients.tagging import tagged


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records, held alone."""

    survivor: Patient
    alias: Patient


async def list_merged(db: Database, reads: ReadLog, call: Call, request: ListMerged) -> MergedRecords:
    """The records merged into a patient. Refused as `not_found`."""
    async with db.write() as s:
        reach = alive(await repository.held(s, request.patient, call.actor.user))
        reach.need(call, Permission.PATIENT_READ)
        merged = await _merged(s, request.patient)
    opening = reach.needed_opening(call.actor, Permission.PATIENT_READ)
    for record in merged.records:
        viewed = PatientViewed(patient=record.id, site=record.site)
        await reads.record(viewed, call.origin(opening), shared=bool(reach.shared))
    return merged


async def merge_patient(db: Database, call: Call, request: MergePatient) -> MergedRecords:
    """Make a record an alias of another; one that is already goes on as before. Refused as `not_found`, `forbidden`,
    `stale_version`, or as what is in the way.
    """
    async with db.write() as s:
        pair, _ = await both(s, call, request.patient, request.alias)
        if pair.alias.merged_into != pair.survivor.id:
            if pair.survivor.merge_version != request.version:
                raise Refused("stale_version", version=pair.survivor.merge_version)
            if (obstacle := await obstacle_of(s, pair)) is not None:
                merged_into = pair.survivor.merged_into or pair.alias.merged_into
                raise Refused(obstacle, **({} if merged_into is None else {"patient": str(merged_into)}))
            await _share(s, call, pair)
            pair.alias.merged_into, pair.alias.merged_at, pair.alias.merged_by = pair.survivor.id, now(), call.user()
            await _moved_on(s, call, pair, merged=True)
        return await _merged(s, request.patient)


async def unmerge_patient(db: Database, call: Call, request: UnmergePatient) -> MergedRecords:
    """Take a merge back; what is no alias of the patient stays as it is. Refused as `not_found` or `forbidden`."""
    async with db.write() as s:
        pair, _ = await both(s, call, request.patient, request.alias)
        if pair.alias.merged_into == pair.survivor.id:
            pair.alias.merged_into = pair.alias.merged_at = pair.alias.merged_by = None
            s.add(pair.alias)
            await s.flush()
            await _unshare(s, pair)
            await _moved_on(s, call, pair, merged=False)
        return await _merged(s, request.patient)


async def both(s: WriteSession, call: Call, patient: UUID, alias: UUID) -> tuple[Pair, dict[UUID, Reach]]:
    """Both records, held alone, for who may merge at both home sites."""
    found = await merge_repository.held(s, patient, alias)
    reaches: dict[UUID, Reach] = {}
    for record in (patient, alias):
        reaches[record] = alive(await repository.held(s, record, call.actor.user, alone=True))
        reaches[record].need(call, Permission.PATIENT_READ)
    for record, reach in reaches.items():
        call.need(Permission.PATIENT_MERGE, reach.homes[record])
    return Pair(found[patient], found[alias]), reaches


async def obstacle_of(s: WriteSession, pair: Pair) -> MergeObstacle | None:
    """Why the two cannot be merged. Aliases of aliases are never made: reads look one step far."""
    if pair.survivor.id == pair.alias.id:
        return "same_patient"
    if pair.survivor.merged_into is not None or pair.alias.merged_into is not None:
        return "patient_merged"
    if await merge_repository.aliases(s, pair.alias.id):
        return "patient_holds_merged"
    if len(await merge_repository.aliases(s, pair.survivor.id)) >= MOST_MERGED:
        return "too_many_merged"
    return None


async def _share(s: WriteSession, call: Call, pair: Pair) -> None:
    """The people of every site that saw the alias see the survivor as long as the merge lasts."""
    for site in await new_sites(s, pair):
        s.add(Share(patient=pair.survivor.id, site=site, shared_by=call.user(), merged_from=pair.alias.id))
    await s.flush()


async def new_sites(s: WriteSession, pair: Pair) -> list[UUID]:
    """The sites that see the alias and not the survivor."""
    known = await merge_repository.sites(s, pair.survivor)
    return [site for site in await merge_repository.sites(s, pair.alias) if site not in known]


async def _unshare(s: WriteSession, pair: Pair) -> None:
    """End the shares that came with the merge, but for those that another alias brings as well."""
    remaining = await merge_repository.aliases(s, pair.survivor.id)
    others = {alias.id: await merge_repository.sites(s, alias) for alias in remaining}
    for share in await merge_repository.shares_from(s, pair.survivor.id, pair.alias.id):
        heir = next((alias for alias, sites in others.items() if share.site in sites), None)
        if heir is None:
            await s.delete(share)
        else:
            share.merged_from = heir
            s.add(share)
    await s.flush()


async def _moved_on(s: WriteSession, call: Call, pair: Pair, *, merged: bool) -> None:
    """Count anew, and say it of both records."""
    for record in (pair.survivor, pair.alias):
        record.merge_version += 1
        record.last_modified = max(record.last_modified, now())
        s.add(record)
    await s.flush()
    for record in (pair.survivor, pair.alias):
        facts: dict[str, Any] = {"survivor": pair.survivor.id, "alias": pair.alias.id, "version": record.merge_version}
        of_record = {"patient": record.id, "site": record.site, **facts}
        s.say(PatientMerged(**of_record) if merged else PatientUnmerged(**of_record), call.origin())
    for found in await assigned_repository.refresh(s, PATIENT, [pair.survivor.id]):
        s.say(tagged(PATIENT, found), call.origin())
    await entries_repository.count_entries(s, [pair.survivor.id])
    records = [pair.survivor.id, *(alias.id for alias in await merge_repository.aliases(s, pair.survivor.id))]
    pair.survivor.image_count = await merge_repository.images_of(s, records)
    pair.survivor.counted_version += 1
    s.add(pair.survivor)
    await s.flush()
    await settle(s, pair.survivor.id)
    counted = PatientCounted(
        patient=pair.survivor.id,
        site=pair.survivor.site,
        image_count=pair.survivor.image_count,
        version=pair.survivor.counted_version,
    )
    s.say(counted, call.origin())


async def _merged(s: WriteSession, survivor: UUID) -> MergedRecords:
    aliases = await merge_repository.aliases(s, survivor)
    return MergedRecords(records=[MergedRecord.model_validate(alias, from_attributes=True) for alias in aliases])
