"""Duplicates of a patient: seen as one, and apart again (PAT-7)."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from dermfolio.common.bus import Requests
from dermfolio.contracts.merging import ListMerged, MergePatient, PreviewMerge, UnmergePatient
from dermfolio.contracts.views.merging import MergeCandidate, MergedRecords, MergePreview
from dermfolio.gateway.asking import passed_on
from dermfolio.gateway.bodies import read_body
from dermfolio.gateway.guesses import Guesses
from dermfolio.gateway.operations import CHANGING, READING, WITH_BODY, Operation, Success
from dermfolio.gateway.parameters import ALIAS, IF_MATCH, PATIENT, version_of
from dermfolio.gateway.visits import Visits

_OBSTACLES = ("same_patient", "patient_merged", "patient_holds_merged", "too_many_merged")


class MergingApi:
    """Merging records of one patient."""

    def __init__(self, requests: Requests, visits: Visits, guesses: Guesses) -> None:
        self._requests = requests
        self._visits = visits
        self._guesses = guesses

    def operations(self) -> Sequence[Operation]:
        """What this part of the API offers."""
        merged = {200: Success("The records merged into the patient.", MergedRecords)}
        return (
            Operation(
                "preview_merge",
                "POST",
                "/patients/{patient}/merge-preview",
                "What would be seen together if the record with this exact unique ID were merged into the patient. For "
                "administrators of both home sites.",
                self.preview,
                {200: Success("What would be seen.", MergePreview, headers={"ETag": "The version to merge."})},
                (*CHANGING, *WITH_BODY, "forbidden", "not_found"),
                takes=(PATIENT,),
                body=MergeCandidate,
            ),
            Operation(
                "list_merged",
                "GET",
                "/patients/{patient}/merged",
                "The records that are merged into a patient.",
                self.list,
                merged,
                (*READING, "invalid_request", "forbidden", "not_found"),
                takes=(PATIENT,),
            ),
            Operation(
                "merge_patient",
                "PUT",
                "/patients/{patient}/merged/{alias}",
                "Merge a record into a patient: it becomes an alias, and both are seen as one. Nothing moves, and it "
                "can be taken back. For administrators of both home sites.",
                self.merge,
                merged,
                (
                    *CHANGING,
                    "invalid_request",
                    "forbidden",
                    "not_found",
                    "if_match_required",
                    "stale_version",
                    *_OBSTACLES,
                ),
                takes=(PATIENT, ALIAS, IF_MATCH),
            ),
            Operation(
                "unmerge_patient",
                "DELETE",
                "/patients/{patient}/merged/{alias}",
                "Take a merge back: the alias is a record of its own again. For administrators of both home sites.",
                self.unmerge,
                merged,
                (*CHANGING, "invalid_request", "forbidden", "not_found"),
                takes=(PATIENT, ALIAS),
            ),
        )

    async def preview(self, request: Request) -> Response:
        """Show what a merge would show. Who tries unique IDs that nobody has is guessing."""
        visit = await self._visits.admit(request)
        candidate = await read_body(request, MergeCandidate)
        asked = PreviewMerge(patient=PATIENT.of(request), candidate=candidate)
        return passed_on(await self._guesses.beside(asked, visit.call))

    async def list(self, request: Request) -> Response:
        """Show the records merged into a patient."""
        visit = await self._visits.admit(request)
        return passed_on(await self._requests.ask_raw(ListMerged(patient=PATIENT.of(request)), visit.call))

    async def merge(self, request: Request) -> Response:
        """Merge a record into a patient."""
        visit = await self._visits.admit(request)
        asked = MergePatient(patient=PATIENT.of(request), alias=ALIAS.of(request), version=version_of(request))
        return passed_on(await self._requests.ask_raw(asked, visit.call))

    async def unmerge(self, request: Request) -> Response:
        """Take a merge back."""
        visit = await self._visits.admit(request)
        asked = UnmergePatient(patient=PATIENT.of(request), alias=ALIAS.of(request))
        return passed_on(await self._requests.ask_raw(asked, visit.call))
