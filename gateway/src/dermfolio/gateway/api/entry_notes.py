"""The notes of clinical entries (ENT-3)."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from dermfolio.common.bus import Requests
from dermfolio.contracts.entry_notes import GetNotes, GetNotesVersion, ListNotesVersions, SaveNotes
from dermfolio.contracts.views.entry_notes import NotesHistory, NotesToSave, NotesView
from dermfolio.gateway.asking import passed_on
from dermfolio.gateway.bodies import read_body
from dermfolio.gateway.operations import CHANGING, READING, WITH_BODY, Operation, Success
from dermfolio.gateway.parameters import ENTRY, IDEMPOTENCY_KEY, NOTES_VERSION, PATIENT, idempotency_key_of
from dermfolio.gateway.visits import Visits

_VERSION = {"ETag": "The version of the notes."}
_SEEING = (*READING, "invalid_request", "forbidden", "not_found")
_SAVING = ("forbidden", "not_found", "notes_conflict", "notes_too_long", "idempotency_key_reused")


class EntryNotesApi:
    """Notes of visits."""

    def __init__(self, requests: Requests, visits: Visits) -> None:
        self._requests = requests
        self._visits = visits

    def operations(self) -> Sequence[Operation]:
        """What this part of the API offers."""
        return (
            Operation(
                "get_notes",
                "GET",
                "/patients/{patient}/entries/{entry}/notes",
                "The notes of an entry.",
                self.get,
                {200: Success("The notes.", NotesView, headers=_VERSION)},
                _SEEING,
                takes=(PATIENT, ENTRY),
            ),
            Operation(
                "save_notes",
                "PUT",
                "/patients/{patient}/entries/{entry}/notes",
                "Save the notes of an entry, merged by paragraphs with what others saved since the version that they "
                "were made of. Where the same paragraph was changed in two ways nothing is saved: get the notes, "
                "choose, and save upon their version.",
                self.save,
                {200: Success("The notes as they are now.", NotesView, headers=_VERSION)},
                (*CHANGING, *WITH_BODY, *_SAVING),
                takes=(PATIENT, ENTRY, IDEMPOTENCY_KEY),
                body=NotesToSave,
            ),
            Operation(
                "list_notes_versions",
                "GET",
                "/patients/{patient}/entries/{entry}/notes/versions",
                "Who saved the notes of an entry, and when, newest first. The last 50 versions are all kept; of older "
                "ones those that stood for ten minutes or that somebody else replaced, 500 in all.",
                self.history,
                {200: Success("The versions that are kept.", NotesHistory)},
                _SEEING,
                takes=(PATIENT, ENTRY),
            ),
            Operation(
                "get_notes_version",
                "GET",
                "/patients/{patient}/entries/{entry}/notes/versions/{version}",
                "One version of the notes of an entry. To restore it, save its text upon the current version.",
                self.version,
                {200: Success("The notes as they were.", NotesView, headers=_VERSION)},
                _SEEING,
                takes=(PATIENT, ENTRY, NOTES_VERSION),
            ),
        )

    async def get(self, request: Request) -> Response:
        """Show the notes of an entry."""
        visit = await self._visits.admit(request)
        asked = GetNotes(patient=PATIENT.of(request), entry=ENTRY.of(request))
        return passed_on(await self._requests.ask_raw(asked, visit.call))

    async def save(self, request: Request) -> Response:
        """Save the notes of an entry."""
        visit = await self._visits.admit(request)
        patient, entry, key = PATIENT.of(request), ENTRY.of(request), idempotency_key_of(request)
        notes = await read_body(request, NotesToSave)
        asked = SaveNotes(patient=patient, entry=entry, notes=notes, idempotency_key=key)
        return passed_on(await self._requests.ask_raw(asked, visit.call))

    async def history(self, request: Request) -> Response:
        """Show who saved the notes of an entry."""
        visit = await self._visits.admit(request)
        asked = ListNotesVersions(patient=PATIENT.of(request), entry=ENTRY.of(request))
        return passed_on(await self._requests.ask_raw(asked, visit.call))

    async def version(self, request: Request) -> Response:
        """Show a version of the notes of an entry."""
        visit = await self._visits.admit(request)
        patient, entry, version = PATIENT.of(request), ENTRY.of(request), NOTES_VERSION.of(request)
        return passed_on(
            await self._requests.ask_raw(GetNotesVersion(patient=patient, entry=entry, version=version), visit.call)
        )
