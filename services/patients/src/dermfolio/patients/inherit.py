"""Tags that photographs hand up to their patient and to the entries whose workspaces hold them (TAG-2), kept current
from images' facts.
"""

from collections.abc import Sequence
from uuid import UUID

from dermfolio.common.db import WriteSession
from dermfolio.contracts.moving import CROSSING, ImageMovedIn
from dermfolio.contracts.replay import Fact, Origin
from dermfolio.contracts.tags import ImageTagged
from dermfolio.contracts.workspaces import WorkspaceChanged
from dermfolio.patients import assigned_repository
from dermfolio.patients.assigned_repository import ENTRY, PATIENT
from dermfolio.patients.count import COUNTED, count_images
from dermfolio.patients.tagging import tagged
from dermfolio.patients.touch import TOUCHING, touch_entries

FOLLOWED = (*COUNTED, ImageTagged.subject, *TOUCHING)
"""The facts of images that change something of a patient."""

_SAYS_TAGS = (ImageTagged.subject, ImageMovedIn.subject)


async def follow_images(s: WriteSession, producer: str, facts: Sequence[Fact]) -> None:
    """Apply facts about photographs to the counts of their patients, then to the tags in force."""
    await count_images(s, producer, [fact for fact in facts if fact.subject in COUNTED])
    await touch_entries(s, [fact for fact in facts if fact.subject in TOUCHING])
    for fact in facts:
        await _project(s, fact)
    await _hand_up(s, facts)


async def _project(s: WriteSession, fact: Fact) -> None:
    image, version = UUID(fact.data["image"]), int(fact.data["version"])
    if fact.subject in _SAYS_TAGS:
        tags = sorted(map(UUID, fact.data["tags"]))
        await assigned_repository.project_image(s, image, UUID(fact.data["patient"]), tags, version)
    elif fact.subject == WorkspaceChanged.subject:
        entry, holds = UUID(fact.data["entry"]), bool(fact.data["holds"])
        await assigned_repository.project_holding(s, entry, image, version, holds=holds)


async def _hand_up(s: WriteSession, facts: Sequence[Fact]) -> None:
    """Bring up to date whose photographs have other tags, or came or went with some: patients first, as whoever changes
    an entry holds them.
    """
    tagged_ones = await assigned_repository.tagged_among(s, {UUID(fact.data["image"]) for fact in facts})
    always = {ImageTagged.subject, *CROSSING}
    causes = [f for f in facts if f.subject in always or UUID(f.data["image"]) in tagged_ones]
    if not causes:
        return
    of_patient = {patient: f for f in causes if f.subject != WorkspaceChanged.subject for patient in _patients_of(f)}
    at, origin = facts[-1].at, Origin(service="patients")
    for found in await assigned_repository.refresh(s, PATIENT, of_patient, at):
        s.say(tagged(PATIENT, found, caused_by=of_patient.get(found.bearer, causes[-1]).id), origin)
    named = {UUID(fact.data["entry"]) for fact in causes if fact.subject == WorkspaceChanged.subject}
    entries = named | await assigned_repository.holding(s, {UUID(fact.data["image"]) for fact in causes})
    for found in await assigned_repository.refresh(s, ENTRY, entries, at):
        s.say(tagged(ENTRY, found, caused_by=causes[-1].id), origin)


def _patients_of(fact: Fact) -> set[UUID]:
    """Whose photograph it is, and whose it was."""
    return {UUID(fact.data[name]) for name in ("patient", "source", "target") if name in fact.data}
