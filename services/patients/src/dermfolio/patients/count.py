"""Counts of PAT-3, kept current from images' facts."""

from collections.abc import Sequence
from uuid import UUID

from dermfolio.common.db import WriteSession
from dermfolio.contracts.images import ImageRegistered, ImageRejected
from dermfolio.contracts.moving import CROSSING, ImageMovedIn
from dermfolio.contracts.patients import PatientCounted
from dermfolio.contracts.replay import Fact, Origin
from dermfolio.patients import merge_repository, repository

COUNTED = (ImageRegistered.subject, ImageRejected.subject, *CROSSING)
"""The facts that change whom an image counts for: its patient from its registration on, unless it is rejected."""

_COUNTS = (ImageRegistered.subject, ImageMovedIn.subject)


async def count_images(s: WriteSession, producer: str, facts: Sequence[Fact]) -> None:  # noqa: ARG001
    """Apply facts about images to their patients' counts; a survivor's count is that of all its records."""
    for fact in facts:
        patient, image = UUID(fact.data["patient"]), UUID(fact.data["image"])
        counts = fact.subject in _COUNTS
        changes = await repository.project_image(s, image, patient, int(fact.data["version"]), counts=counts)
        for of, change in changes.items():
            await _count(s, fact, of, change)


async def _count(s: WriteSession, fact: Fact, patient: UUID, change: int) -> None:
    records = await merge_repository.held_with_survivor(s, patient)
    for record, image_count, version, site in await repository.count_images(s, records, change, fact.at):
        s.say(
            PatientCounted(patient=record, site=site, image_count=image_count, version=version, caused_by=fact.id),
            Origin(service="patients"),
        )
