"""Every query about photographs that are held for comparisons. Who asks holds the workspace."""

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from dermfolio.common.db import WriteSession
from dermfolio.contracts.messages import now
from dermfolio.images.models import HeldImage, WorkspaceImage


async def chosen(s: WriteSession, entry: UUID, images: Collection[UUID]) -> set[UUID]:
    """Those of the images that the workspace of the entry holds."""
    wanted = select(WorkspaceImage.image).where(
        col(WorkspaceImage.entry) == entry, col(WorkspaceImage.image).in_(images)
    )
    return set((await s.exec(wanted)).all())


async def add(s: WriteSession, hold: UUID, comparison: UUID, entry: UUID, images: Collection[UUID]) -> None:
    """Hold images for a comparison; what this hold has already stays."""
    about = {"hold": hold, "comparison": comparison, "entry": entry, "held_at": now()}
    rows = [about | {"image": image} for image in sorted(images)]
    await s.execute(insert(HeldImage).values(rows).on_conflict_do_nothing())


async def using(s: WriteSession, entry: UUID, images: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    """(image, comparison) of each of these images that a comparison of the entry uses, or is about to use."""
    wanted = select(HeldImage.image, HeldImage.comparison).where(
        col(HeldImage.entry) == entry, col(HeldImage.image).in_(images)
    )
    return set((await s.exec(wanted)).all())


async def free(s: WriteSession, holds: Collection[UUID]) -> None:
    """Let go of everything that these hold."""
    await s.execute(sa.delete(HeldImage).where(col(HeldImage.hold).in_(holds)))
