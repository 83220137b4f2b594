"""Patients."""

import json
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from dermfolio.common.bus import Requests
from dermfolio.contracts.details import ChangePatient
from dermfolio.contracts.patients import CreatePatient, GetPatient, ListPatients, SearchPatients
from dermfolio.contracts.views.details import PatientChanges
from dermfolio.contracts.views.patient_search import FoundPatients, PatientSearch
from dermfolio.contracts.views.patients import NewPatient, PatientPage, PatientView
from dermfolio.gateway.asking import passed_on
from dermfolio.gateway.bodies import read_body
from dermfolio.gateway.guesses import Guesses
from dermfolio.gateway.operations import CHANGING, EDITING, PREFIX, READING, WITH_BODY, Operation, Success
from dermfolio.gateway.parameters import (
    CURSOR,
    IDEMPOTENCY_KEY,
    IF_MATCH,
    PATIENT,
    idempotency_key_of,
    limit,
    version_of,
)
from dermfolio.gateway.visits import Visits

LIMIT = limit(100, 50)

_CREATING = (
    "forbidden",
    "not_found",
    "unique_id_taken",
    "unique_id_unavailable",
    "idempotency_key_reused",
)
_VERSION = {"ETag": "The version of the record."}


class PatientsApi:
    """Patient records."""

    def __init__(self, requests: Requests, visits: Visits, guesses: Guesses) -> None:
        self._requests = requests
        self._visits = visits
        self._guesses = guesses

    def operations(self) -> Sequence[Operation]:
        """What this part of the API offers."""
        return (
            Operation(
                "create_patient",
                "POST",
                "/patients",
                "Create a patient. Only the unique ID is needed.",
                self.create,
                {201: Success("Created.", PatientView, headers={"Location": "The patient's address.", **_VERSION})},
                (*CHANGING, *WITH_BODY, *_CREATING),
                takes=(IDEMPOTENCY_KEY,),
                body=NewPatient,
            ),
            Operation(
                "list_patients",
                "GET",
                "/patients",
                "The patients of one's sites, and those shared with them, last modified first.",
                self.list,
                {200: Success("A page of patients.", PatientPage)},
                (*READING, "invalid_request", "forbidden"),
                takes=(LIMIT, CURSOR),
            ),
            Operation(
                "search_patients",
                "POST",
                "/patients/search",
                "Those of them who are wanted, in the order wanted.",
                self.search,
                {200: Success("A page of patients.", FoundPatients)},
                (*CHANGING, *WITH_BODY, "forbidden", "not_found", "search_too_broad"),
                body=PatientSearch,
            ),
            Operation(
                "get_patient",
                "GET",
                "/patients/{patient}",
                "One patient.",
                self.get,
                {200: Success("The patient.", PatientView, headers=_VERSION)},
                (*READING, "invalid_request", "forbidden", "not_found"),
                takes=(PATIENT,),
            ),
            Operation(
                "change_patient",
                "PATCH",
                "/patients/{patient}",
                "Change a patient's details. What is left out stays; null takes a value away.",
                self.change,
                {200: Success("The patient as it is now.", PatientView, headers=_VERSION)},
                (*EDITING, "unique_id_taken", "unique_id_unavailable", "patient_merged"),
                takes=(PATIENT, IF_MATCH),
                body=PatientChanges,
            ),
        )

    async def create(self, request: Request) -> Response:
        """Create a patient."""
        visit = await self._visits.admit(request)
        key = idempotency_key_of(request)
        patient = await read_body(request, NewPatient)
        async with self._guesses.counted(visit.call, "unique_id_unavailable"):
            answer = await self._requests.ask_raw(CreatePatient(patient=patient, idempotency_key=key), visit.call)
        place = f"{PREFIX}/patients/{json.loads(answer.body)['id']}"
        return passed_on(answer, status=201, headers={"Location": place})

    async def list(self, request: Request) -> Response:
        """Show a page of patients."""
        visit = await self._visits.admit(request)
        asked = ListPatients(limit=LIMIT.of(request), cursor=CURSOR.of(request))
        return passed_on(await self._requests.ask_raw(asked, visit.call))

    async def search(self, request: Request) -> Response:
        """Show a page of the patients wanted."""
        visit = await self._visits.admit(request)
        search = await read_body(request, PatientSearch)
        return passed_on(await self._requests.ask_raw(SearchPatients(search=search), visit.call))

    async def get(self, request: Request) -> Response:
        """Show a patient."""
        visit = await self._visits.admit(request)
        return passed_on(await self._requests.ask_raw(GetPatient(patient=PATIENT.of(request)), visit.call))

    async def change(self, request: Request) -> Response:
        """Change a patient's details. Who tries the unique IDs of others is guessing."""
        visit = await self._visits.admit(request)
        patient, version = PATIENT.of(request), version_of(request)
        changes = await read_body(request, PatientChanges)
        asked = ChangePatient(patient=patient, changes=changes, version=version)
        async with self._guesses.counted(visit.call, "unique_id_unavailable"):
            return passed_on(await self._requests.ask_raw(asked, visit.call))
