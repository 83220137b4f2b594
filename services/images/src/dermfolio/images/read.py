"""Reading images: facts, the pool, and where objects lie. Each read is recorded before it is answered."""

import json
from functools import partial
from itertools import accumulate
from uuid import UUID

from dermfolio.common.auth import Call
from dermfolio.common.bus import Answer, Requests
from dermfolio.common.cursors import Cursors, ListCursors
from dermfolio.common.db import Database
from dermfolio.common.errors import Refused
from dermfolio.common.reads import ReadLog
from dermfolio.contracts.images import (
    GetImage,
    ImageViewed,
    ListPool,
    LocateOriginal,
    LocateRendition,
    OriginalDownloaded,
    PoolViewed,
    RenditionViewed,
    StoredObject,
)
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.sharing import MaySee, Member
from dermfolio.contracts.sharing import Sight as PatientSight
from dermfolio.contracts.views.images import ImageState, ImageView, PoolPage
from dermfolio.images import keys, repository
from dermfolio.images.repository import Pooled
from dermfolio.images.sight import Found, Sight, homes_of, records_of
from dermfolio.images.turned_original import turned_original

TILE = 320
"""Tile-size renditions are covered by the record of the pool that listed them."""

PAGE_BYTES = 900_000
"""A message of the bus holds 1 MiB. File names may have 4,096 characters, so a page may be shorter than asked for."""


class Reader:
    """Answers reads."""

    def __init__(self, db: Database, requests: Requests, reads: ReadLog, cursors: Cursors) -> None:
        self._db = db
        self._requests = requests
        self._sight = Sight(db, requests)
        self._reads = reads
        self._cursors = cursors

    async def image(self, call: Call, request: GetImage) -> Answer[ImageView]:
        """One image's facts. Refused as `not_found`."""
        found = await self._sight.find(call, Permission.IMAGE_READ, repository.view, request.image, request.patient)
        shown = found.what
        viewed = ImageViewed(image=request.image, patient=shown.patient, site=shown.site)
        shared = partial(self._sight.is_shared, call, request.patient, found)
        await self._reads.record(viewed, call.origin(found.opening), shared=shared)
        return Answer(shown.body.encode(), 200, shown.version)

    async def pool(self, call: Call, request: ListPool) -> Answer[PoolPage]:
        """A page of the pool. Refused as `not_found` when the caller may not see the patient."""
        of_list = self._cursors.of(call, "pool", request.patient)
        behind = page_behind(of_list, request.cursor)
        seen = await self._requests.ask(MaySee(patient=request.patient, needs=Permission.IMAGE_READ), call)
        async with self._db.read() as rows:
            total, found = await repository.pool(
                rows,
                records_of(seen, request.patient),
                homes_of(seen),
                behind,
                request.limit + 1,
                request.images,
                request.tags,
            )
        page = fitting(found[: request.limit])
        following = f'"{of_list.sealed([page[-1].place, str(page[-1].id)])}"' if len(found) > len(page) else "null"
        for viewed in _viewed(seen, request.patient, page):
            await self._reads.record(viewed, call.origin(seen.opening), shared=bool(seen.shared))
        body = f'{{"images":[{",".join(i.body for i in page)}],"total":{total},"next":{following}}}'
        return Answer(body.encode())

    async def rendition(self, call: Call, request: LocateRendition) -> StoredObject:
        """Where a rendition lies. Refused as `not_found`, also where no full one was made, or `image_not_ready`."""
        seen = await self._located(call, request)
        found = seen.what
        if found.state is not ImageState.READY:
            raise Refused("image_not_ready")
        stored = next((r for r in json.loads(found.renditions) if r["size"] == request.size), None)
        if stored is None:
            raise Refused("not_found")
        if request.size != TILE:
            await self._reads.record(
                RenditionViewed(image=request.image, patient=found.patient, site=found.site, size=request.size),
                call.origin(seen.opening),
                shared=partial(self._sight.is_shared, call, request.patient, seen),
            )
        return StoredObject(
            patient=found.patient,
            key=keys.rendition(request.image, found.revision, request.size),
            context_revision=found.revision,
            bytes=stored["bytes"],
            media_type=stored["media_type"],
            etag=f'"{request.image.hex}-{found.revision}-{request.size}"',
            file_name=found.file_name,
            at_home=seen.at_home,
        )

    async def original(self, call: Call, request: LocateOriginal) -> StoredObject:
        """Where the uploaded bytes lie; where people turned them, if asked for, a file that stands so. Refused as
        `not_found`; a rejected file's bytes are gone.
        """
        seen = await self._located(call, request)
        found = seen.what
        if found.state is ImageState.REJECTED:
            raise Refused("not_found")
        stored = turned_original(request.image, found) if request.rotated and found.rotation else None
        await self._reads.record(
            OriginalDownloaded(image=request.image, patient=found.patient, site=found.site), call.origin(seen.opening)
        )
        return stored or StoredObject(
            patient=found.patient,
            key=keys.original(request.image, found.attempt),
            context_revision=0,
            bytes=found.bytes,
            media_type=found.media_type or "application/octet-stream",
            etag=f'"{found.sha256}"',
            file_name=found.file_name,
        )

    async def _located(self, call: Call, request: LocateRendition | LocateOriginal) -> Found[repository.Located]:
        return await self._sight.find(call, Permission.IMAGE_READ, repository.located, request.image, request.patient)


def _viewed(seen: PatientSight, patient: UUID, page: list[Pooled]) -> list[PoolViewed]:
    """What the trail says of a page: of the patient, and of each record merged into it whose images are shown."""
    members = seen.members or [Member(patient=patient, site=seen.site)]
    shown = {member.patient: [i.id for i in page if i.patient == member.patient] for member in members}
    return [
        PoolViewed(patient=member.patient, site=member.site, images=shown[member.patient])
        for n, member in enumerate(members)
        if n == 0 or shown[member.patient]
    ]


def page_behind(of_list: ListCursors, cursor: str | None) -> tuple[str | None, UUID | None]:
    """The place and the id behind which a page begins. Refused as `invalid_request`."""
    if cursor is None:
        return None, None
    place, image = of_list.opened(cursor)
    return place, UUID(image)


def fitting(page: list[Pooled]) -> list[Pooled]:
    """As many rows as one message of the bus takes, with the longest of file names at least one."""
    sizes = accumulate(len(image.body.encode()) + 1 for image in page)
    fitting = sum(size <= PAGE_BYTES for size in sizes)
    return page[: max(1, fitting)]
