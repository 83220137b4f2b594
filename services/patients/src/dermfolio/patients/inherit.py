"""Tags that photographs hand up to their patient and to the entries whose workspaces hold them (TAG-2), kept current
from images' facts.
"""

from collections.abc import Sequence
from uuid import UUID

from dermfolio.common.db import WriteSession
from dermfolio.contracts.replay import Fact, Origin
from dermfolio.contracts.tags import ImageTagged
from dermfolio.patients import assigned_repository
from dermfolio.patients.assigned_repository import ENTRY, PATIENT
from dermfolio.patients.count import COUNTED, count_images
from dermfolio.patients.tagging import tagged

FOLLOWED = (*COUNTED, ImageTagged.subject)
"""The facts of images that change something of a patient."""


async def follow_images(s: WriteSession, producer: str, facts: Sequence[Fact]) -> None:
    """Apply facts about photographs to the counts of their patients, then to the tags in force."""
    await count_images(s, producer, [fact for fact in facts if fact.subject in COUNTED])
    for fact in facts:
        if fact.subject == ImageTagged.subject:
            image, patient = UUID(fact.data["image"]), UUID(fact.data["patient"])
            tags = sorted(map(UUID, fact.data["tags"]))
            await assigned_repository.project_image(s, image, patient, tags, int(fact.data["version"]))
    await _hand_up(s, facts)


async def _hand_up(s: WriteSession, facts: Sequence[Fact]) -> None:
    """Bring up to date whose photographs have other tags, or came or went with some: patients first, as whoever changes
    an entry holds them.
    """
    tagged_ones = await assigned_repository.tagged_among(s, {UUID(fact.data["image"]) for fact in facts})
    causes = [f for f in facts if f.subject == ImageTagged.subject or UUID(f.data["image"]) in tagged_ones]
    if not causes:
        return
    of_patient = {UUID(fact.data["patient"]): fact for fact in causes}
    at, origin = facts[-1].at, Origin(service="patients")
    for found in await assigned_repository.refresh(s, PATIENT, of_patient, at):
        s.say(tagged(PATIENT, found, caused_by=of_patient[found.bearer].id), origin)
    entries = await assigned_repository.holding(s, {UUID(fact.data["image"]) for fact in causes})
    if entries:
        for found in await assigned_repository.refresh(s, ENTRY, entries, at):
            s.say(tagged(ENTRY, found, caused_by=causes[-1].id), origin)
