"""Consent to photography, and the forms by which it is given (CON-1 to CON-7)."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from dermfolio.common.bus import Requests
from dermfolio.contracts.consent import (
    ChangeConsentForm,
    GetConsent,
    GetConsentEvent,
    GetConsentForm,
    ListConsentEvents,
    ListPatientConsentForms,
    RecordConsent,
    RevokeConsent,
)
from dermfolio.contracts.views.consent import (
    ConsentEventDetails,
    ConsentEventPage,
    ConsentEventView,
    ConsentFormList,
    ConsentFormText,
    ConsentFormView,
    ConsentView,
    NewConsent,
    Revocation,
)
from dermfolio.gateway.asking import passed_on
from dermfolio.gateway.bodies import read_body
from dermfolio.gateway.operations import CHANGING, EDITING, READING, WITH_BODY, Operation, Success
from dermfolio.gateway.parameters import (
    CONSENT,
    CURSOR,
    IDEMPOTENCY_KEY,
    IF_MATCH,
    LANGUAGE,
    PATIENT,
    SITE,
    idempotency_key_of,
    limit,
    version_of,
)
from dermfolio.gateway.visits import Visits

LIMIT = limit(200, 50)

_SEEING = (*READING, "invalid_request", "forbidden", "not_found")
_ADDING = (*CHANGING, *WITH_BODY, "forbidden", "not_found", "idempotency_key_reused")
_VERSION = {"ETag": "The version of the form."}


class ConsentApi:
    """Consent of patients, and the forms of sites."""

    def __init__(self, requests: Requests, visits: Visits) -> None:
        self._requests = requests
        self._visits = visits

    def operations(self) -> Sequence[Operation]:
        """What this part of the API offers."""
        return (*self._of_patients(), *self._of_sites())

    def _of_patients(self) -> Sequence[Operation]:
        recorded = {201: Success("The event, which never changes.", ConsentEventView)}
        return (
            Operation(
                "get_consent",
                "GET",
                "/patients/{patient}/consent",
                "Whether a patient's consent to photography is given, for what, until when, and what follows where it "
                "is missing.",
                self.get,
                {200: Success("The consent.", ConsentView)},
                _SEEING,
                takes=(PATIENT,),
            ),
            Operation(
                "list_consent_events",
                "GET",
                "/patients/{patient}/consent/events",
                "What happened to a patient's consent, newest first.",
                self.list,
                {200: Success("A page of events.", ConsentEventPage)},
                _SEEING,
                takes=(PATIENT, LIMIT, CURSOR),
            ),
            Operation(
                "get_consent_event",
                "GET",
                "/patients/{patient}/consent/events/{consent}",
                "One event with the words that were signed and the signature.",
                self.event,
                {200: Success("The event.", ConsentEventDetails)},
                _SEEING,
                takes=(PATIENT, CONSENT),
            ),
            Operation(
                "record_consent",
                "POST",
                "/patients/{patient}/consent/events",
                "Record consent: signed here on the form in force, or verified in another way. It takes the place of "
                "what was recorded before. For clinicians and site administrators.",
                self.record,
                recorded,
                (*_ADDING, "consent_form_changed"),
                takes=(PATIENT, IDEMPOTENCY_KEY),
                body=NewConsent,
            ),
            Operation(
                "revoke_consent",
                "POST",
                "/patients/{patient}/consent/revocation",
                "Record that the consent in force is taken back. Photographs that are there stay. For clinicians and "
                "site administrators.",
                self.revoke,
                recorded,
                (*_ADDING, "consent_not_given"),
                takes=(PATIENT, IDEMPOTENCY_KEY),
                body=Revocation,
            ),
            Operation(
                "list_patient_consent_forms",
                "GET",
                "/patients/{patient}/consent/forms",
                "The forms that are in force for a patient, one of each language.",
                self.patient_forms,
                {200: Success("The forms.", ConsentFormList)},
                _SEEING,
                takes=(PATIENT,),
            ),
        )

    def _of_sites(self) -> Sequence[Operation]:
        return (
            Operation(
                "get_consent_form",
                "GET",
                "/sites/{site}/consent-forms/{language}",
                "The consent form in force at a site. For its administrators and those of the installation.",
                self.form,
                {200: Success("The form.", ConsentFormView, headers=_VERSION)},
                _SEEING,
                takes=(SITE, LANGUAGE),
            ),
            Operation(
                "change_consent_form",
                "PUT",
                "/sites/{site}/consent-forms/{language}",
                "Put a new version of a form in force. What was signed before stays as it was signed. For "
                "administrators of the site and of the installation.",
                self.change_form,
                {200: Success("The form as it is now.", ConsentFormView, headers=_VERSION)},
                EDITING,
                takes=(SITE, LANGUAGE, IF_MATCH),
                body=ConsentFormText,
            ),
        )

    async def get(self, request: Request) -> Response:
        """Tell whether consent is given."""
        visit = await self._visits.admit(request)
        return passed_on(await self._requests.ask_raw(GetConsent(patient=PATIENT.of(request)), visit.call))

    async def list(self, request: Request) -> Response:
        """Show a page of what happened to it."""
        visit = await self._visits.admit(request)
        patient, most, cursor = PATIENT.of(request), LIMIT.of(request), CURSOR.of(request)
        asked = ListConsentEvents(patient=patient, limit=most, cursor=cursor)
        return passed_on(await self._requests.ask_raw(asked, visit.call))

    async def event(self, request: Request) -> Response:
        """Show what was signed."""
        visit = await self._visits.admit(request)
        asked = GetConsentEvent(patient=PATIENT.of(request), consent=CONSENT.of(request))
        return passed_on(await self._requests.ask_raw(asked, visit.call))

    async def record(self, request: Request) -> Response:
        """Record that consent was given."""
        visit = await self._visits.admit(request)
        patient, key = PATIENT.of(request), idempotency_key_of(request)
        consent = await read_body(request, NewConsent)
        asked = RecordConsent(patient=patient, consent=consent, idempotency_key=key)
        return passed_on(await self._requests.ask_raw(asked, visit.call))

    async def revoke(self, request: Request) -> Response:
        """Take it back."""
        visit = await self._visits.admit(request)
        patient, key = PATIENT.of(request), idempotency_key_of(request)
        revocation = await read_body(request, Revocation)
        asked = RevokeConsent(patient=patient, revocation=revocation, idempotency_key=key)
        return passed_on(await self._requests.ask_raw(asked, visit.call))

    async def patient_forms(self, request: Request) -> Response:
        """Show the forms that are in force for a patient."""
        visit = await self._visits.admit(request)
        return passed_on(await self._requests.ask_raw(ListPatientConsentForms(patient=PATIENT.of(request)), visit.call))

    async def form(self, request: Request) -> Response:
        """Show the form in force at a site."""
        visit = await self._visits.admit(request)
        asked = GetConsentForm(site=SITE.of(request), language=LANGUAGE.of(request))
        return passed_on(await self._requests.ask_raw(asked, visit.call))

    async def change_form(self, request: Request) -> Response:
        """Put a new version in force."""
        visit = await self._visits.admit(request)
        site, language, version = SITE.of(request), LANGUAGE.of(request), version_of(request)
        form = await read_body(request, ConsentFormText)
        asked = ChangeConsentForm(site=site, language=language, form=form, version=version)
        return passed_on(await self._requests.ask_raw(asked, visit.call))
