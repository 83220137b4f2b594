"""Counts of PAT-3, kept current from images' facts."""

from collections.abc import Sequence
from uuid import UUID

from dermfolio.common.db import WriteSession
from dermfolio.contracts.images import ImageRegistered, ImageRejected
from dermfolio.contracts.patients import PatientCounted
from dermfolio.contracts.replay import Fact, Origin
from dermfolio.patients import repository

COUNTED = (ImageRegistered.subject, ImageRejected.subject)
"""The facts that change whether an image counts: it does from its registration on, unless it is rejected."""


async def count_images(s: WriteSession, producer: str, facts: Sequence[Fact]) -> None:  # noqa: ARG001
    """Apply facts about images to their patients' counts."""
    for fact in facts:
        patient, image = UUID(fact.data["patient"]), UUID(fact.data["image"])
        counts = fact.subject == ImageRegistered.subject
        change = await repository.project_image(s, image, patient, int(fact.data["version"]), counts=counts)
        if change == 0:
            continue
        counted = await repository.count_images(s, patient, change, fact.at)
        if counted is not None:
            image_count, version, site = counted
            s.say(
                PatientCounted(patient=patient, site=site, image_count=image_count, version=version, caused_by=fact.id),
                Origin(service="patients"),
            )
