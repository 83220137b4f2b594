"""Comparison groups of entries: photographs that are looked at together (CMP-1)."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from dermfolio.common.bus import Requests
from dermfolio.contracts.comparisons import (
    ChangeComparison,
    CreateComparison,
    DeleteComparison,
    GetComparison,
    ListComparisons,
    RestoreComparison,
)
from dermfolio.contracts.views.comparisons import ComparisonChanges, ComparisonList, ComparisonView, NewComparison
from dermfolio.gateway.asking import NO_STORE, passed_on
from dermfolio.gateway.bodies import read_body
from dermfolio.gateway.operations import CHANGING, EDITING, READING, WITH_BODY, Operation, Success
from dermfolio.gateway.parameters import COMPARISON, ENTRY, IF_MATCH, PATIENT, version_of
from dermfolio.gateway.visits import Visits

_ALL = "/patients/{patient}/entries/{entry}/comparisons"
_ONE = f"{_ALL}/{{comparison}}"
_SEEING = (*READING, "invalid_request", "forbidden", "not_found")
_DELETING = (*CHANGING, "invalid_request", "forbidden", "not_found")
_RESTORING = (*_DELETING, "stale_version", "image_not_in_workspace", "too_many_comparisons")
_VERSION = {"ETag": "The version of the comparison."}
_NOW = Success("The comparison as it is now.", ComparisonView, headers=_VERSION)
_THIS = (PATIENT, ENTRY, COMPARISON)


class ComparisonsApi:
    """Comparisons of entries."""

    def __init__(self, requests: Requests, visits: Visits) -> None:
        self._requests = requests
        self._visits = visits

    def operations(self) -> Sequence[Operation]:
        """What this part of the API offers."""
        return (
            Operation(
                "create_comparison",
                "PUT",
                _ONE,
                "Create a comparison of photographs that are in the workspace of an entry. They stay there as long as "
                "it uses them. Repeating it is harmless; what is there is changed by PATCH.",
                self.create,
                {201: Success("Created.", ComparisonView, headers=_VERSION)},
                (*_DELETING, *WITH_BODY, "comparison_id_used", "image_not_in_workspace", "too_many_comparisons"),
                takes=_THIS,
                body=NewComparison,
            ),
            Operation(
                "list_comparisons",
                "GET",
                _ALL,
                "All comparisons of an entry, the oldest first.",
                self.list,
                {200: Success("The comparisons.", ComparisonList)},
                _SEEING,
                takes=(PATIENT, ENTRY),
            ),
            Operation(
                "get_comparison",
                "GET",
                _ONE,
                "One comparison.",
                self.get,
                {200: Success("The comparison.", ComparisonView, headers=_VERSION)},
                _SEEING,
                takes=_THIS,
            ),
            Operation(
                "change_comparison",
                "PATCH",
                _ONE,
                "Change the name, the photographs, their order or the reference of a comparison.",
                self.change,
                {200: _NOW},
                (*EDITING, "image_not_in_workspace", "reference_not_compared"),
                takes=(*_THIS, IF_MATCH),
                body=ComparisonChanges,
            ),
            Operation(
                "delete_comparison",
                "DELETE",
                _ONE,
                "Delete a comparison. Its photographs stay in the workspace; a moment later they may leave it. The "
                "comparison can be restored.",
                self.delete,
                {204: Success("It is there no more.")},
                _DELETING,
                takes=_THIS,
            ),
            Operation(
                "restore_comparison",
                "POST",
                f"{_ONE}/restoration",
                "Have a deleted comparison be there again, as it was. One that is there stays as it is.",
                self.restore,
                {200: _NOW},
                _RESTORING,
                takes=_THIS,
            ),
        )

    async def create(self, request: Request) -> Response:
        """Create a comparison."""
        visit = await self._visits.admit(request)
        patient, entry, comparison = PATIENT.of(request), ENTRY.of(request), COMPARISON.of(request)
        new = await read_body(request, NewComparison)
        asked = CreateComparison(patient=patient, entry=entry, comparison=comparison, new=new)
        return passed_on(await self._requests.ask_raw(asked, visit.call), status=201)

    async def list(self, request: Request) -> Response:
        """Show an entry's comparisons."""
        visit = await self._visits.admit(request)
        asked = ListComparisons(patient=PATIENT.of(request), entry=ENTRY.of(request))
        return passed_on(await self._requests.ask_raw(asked, visit.call))

    async def get(self, request: Request) -> Response:
        """Show a comparison."""
        visit = await self._visits.admit(request)
        asked = GetComparison(patient=PATIENT.of(request), entry=ENTRY.of(request), comparison=COMPARISON.of(request))
        return passed_on(await self._requests.ask_raw(asked, visit.call))

    async def change(self, request: Request) -> Response:
        """Change a comparison."""
        visit = await self._visits.admit(request)
        patient, entry, comparison = PATIENT.of(request), ENTRY.of(request), COMPARISON.of(request)
        version = version_of(request)
        changes = await read_body(request, ComparisonChanges)
        asked = ChangeComparison(patient=patient, entry=entry, comparison=comparison, changes=changes, version=version)
        return passed_on(await self._requests.ask_raw(asked, visit.call))

    async def delete(self, request: Request) -> Response:
        """Delete a comparison."""
        visit = await self._visits.admit(request)
        asked = DeleteComparison(
            patient=PATIENT.of(request), entry=ENTRY.of(request), comparison=COMPARISON.of(request)
        )
        await self._requests.ask(asked, visit.call)
        return Response(None, 204, NO_STORE)

    async def restore(self, request: Request) -> Response:
        """Restore a comparison."""
        visit = await self._visits.admit(request)
        asked = RestoreComparison(
            patient=PATIENT.of(request), entry=ENTRY.of(request), comparison=COMPARISON.of(request)
        )
        return passed_on(await self._requests.ask_raw(asked, visit.call))
