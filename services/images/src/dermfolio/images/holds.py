"""Photographs stay in a workspace while a comparison uses them (WRK-1).

registration asks for a hold before it writes a comparison, and its facts free it. So whoever removes a photograph finds
here what is in the way, under the lock of the workspace, and asks nobody.
"""

from collections.abc import Sequence
from uuid import UUID

from dermfolio.common import faults
from dermfolio.common.auth import Call
from dermfolio.common.bus import Requests
from dermfolio.common.db import Database, WriteSession
from dermfolio.common.errors import Refused
from dermfolio.contracts.comparisons import HoldForComparison
from dermfolio.contracts.entries import MaySeeEntry
from dermfolio.contracts.messages import Nothing
from dermfolio.contracts.replay import Fact
from dermfolio.contracts.roles import Permission
from dermfolio.images import holds_repository, workspace_repository


async def hold_for_comparison(db: Database, requests: Requests, call: Call, request: HoldForComparison) -> Nothing:
    """Have photographs stay in the entry's workspace. Refused as `not_found`, also where a photograph is none of the
    entry's patient, `forbidden` or `image_not_in_workspace`.
    """
    asked = MaySeeEntry(
        patient=request.patient, entry=request.entry, needs=[Permission.IMAGE_READ, Permission.ENTRY_WRITE]
    )
    seen = await requests.ask(asked, call)
    images = set(request.images)
    async with db.read() as rows:
        known, _ = await workspace_repository.there(rows, images, seen.patients)
    if images - known:
        raise Refused("not_found")
    async with db.write() as s:
        workspace = await workspace_repository.held(s, request.entry, seen.patient)
        missing = images - await holds_repository.chosen(s, workspace.entry, images)
        if missing:
            raise Refused("image_not_in_workspace", images=[str(image) for image in sorted(missing)])
        await holds_repository.add(s, request.hold, request.comparison, workspace.entry, images)
        faults.point("hold.written")
    return Nothing()


async def need_free(s: WriteSession, entry: UUID, images: set[UUID]) -> None:
    """Refuse to take away photographs that comparisons use, as `image_in_comparison`; the workspace is held."""
    using = await holds_repository.using(s, entry, images)
    if using:
        raise Refused(
            "image_in_comparison",
            images=[str(image) for image in sorted({image for image, _ in using})],
            comparisons=[str(comparison) for comparison in sorted({comparison for _, comparison in using})],
        )


async def let_go(s: WriteSession, _: str, facts: Sequence[Fact]) -> None:
    """Free what facts of registration say is free."""
    freed = [UUID(fact.data["freed"]) for fact in facts if fact.data.get("freed") is not None]
    await holds_repository.free(s, freed)
