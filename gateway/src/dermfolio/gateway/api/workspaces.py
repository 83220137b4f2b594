"""Workspaces of entries: the photographs chosen for a visit (WRK-1)."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from dermfolio.common.bus import Requests
from dermfolio.contracts.views.workspaces import WorkspaceChanges, WorkspaceList, WorkspacePage, WorkspaceState
from dermfolio.contracts.workspaces import ChangeWorkspace, GetWorkspace, ListWorkspaces
from dermfolio.gateway.asking import passed_on
from dermfolio.gateway.bodies import read_body
from dermfolio.gateway.operations import CHANGING, READING, WITH_BODY, Operation, Success
from dermfolio.gateway.parameters import CURSOR, ENTRIES, ENTRY, IMAGE, PATIENT, limit
from dermfolio.gateway.visits import Visits

LIMIT = limit(200, 100)

_SEEING = (*READING, "invalid_request", "forbidden", "not_found")
_EDITING = (*CHANGING, "invalid_request", "forbidden", "not_found")
_REMOVING = (*_EDITING, "image_in_comparison")
_ADDING = (*_EDITING, "image_not_ready", "workspace_full")
_WORKSPACE = "/patients/{patient}/entries/{entry}/workspace"
_NOW = {200: Success("The workspace as it is now.", WorkspaceState)}


class WorkspacesApi:
    """Photographs of entries."""

    def __init__(self, requests: Requests, visits: Visits) -> None:
        self._requests = requests
        self._visits = visits

    def operations(self) -> Sequence[Operation]:
        """What this part of the API offers."""
        return (
            Operation(
                "get_workspace",
                "GET",
                _WORKSPACE,
                "The photographs chosen for an entry, newest effective date first.",
                self.get,
                {200: Success("A page of the workspace.", WorkspacePage)},
                _SEEING,
                takes=(PATIENT, ENTRY, LIMIT, CURSOR),
            ),
            Operation(
                "change_workspace",
                "PATCH",
                _WORKSPACE,
                "Add photographs of the entry's patient to its workspace and remove some: all that is asked for, or "
                "nothing. What is so already stays, so repeating it is harmless. What a comparison uses stays, too.",
                self.change,
                _NOW,
                (*_ADDING, "image_in_comparison", *WITH_BODY),
                takes=(PATIENT, ENTRY),
                body=WorkspaceChanges,
            ),
            Operation(
                "add_to_workspace",
                "PUT",
                f"{_WORKSPACE}/images/{{image}}",
                "Add a photograph to the workspace of an entry. It stays in the pool.",
                self.add,
                _NOW,
                _ADDING,
                takes=(PATIENT, ENTRY, IMAGE),
            ),
            Operation(
                "remove_from_workspace",
                "DELETE",
                f"{_WORKSPACE}/images/{{image}}",
                "Remove a photograph from the workspace of an entry. It stays in the pool. One that a comparison uses "
                "stays in the workspace.",
                self.remove,
                _NOW,
                _REMOVING,
                takes=(PATIENT, ENTRY, IMAGE),
            ),
            Operation(
                "list_workspaces",
                "GET",
                "/patients/{patient}/workspaces",
                "The first photographs of the workspaces of some entries of a patient; those that hold none are left "
                "out.",
                self.list,
                {200: Success("The workspaces.", WorkspaceList)},
                _SEEING,
                takes=(PATIENT, ENTRIES),
            ),
        )

    async def get(self, request: Request) -> Response:
        """Show a page of a workspace."""
        visit = await self._visits.admit(request)
        asked = GetWorkspace(
            patient=PATIENT.of(request),
            entry=ENTRY.of(request),
            limit=LIMIT.of(request),
            cursor=CURSOR.of(request),
        )
        return passed_on(await self._requests.ask_raw(asked, visit.call))

    async def list(self, request: Request) -> Response:
        """Show the beginnings of workspaces."""
        visit = await self._visits.admit(request)
        asked = ListWorkspaces(patient=PATIENT.of(request), entries=ENTRIES.of(request))
        return passed_on(await self._requests.ask_raw(asked, visit.call))

    async def change(self, request: Request) -> Response:
        """Add and remove photographs."""
        visit = await self._visits.admit(request)
        patient, entry = PATIENT.of(request), ENTRY.of(request)
        changes = await read_body(request, WorkspaceChanges)
        asked = ChangeWorkspace(patient=patient, entry=entry, changes=changes)
        return passed_on(await self._requests.ask_raw(asked, visit.call))

    async def add(self, request: Request) -> Response:
        """Add a photograph."""
        return await self._change(request, WorkspaceChanges(add=[IMAGE.of(request)]))

    async def remove(self, request: Request) -> Response:
        """Remove a photograph."""
        return await self._change(request, WorkspaceChanges(remove=[IMAGE.of(request)]))

    async def _change(self, request: Request, changes: WorkspaceChanges) -> Response:
        visit = await self._visits.admit(request)
        asked = ChangeWorkspace(patient=PATIENT.of(request), entry=ENTRY.of(request), changes=changes)
        return passed_on(await self._requests.ask_raw(asked, visit.call))
