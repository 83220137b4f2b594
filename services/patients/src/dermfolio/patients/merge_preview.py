"""What merging two records would show together (PAT-7)."""

from uuid import UUID

from dermfolio.common.auth import Call
from dermfolio.common.bus import Answer
from dermfolio.common.db import Database, WriteSession
from dermfolio.common.errors import Refused
from dermfolio.common.reads import ReadLog
from dermfolio.contracts.merging import PreviewMerge
from dermfolio.contracts.messages import now
from dermfolio.contracts.patients import PatientViewed
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.views.merging import MergePreview, MergeTotals
from dermfolio.contracts.views.patients import PatientFields, PatientView
from dermfolio.patients import merge_repository, repository
from dermfolio.patients.consent_state import Consent, stricter
from dermfolio.patients.merge import Pair, both, new_sites, obstacle_of
from dermfolio.patients.models import Patient
from dermfolio.patients.reach import alive


async def preview_merge(db: Database, reads: ReadLog, call: Call, request: PreviewMerge) -> Answer[MergePreview]:
    """What would be seen together. Refused as `not_found`, also where the other record is not to be seen, or
    `forbidden`.
    """
    async with db.read() as rows:
        # before anything is looked for: who may not merge learns nothing of other records
        reach = alive(await repository.reach(rows, request.patient, call.actor.user))
        reach.need(call, Permission.PATIENT_READ)
        call.need(Permission.PATIENT_MERGE, reach.homes[request.patient])
        alias = await repository.by_unique_id(rows, request.candidate.unique_id)
    if alias is None:
        raise Refused("not_found")
    async with db.write() as s:
        pair, reaches = await both(s, call, request.patient, alias)
        seen = await _preview(s, pair)
    for patient, reach in reaches.items():
        viewed = PatientViewed(patient=patient, site=reach.homes[patient])
        await reads.record(viewed, call.origin(), shared=bool(reach.shared))
    return Answer(seen.model_dump_json().encode(), 200, seen.version)


async def _preview(s: WriteSession, pair: Pair) -> MergePreview:
    survivor, alias = pair.survivor, pair.alias
    ours, theirs = await merge_repository.sites(s, survivor), await merge_repository.sites(s, alias)
    fields = list(PatientFields.model_fields)
    return MergePreview(
        survivor=await _view(s, survivor),
        alias=await _view(s, alias),
        differing=[name for name in fields if _filled(survivor, name) and _filled(alias, name) and _differ(pair, name)],
        only_alias=[name for name in fields if _filled(alias, name) and not _filled(survivor, name)],
        together=MergeTotals(
            image_count=survivor.image_count + alias.image_count,
            entry_count=survivor.entry_count + alias.entry_count,
            last_appointment=max(filter(None, (survivor.last_appointment, alias.last_appointment)), default=None),
            consent_given=stricter([_consent(survivor), _consent(alias)]).holds(now()),
        ),
        sites=[*ours, *await new_sites(s, pair)],
        newly_seeing=_seeing_one(ours, theirs),
        obstacle=await obstacle_of(s, pair),
        version=survivor.merge_version,
    )


async def _view(s: WriteSession, patient: Patient) -> PatientView:
    view = PatientView.model_validate(patient, from_attributes=True)
    return view.model_copy(update={"aliases": [alias.id for alias in await merge_repository.aliases(s, patient.id)]})


def _consent(patient: Patient) -> Consent:
    return Consent(patient.consent_given, patient.consent_until)


def _filled(patient: Patient, name: str) -> bool:
    return getattr(patient, name) not in (None, "", [])


def _differ(pair: Pair, name: str) -> bool:
    return bool(getattr(pair.survivor, name) != getattr(pair.alias, name))


def _seeing_one(ours: list[UUID], theirs: list[UUID]) -> list[UUID]:
    return [site for site in (*ours, *theirs) if (site in ours) != (site in theirs)]
