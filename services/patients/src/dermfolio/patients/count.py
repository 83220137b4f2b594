"""Counts of PAT-3, kept current from images' facts."""

from collections.abc import Sequence
from uuid import UUID

from dermfolio.common.db import WriteSession
from dermfolio.contracts.images import ImageRegistered, ImageRejected
from dermfolio.contracts.patients import PatientCounted
from dermfolio.contracts.replay import Fact, Origin
from dermfolio.patients import merge_repository, repository

COUNTED = (ImageRegistered.subject, ImageRejected.subject)
"""The facts that change whether an image counts: it does from its registration on, unless it is rejected."""


async def count_images(s: WriteSession, producer: str, facts: Sequence[Fact]) -> None:  # noqa: ARG001
    """Apply facts about images to their patients' counts; a survivor's count is that of all its records."""
    for fact in facts:
        patient, image = UUID(fact.data["patient"]), UUID(fact.data["image"])
        counts = fact.subject == ImageRegistered.subject
        change = await repository.project_image(s, image, patient, int(fact.data["version"]), counts=counts)
        if change == 0:
            continue
        records = await merge_repository.held_with_survivor(s, patient)
        for record, image_count, version, site in await repository.count_images(s, records, change, fact.at):
            s.say(
                PatientCounted(patient=record, site=site, image_count=image_count, version=version, caused_by=fact.id),
                Origin(service="patients"),
            )
