"""Every query of images. Site scope is in each that a person asks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from dermfolio.common.db import ReadConnection, WriteSession
from dermfolio.common.page_sql import instant
from dermfolio.common.plumbing import outbox
from dermfolio.contracts.views.images import SENTENCES, ImageState
from dermfolio.images.models import DuplicateUpload, Image

_MESSAGE = " ".join(f"WHEN '{reason}' THEN '{sentence}'" for reason, sentence in SENTENCES.items())

BODY = f"""json_build_object(
    'id', id, 'patient', patient, 'site', site, 'state', state, 'reason', reason,
    'message', CASE reason {_MESSAGE} END, 'file_name', file_name, 'media_type', media_type, 'bytes', bytes,
    'sha256', sha256, 'width', width, 'height', height, 'caption', caption, 'caption_version', caption_version,
    'effective_at', {instant("effective_at")}, 'date_version', date_version, 'place', place,
    'rotation', rotation, 'rotating', rotation <> wanted_rotation, 'thumbhash', thumbhash,
    'uploaded_at', {instant("uploaded_at")}, 'uploaded_by', uploaded_by, 'capture', capture,
    'tags', tags, 'entries', ARRAY(SELECT entry FROM workspace_images WHERE image = images.id ORDER BY added_at, entry),
    'moving', moving_to IS NOT NULL, 'revision', revision, 'renditions', renditions)::text AS body"""  # noqa: S608 - constants only
"""The JSON of an ImageView, of a row of images."""


def begin(place: str, image: str) -> str:
    """The sort key (place, id) behind which a page of a pool begins, newest first; both null on the first page."""
    return f"(coalesce({place}::text, 'g'), coalesce({image}::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))"


_VIEW = f"""
SELECT patient, site, version, {BODY} FROM images WHERE id = $1 AND patient = ANY($2) AND site = ANY($3)
"""  # noqa: S608 - constants only

_PAGE = f"""
SELECT id, patient, place, {BODY} FROM images
WHERE patient = ANY($1) AND site = ANY($2) AND (place, id) < {begin("$3", "$4")}"""  # noqa: S608 - constants only
_NEWEST_FIRST = "ORDER BY place DESC, id DESC LIMIT $5"
_POOL = f"{_PAGE} AND state <> 'rejected' {_NEWEST_FIRST}"
_TAGGED = f"{_PAGE} AND state <> 'rejected' AND tags && $6 {_NEWEST_FIRST}"
_NAMED = f"{_PAGE} AND id = ANY($6) AND ($7::uuid[] IS NULL OR tags && $7) {_NEWEST_FIRST}"

_POOL_TOTAL = "SELECT count(*) FROM images WHERE patient = ANY($1) AND site = ANY($2) AND state <> 'rejected'"
_TAGGED_TOTAL = f"{_POOL_TOTAL} AND tags && $3"


@dataclass(frozen=True, slots=True)
class Located:
    """What is needed to find an image's objects."""

    patient: UUID
    site: UUID
    state: ImageState
    attempt: UUID
    revision: int
    media_type: str | None
    bytes: int
    sha256: str
    file_name: str
    tags: list[UUID]
    renditions: str
    rotation: int
    rotated_bytes: int | None


@dataclass(frozen=True, slots=True)
class Viewed:
    """An image as it is shown."""

    patient: UUID
    site: UUID
    version: int
    body: str
    """JSON of ImageView."""


async def view(rows: ReadConnection, sites: Sequence[UUID], image: UUID, patients: Sequence[UUID]) -> Viewed | None:
    """An image of one of these records within these sites."""
    found = await rows.fetchrow(_VIEW, image, patients, sites)
    return None if found is None else Viewed(**found)


@dataclass(frozen=True, slots=True)
class Pooled:
    """An image in a page of a pool."""

    id: UUID
    patient: UUID
    place: str
    body: str
    """JSON of ImageView."""


async def pool(
    rows: ReadConnection,
    patients: Sequence[UUID],
    sites: Sequence[UUID],
    behind: tuple[str | None, UUID | None],
    limit: int,
    named: Sequence[UUID] | None = None,
    tagged: Sequence[UUID] | None = None,
) -> tuple[int, list[Pooled]]:
    """(size of the pool of these records, what one page shows of it), newest first.

    The pool lists no rejected file; one that is `named` is shown all the same. Of a pool that is filtered by tags, the
    size is of what is left of it.
    """
    if named is not None:
        found = await rows.fetch(_NAMED, patients, sites, *behind, limit, named, tagged)
    elif tagged is not None:
        found = await rows.fetch(_TAGGED, patients, sites, *behind, limit, tagged)
    else:
        found = await rows.fetch(_POOL, patients, sites, *behind, limit)
    if tagged is not None and named is None:
        total = await rows.fetchval(_TAGGED_TOTAL, patients, sites, tagged)
    else:
        total = await rows.fetchval(_POOL_TOTAL, patients, sites)
    return int(total), [Pooled(**row) for row in found]


async def located(rows: ReadConnection, sites: Sequence[UUID], image: UUID, patients: Sequence[UUID]) -> Located | None:
    """Where an image of one of these records within these sites lies."""
    found = await rows.fetchrow(
        "SELECT patient, site, state, attempt, revision, media_type, bytes, sha256, file_name, tags, renditions,"
        " rotation, rotated_bytes FROM images WHERE id = $1 AND patient = ANY($2) AND site = ANY($3)",
        image,
        patients,
        sites,
    )
    return None if found is None else Located(**{**found, "state": ImageState(found["state"])})


async def uploaded_before(rows: ReadConnection, upload: UUID) -> tuple[UUID, str, UUID, UUID | None] | None:
    """(patient, SHA-256, image, attempt that counts) of an upload's id: an image, or a duplicate of one."""
    found = await rows.fetchrow(
        "SELECT patient, sha256, id AS image, attempt FROM images WHERE id = $1"
        " UNION ALL SELECT patient, sha256, image, NULL FROM duplicate_uploads WHERE upload = $1",
        upload,
    )
    return None if found is None else (found["patient"], found["sha256"], found["image"], found["attempt"])


async def same_content(rows: ReadConnection, patients: Sequence[UUID], sha256: str) -> UUID | None:
    """The live image of these records that holds these bytes."""
    found: UUID | None = await rows.fetchval(
        "SELECT id FROM images WHERE patient = ANY($1) AND sha256 = $2 AND state <> 'rejected' LIMIT 1",
        patients,
        sha256,
    )
    return found


async def counts(rows: ReadConnection, patients: Sequence[UUID]) -> dict[UUID, int]:
    """How many images of each patient are not rejected, where there are some."""
    found = await rows.fetch(
        "SELECT patient, count(*)::int AS count FROM images WHERE patient = ANY($1) AND state <> 'rejected'"
        " GROUP BY patient",
        patients,
    )
    return {row["patient"]: row["count"] for row in found}


async def known(rows: ReadConnection, patient: UUID, after: UUID | None, limit: int) -> list[dict[str, Any]]:
    """A page of a patient's images by their ids: whether each counts, its tags, and the version of its facts."""
    found = await rows.fetch(
        "SELECT id AS image, state <> 'rejected' AS counts, tags, version FROM images"
        " WHERE patient = $1 AND ($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT $3",
        patient,
        after,
        limit,
    )
    return [dict(row) for row in found]


async def claims(rows: ReadConnection, images: Sequence[UUID]) -> dict[UUID, tuple[UUID, int, ImageState]]:
    """(attempt, revision, state) that count, by image."""
    found = await rows.fetch("SELECT id, attempt, revision, state FROM images WHERE id = ANY($1)", images)
    return {r["id"]: (r["attempt"], r["revision"], ImageState(r["state"])) for r in found}


async def recorded(s: WriteSession, facts: Iterable[UUID]) -> set[UUID]:
    """Those of these facts that are in the outbox."""
    found = await s.execute(sa.select(outbox.c.id).where(outbox.c.id.in_(list(facts))))
    return set(found.scalars())


async def image(s: WriteSession, image_id: UUID, *, lock: bool = False) -> Image | None:
    """An image, held until the transaction ends if asked."""
    query = select(Image).where(Image.id == image_id)
    return (await s.exec(query.with_for_update() if lock else query)).first()


async def allot_revision(s: WriteSession, image_id: UUID) -> int:
    """A revision number that no other attempt at this image writes under."""
    allotted = await s.execute(
        sa.update(Image)
        .where(col(Image.id) == image_id)
        .values(next_revision=Image.next_revision + 1)
        .returning(col(Image.next_revision))
    )
    return int(allotted.scalar_one()) - 1


async def remember_duplicate(s: WriteSession, duplicate: DuplicateUpload) -> None:
    """Keep the answer to a duplicate upload."""
    s.add(duplicate)
    await s.flush()


async def held_with_content(s: WriteSession, patients: Sequence[UUID], sha256: str) -> UUID | None:
    """The live image of these records that holds these bytes, as this transaction sees it."""
    live = (col(Image.patient).in_(patients), Image.sha256 == sha256, col(Image.state) != ImageState.REJECTED)
    return (await s.exec(select(Image.id).where(*live).limit(1))).first()


def changed(s: WriteSession, image: Image) -> dict[str, Any]:
    """Let a change of a photograph be its next version; returns what the fact about it says."""
    image.version += 1
    s.add(image)
    return {"image": image.id, "patient": image.patient, "site": image.site, "version": image.version}
