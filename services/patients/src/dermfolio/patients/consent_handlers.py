"""One thin function per message about consent."""

from dermfolio.common.auth import Call
from dermfolio.common.bus import Answer
from dermfolio.common.host import Parts
from dermfolio.contracts import consent as messages
from dermfolio.contracts.views.consent import (
    ConsentEventDetails,
    ConsentEventPage,
    ConsentEventView,
    ConsentFormList,
    ConsentFormView,
    ConsentView,
)
from dermfolio.patients import consent, consent_forms
from dermfolio.patients.data_keys import KeyProvider


class ConsentHandlers:
    """What patients answers about consent."""

    def __init__(self, parts: Parts, keys: KeyProvider) -> None:
        self._parts = parts
        self._db = parts.db
        self._keys = keys

    async def get(self, request: messages.GetConsent, call: Call) -> ConsentView:
        """Tell whether consent is given."""
        return await consent.get_consent(self._db, self._parts.requests, self._parts.reads, call, request.patient)

    async def events(self, request: messages.ListConsentEvents, call: Call) -> ConsentEventPage:
        """Show a page of what happened to it."""
        return await consent.list_consent_events(self._db, self._parts.reads, self._parts.cursors, call, request)

    async def event(self, request: messages.GetConsentEvent, call: Call) -> ConsentEventDetails:
        """Show what was signed."""
        return await consent.get_consent_event(self._db, self._keys, self._parts.reads, call, request)

    async def record(self, request: messages.RecordConsent, call: Call) -> Answer[ConsentEventView]:
        """Record that consent was given."""
        return await consent.record_consent(self._db, self._keys, call, request)

    async def revoke(self, request: messages.RevokeConsent, call: Call) -> Answer[ConsentEventView]:
        """Take it back."""
        return await consent.revoke_consent(self._db, call, request)

    async def patient_forms(self, request: messages.ListPatientConsentForms, call: Call) -> ConsentFormList:
        """Show the forms that are in force for a patient."""
        return await consent_forms.patient_consent_forms(self._db, call, request.patient)

    async def form(self, request: messages.GetConsentForm, call: Call) -> Answer[ConsentFormView]:
        """Show the form in force at a site."""
        return await consent_forms.get_consent_form(self._db, self._parts.requests, call, request)

    async def change_form(self, request: messages.ChangeConsentForm, call: Call) -> Answer[ConsentFormView]:
        """Put a new version in force."""
        return await consent_forms.change_consent_form(self._db, self._parts.requests, call, request)
