"""Clinical entries of patients (ENT-1)."""

import json
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from dermfolio.common.bus import Requests
from dermfolio.contracts.entries import ChangeEntry, CreateEntry, GetEntry, ListEntries
from dermfolio.contracts.views.entries import EntryChanges, EntryPage, EntryView, NewEntry
from dermfolio.gateway.asking import passed_on
from dermfolio.gateway.bodies import read_body
from dermfolio.gateway.operations import CHANGING, EDITING, PREFIX, READING, WITH_BODY, Operation, Success
from dermfolio.gateway.parameters import (
    CURSOR,
    ENTRY,
    IDEMPOTENCY_KEY,
    IF_MATCH,
    PATIENT,
    idempotency_key_of,
    limit,
    version_of,
)
from dermfolio.gateway.visits import Visits

LIMIT = limit(100, 50)

_VERSION = {"ETag": "The version of the header."}
_SEEING = (*READING, "invalid_request", "forbidden", "not_found")


class EntriesApi:
    """Visits of patients."""

    def __init__(self, requests: Requests, visits: Visits) -> None:
        self._requests = requests
        self._visits = visits

    def operations(self) -> Sequence[Operation]:
        """What this part of the API offers."""
        return (
            Operation(
                "create_entry",
                "POST",
                "/patients/{patient}/entries",
                "Create an entry: one visit of a patient.",
                self.create,
                {201: Success("Created.", EntryView, headers={"Location": "The entry's address.", **_VERSION})},
                (*CHANGING, *WITH_BODY, "forbidden", "not_found", "entry_id_used", "idempotency_key_reused"),
                takes=(PATIENT, IDEMPOTENCY_KEY),
                body=NewEntry,
            ),
            Operation(
                "list_entries",
                "GET",
                "/patients/{patient}/entries",
                "The entries of a patient, latest appointment first.",
                self.list,
                {200: Success("A page of entries.", EntryPage)},
                _SEEING,
                takes=(PATIENT, LIMIT, CURSOR),
            ),
            Operation(
                "get_entry",
                "GET",
                "/patients/{patient}/entries/{entry}",
                "One entry, with its notes.",
                self.get,
                {200: Success("The entry.", EntryView, headers=_VERSION)},
                _SEEING,
                takes=(PATIENT, ENTRY),
            ),
            Operation(
                "change_entry",
                "PATCH",
                "/patients/{patient}/entries/{entry}",
                "Change the header of an entry: its appointment.",
                self.change,
                {200: Success("The entry as it is now.", EntryView, headers=_VERSION)},
                EDITING,
                takes=(PATIENT, ENTRY, IF_MATCH),
                body=EntryChanges,
            ),
        )

    async def create(self, request: Request) -> Response:
        """Create an entry."""
        visit = await self._visits.admit(request)
        patient, key = PATIENT.of(request), idempotency_key_of(request)
        entry = await read_body(request, NewEntry)
        asked = CreateEntry(patient=patient, entry=entry, idempotency_key=key)
        answer = await self._requests.ask_raw(asked, visit.call)
        place = f"{PREFIX}/patients/{patient}/entries/{json.loads(answer.body)['id']}"
        return passed_on(answer, status=201, headers={"Location": place})

    async def list(self, request: Request) -> Response:
        """Show a page of a patient's entries."""
        visit = await self._visits.admit(request)
        asked = ListEntries(patient=PATIENT.of(request), limit=LIMIT.of(request), cursor=CURSOR.of(request))
        return passed_on(await self._requests.ask_raw(asked, visit.call))

    async def get(self, request: Request) -> Response:
        """Show an entry."""
        visit = await self._visits.admit(request)
        asked = GetEntry(patient=PATIENT.of(request), entry=ENTRY.of(request))
        return passed_on(await self._requests.ask_raw(asked, visit.call))

    async def change(self, request: Request) -> Response:
        """Change an entry's header."""
        visit = await self._visits.admit(request)
        patient, entry, version = PATIENT.of(request), ENTRY.of(request), version_of(request)
        changes = await read_body(request, EntryChanges)
        asked = ChangeEntry(patient=patient, entry=entry, changes=changes, version=version)
        return passed_on(await self._requests.ask_raw(asked, visit.call))
