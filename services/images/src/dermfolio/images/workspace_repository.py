"""Every query about workspaces. Who asks has shown before that they may see the entry and its patient."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from dermfolio.common.db import ReadConnection, WriteSession
from dermfolio.contracts.messages import now
from dermfolio.contracts.views.images import ImageState
from dermfolio.contracts.views.workspaces import WorkspacePreview, WorkspaceState
from dermfolio.images.models import Image, Workspace, WorkspaceImage
from dermfolio.images.repository import BODY, Pooled, begin

_PAGE = f"""
SELECT id, patient, place, {BODY} FROM images
WHERE id IN (SELECT image FROM workspace_images WHERE entry = $1) AND (place, id) < {begin("$2", "$3")}
ORDER BY place DESC, id DESC LIMIT $4
"""  # noqa: S608 - constants only

_STATE = """
SELECT $1::uuid AS entry, (SELECT count(*) FROM workspace_images WHERE entry = $1) AS total,
       coalesce((SELECT version FROM workspaces WHERE entry = $1), 0) AS version
"""

_PREVIEWS = """
SELECT workspaces.entry, version, first.total, first.images FROM workspaces CROSS JOIN LATERAL (
    SELECT max(total) AS total,
           json_agg(json_build_object('id', id, 'patient', patient, 'revision', revision)
                    ORDER BY place DESC, id DESC)::text AS images
    FROM (
        SELECT images.id, images.patient, revision, place, count(*) OVER () AS total
        FROM workspace_images JOIN images ON images.id = workspace_images.image
        WHERE workspace_images.entry = workspaces.entry
        ORDER BY place DESC, images.id DESC LIMIT $3
    ) AS newest
) AS first
WHERE workspaces.patient = ANY($1) AND workspaces.entry = ANY($2) AND first.total > 0
"""

_READY = "SELECT id FROM images WHERE id = ANY($1) AND patient = ANY($2) AND state = 'ready' AND moving_to IS NULL"
_THERE = "SELECT id FROM images WHERE id = ANY($1) AND patient = ANY($2) AND state <> 'rejected'"


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a workspace: the photographs that came and left, each with the version that this made."""

    added: list[UUID]
    removed: list[UUID]
    version: int
    """After all of them."""

    total: int


async def page(rows: ReadConnection, entry: UUID, behind: tuple[str | None, UUID | None], limit: int) -> list[Pooled]:
    """One page of a workspace, newest first."""
    found = await rows.fetch(_PAGE, entry, *behind, limit)
    return [Pooled(**row) for row in found]


async def state(rows: ReadConnection, entry: UUID) -> WorkspaceState:
    """A workspace in numbers."""
    [found] = await rows.fetch(_STATE, entry)
    return WorkspaceState(**found)


async def previews(
    rows: ReadConnection, records: Sequence[UUID], entries: Sequence[UUID], photographs: int
) -> list[WorkspacePreview]:
    """The first photographs of the workspaces of those of these entries that belong to these records and hold some."""
    found = await rows.fetch(_PREVIEWS, records, entries, photographs)
    return [WorkspacePreview.model_validate({**row, "images": json.loads(row["images"])}) for row in found]


async def there(
    rows: ReadConnection, images: Collection[UUID], patients: Sequence[UUID]
) -> tuple[set[UUID], set[UUID]]:
    """Those of the images that these patients have, and those of them that are ready."""
    known = await rows.fetch(_THERE, list(images), patients)
    ready = await rows.fetch(_READY, list(images), patients)
    return {row["id"] for row in known}, {row["id"] for row in ready}


async def held(s: WriteSession, entry: UUID, patient: UUID) -> Workspace:
    """The workspace of an entry, held until this transaction ends."""
    await s.execute(insert(Workspace).values(entry=entry, patient=patient, version=0).on_conflict_do_nothing())
    return (await s.exec(select(Workspace).where(Workspace.entry == entry).with_for_update())).one()


async def hold_ready(s: WriteSession, images: Collection[UUID], patients: Sequence[UUID]) -> set[UUID]:
    """Those of the images that are ready photographs of these patients, held against leaving them."""
    wanted = select(Image.id).where(
        col(Image.id).in_(images),
        col(Image.patient).in_(patients),
        col(Image.state) == ImageState.READY,
        col(Image.moving_to).is_(None),
    )
    return set((await s.exec(wanted.order_by(col(Image.id)).with_for_update(read=True))).all())


async def change(
    s: WriteSession, workspace: Workspace, add: Collection[UUID], remove: Collection[UUID], by: UUID
) -> Change:
    """Add and remove photographs of a workspace that is held; what is so already stays."""
    of_entry = col(WorkspaceImage.entry) == workspace.entry
    gone = sa.delete(WorkspaceImage).where(of_entry, col(WorkspaceImage.image).in_(remove))
    removed = sorted((await s.execute(gone.returning(col(WorkspaceImage.image)))).scalars())
    added: list[UUID] = []
    if add:
        at = now()
        rows = [{"entry": workspace.entry, "image": image, "added_by": by, "added_at": at} for image in sorted(add)]
        come = insert(WorkspaceImage).values(rows).on_conflict_do_nothing().returning(col(WorkspaceImage.image))
        added = sorted((await s.execute(come)).scalars())
    workspace.version += len(added) + len(removed)
    s.add(workspace)
    counting = sa.select(sa.func.count()).select_from(WorkspaceImage).where(of_entry)
    return Change(added, removed, workspace.version, (await s.execute(counting)).scalar_one())


async def holding(s: WriteSession, images: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """The entries whose workspaces hold these photographs, by photograph: those stay with their patient."""
    wanted = select(WorkspaceImage.image, WorkspaceImage.entry).where(col(WorkspaceImage.image).in_(images))
    found: dict[UUID, list[UUID]] = {}
    for image, entry in (await s.exec(wanted.order_by(col(WorkspaceImage.added_at), col(WorkspaceImage.entry)))).all():
        found.setdefault(image, []).append(entry)
    return found
