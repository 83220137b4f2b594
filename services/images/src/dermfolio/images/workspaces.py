"""Workspaces: the photographs chosen for an entry (WRK-1). Whose entry it is, patients knows."""

import asyncio
from uuid import UUID

from dermfolio.common.auth import Call
from dermfolio.common.bus import Answer
from dermfolio.common.errors import Refused
from dermfolio.common.host import Parts
from dermfolio.contracts.comparisons import HoldForComparison
from dermfolio.contracts.entries import EntrySight, MaySeeEntry
from dermfolio.contracts.messages import Nothing
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.sharing import MaySee
from dermfolio.contracts.views.workspaces import (
    IMAGES_AT_MOST,
    PREVIEWED,
    WorkspaceList,
    WorkspacePage,
    WorkspaceState,
)
from dermfolio.contracts.workspaces import (
    ChangeWorkspace,
    GetWorkspace,
    ListWorkspaces,
    WorkspaceChanged,
    WorkspacesListed,
    WorkspaceViewed,
)
from dermfolio.images import workspace_repository
from dermfolio.images.holds import hold_for_comparison, need_free
from dermfolio.images.read import fitting, page_behind
from dermfolio.images.sight import Sight, records_of


class Workspaces:
    """What images answers of workspaces."""

    def __init__(self, parts: Parts) -> None:
        self._db = parts.db
        self._requests = parts.requests
        self._reads = parts.reads
        self._cursors = parts.cursors
        self._sight = Sight(parts.db, parts.requests)

    async def get(self, request: GetWorkspace, call: Call) -> Answer[WorkspacePage]:
        """A page of a workspace. Refused as `not_found` or `forbidden`."""
        of_list = self._cursors.of(call, "workspace", request.entry)
        behind = page_behind(of_list, request.cursor)
        seen = await self._seen(call, request, Permission.ENTRY_READ, Permission.IMAGE_READ)
        async with self._db.read() as rows:
            found = await workspace_repository.page(rows, request.entry, behind, request.limit + 1)
            state = await workspace_repository.state(rows, request.entry)
        page = fitting(found[: request.limit])
        viewed = WorkspaceViewed(
            entry=request.entry, patient=request.patient, site=seen.site, images=[one.id for one in page]
        )
        await self._reads.record(viewed, call.origin(seen.opening), shared=bool(seen.shared))
        following = f'"{of_list.sealed([page[-1].place, str(page[-1].id)])}"' if len(found) > len(page) else "null"
        facts = f'"entry":"{state.entry}","total":{state.total},"version":{state.version}'
        return Answer(f'{{{facts},"images":[{",".join(one.body for one in page)}],"next":{following}}}'.encode())

    async def list(self, request: ListWorkspaces, call: Call) -> WorkspaceList:
        """The first photographs of some workspaces of a patient. Refused as `not_found` or `forbidden`."""
        needs = (Permission.ENTRY_READ, Permission.IMAGE_READ)
        seen, _ = await asyncio.gather(
            *(self._requests.ask(MaySee(patient=request.patient, needs=one), call) for one in needs)
        )
        async with self._db.read() as rows:
            found = await workspace_repository.previews(
                rows, records_of(seen, request.patient), request.entries, PREVIEWED
            )
        listed = WorkspacesListed(
            patient=request.patient,
            site=seen.site,
            entries=[one.entry for one in found],
            images=[tile.id for one in found for tile in one.images],
        )
        await self._reads.record(listed, call.origin(seen.opening), shared=bool(seen.shared))
        return WorkspaceList(workspaces=found)

    async def change(self, request: ChangeWorkspace, call: Call) -> WorkspaceState:
        """Add and remove photographs: all that is asked for, or nothing. Refused as `not_found`, also where a
        photograph is none of the entry's patient, `forbidden`, `image_not_ready`, `image_in_comparison` or
        `workspace_full`.
        """
        seen = await self._seen(call, request, Permission.IMAGE_READ)
        add, remove = set(request.changes.add), set(request.changes.remove)
        async with self._db.read() as rows:
            known, ready = await workspace_repository.there(rows, add | remove, seen.patients)
        if (add | remove) - known:
            raise Refused("not_found")
        await self._sight.need(call, request.patient, seen.site, Permission.ENTRY_WRITE)
        if add - ready:
            raise Refused("image_not_ready")
        return await self._write(call, request, seen, add - remove, remove)

    async def hold(self, request: HoldForComparison, call: Call) -> Nothing:
        """Have photographs stay for a comparison."""
        return await hold_for_comparison(self._db, self._requests, call, request)

    async def _write(
        self, call: Call, request: ChangeWorkspace, seen: EntrySight, add: set[UUID], remove: set[UUID]
    ) -> WorkspaceState:
        async with self._db.write() as s:
            workspace = await workspace_repository.held(s, request.entry, seen.patient)
            # what was moved to another patient since it was looked at is none of this one's
            if add - await workspace_repository.hold_ready(s, add, seen.patients):
                raise Refused("not_found")
            await need_free(s, request.entry, remove)
            before = workspace.version
            done = await workspace_repository.change(s, workspace, add, remove, call.user())
            if done.added and done.total > IMAGES_AT_MOST:
                raise Refused("workspace_full")
            changes = [*((image, False) for image in done.removed), *((image, True) for image in done.added)]
            for version, (image, holds) in enumerate(changes, before + 1):
                said = WorkspaceChanged(
                    entry=request.entry,
                    patient=seen.patient,
                    site=seen.site,
                    image=image,
                    holds=holds,
                    version=version,
                )
                s.say(said, call.origin())
        return WorkspaceState(entry=request.entry, total=done.total, version=done.version)

    async def _seen(self, call: Call, request: GetWorkspace | ChangeWorkspace, *needs: Permission) -> EntrySight:
        return await self._requests.ask(
            MaySeeEntry(patient=request.patient, entry=request.entry, needs=list(needs)), call
        )
