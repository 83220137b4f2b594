"""What patients answers and says of consent to photography (CON-1 to CON-7)."""

from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from dermfolio.contracts.messages import Action, Event, Request
from dermfolio.contracts.views.consent import (
    ConsentEventDetails,
    ConsentEventPage,
    ConsentEventView,
    ConsentFormList,
    ConsentFormText,
    ConsentFormView,
    ConsentKind,
    ConsentView,
    NewConsent,
    Purpose,
    Revocation,
)
from dermfolio.contracts.views.organisation import Language
from dermfolio.contracts.views.settings import ConsentEnforcement


class ConsentRule(BaseModel):
    """What a missing consent means at a site."""

    enforcement: ConsentEnforcement


class GetConsentRule(Request[ConsentRule]):
    """How consent is enforced at a site now; answers only patients, which decides."""

    subject = "rpc.identity.consent_rule"
    site: UUID


class GetConsent(Request[ConsentView]):
    """Whether a patient's consent is given; recorded as a read."""

    subject = "rpc.patients.consent"
    patient: UUID


class ListConsentEvents(Request[ConsentEventPage]):
    """A page of the events of a patient's consent, newest first; recorded as a read."""

    subject = "rpc.patients.consent_events"
    patient: UUID
    limit: int = Field(50, ge=1, le=200)
    cursor: str | None = None


class GetConsentEvent(Request[ConsentEventDetails]):
    """One of them with what was signed; recorded as a read."""

    subject = "rpc.patients.consent_event"
    patient: UUID
    consent: UUID


class RecordConsent(Request[ConsentEventView]):
    """Record that consent was given."""

    subject = "rpc.patients.record_consent"
    patient: UUID
    consent: NewConsent
    idempotency_key: str = Field(max_length=200)


class RevokeConsent(Request[ConsentEventView]):
    """Record that the consent in force is taken back."""

    subject = "rpc.patients.revoke_consent"
    patient: UUID
    revocation: Revocation
    idempotency_key: str = Field(max_length=200)


class ListPatientConsentForms(Request[ConsentFormList]):
    """The forms that are in force for a patient, in every language."""

    subject = "rpc.patients.patient_consent_forms"
    patient: UUID


class GetConsentForm(Request[ConsentFormView]):
    """The form in force at a site, for those who manage it."""

    subject = "rpc.patients.consent_form"
    site: UUID
    language: Language


class ChangeConsentForm(Request[ConsentFormView]):
    """Put a new version in force in the place of this one."""

    subject = "rpc.patients.change_consent_form"
    repeatable = False
    site: UUID
    language: Language
    form: ConsentFormText
    version: int


class AboutConsent(Event):
    """The latest event of a patient's consent is this one; `version` counts them."""

    action: ClassVar[Action] = "C"
    about: ClassVar[str] = "consent"
    consent: UUID
    kind: ConsentKind
    purposes: list[Purpose]
    version: int


class ConsentRecorded(AboutConsent):
    """Consent was given, for these purposes."""

    subject = "evt.patients.consent_recorded"


class ConsentRevoked(AboutConsent):
    """The consent that was in force is taken back."""

    subject = "evt.patients.consent_revoked"


class ConsentExpired(AboutConsent):
    """The consent that was in force has run out."""

    subject = "evt.patients.consent_expired"


class ConsentViewed(Event):
    """Somebody was shown a patient's consent: these events, or whether it is given."""

    subject = "evt.patients.consent_viewed"
    action: ClassVar[Action] = "R"
    about: ClassVar[str] = "patient"
    consents: list[UUID]


class ConsentFormChanged(Event):
    """A new version of a form is in force at a site."""

    subject = "evt.patients.consent_form_changed"
    action: ClassVar[Action] = "U"
    about: ClassVar[str] = "site"
    language: Literal["en", "fr"]
    version: int


ASKED: tuple[type[Request[Any]], ...] = (
    GetConsent,
    ListConsentEvents,
    GetConsentEvent,
    RecordConsent,
    RevokeConsent,
    ListPatientConsentForms,
    GetConsentForm,
    ChangeConsentForm,
)
"""What patients answers of this to users."""

SAID = (ConsentRecorded, ConsentRevoked, ConsentExpired, ConsentViewed, ConsentFormChanged)
"""What patients says of this."""
