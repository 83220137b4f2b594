"""Tags that photographs hand up to their patient (TAG-2), kept current from images' facts."""

from collections.abc import Sequence
from uuid import UUID

from dermfolio.common.db import WriteSession
from dermfolio.contracts.replay import Fact, Origin
from dermfolio.contracts.tags import ImageTagged
from dermfolio.patients import tags_repository
from dermfolio.patients.count import COUNTED, count_images
from dermfolio.patients.tagging import tagged
from dermfolio.patients.touch import TOUCHING, touch_entries

FOLLOWED = (*COUNTED, ImageTagged.subject, *TOUCHING)
"""The facts of images that change something of a patient."""


async def follow_images(s: WriteSession, producer: str, facts: Sequence[Fact]) -> None:
    """Apply facts about photographs to the counts of their patients, then to the tags in force."""
    await count_images(s, producer, [fact for fact in facts if fact.subject in COUNTED])
    for fact in facts:
        if fact.subject == ImageTagged.subject:
            image, patient = UUID(fact.data["image"]), UUID(fact.data["patient"])
            tags = sorted(map(UUID, fact.data["tags"]))
            await tags_repository.project_image(s, image, patient, tags, int(fact.data["version"]))
    await touch_entries(s, [fact for fact in facts if fact.subject in TOUCHING])
    await _hand_up(s, facts)


async def _hand_up(s: WriteSession, facts: Sequence[Fact]) -> None:
    """Bring the patients up to date whose photographs have other tags, or came or went with some."""
    tagged_ones = await tags_repository.tagged_among(s, {UUID(fact.data["image"]) for fact in facts})
    causes: dict[UUID, Fact] = {}
    for fact in facts:
        if fact.subject == ImageTagged.subject or UUID(fact.data["image"]) in tagged_ones:
            causes[UUID(fact.data["patient"])] = fact
    if causes:
        for found in await tags_repository.refresh(s, causes, facts[-1].at):
            s.say(tagged(found, caused_by=causes[found.patient].id), Origin(service="patients"))
