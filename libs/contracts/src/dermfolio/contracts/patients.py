"""What patients answers and says."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from dermfolio.contracts.messages import AccessDenied, Action, Event, Request
from dermfolio.contracts.views.patient_search import FoundPatients, PatientSearch
from dermfolio.contracts.views.patients import NewPatient, PatientPage, PatientView


class CreatePatient(Request[PatientView]):
    """Create a patient (PAT-1, PAT-2)."""

    subject = "rpc.patients.create"
    patient: NewPatient
    idempotency_key: str | None = Field(None, max_length=200)


class GetPatient(Request[PatientView]):
    """One patient; recorded as a read."""

    subject = "rpc.patients.get"
    patient: UUID


class ListPatients(Request[PatientPage]):
    """A page of the patients the actor may see, last modified first."""

    subject = "rpc.patients.list"
    limit: int = Field(50, ge=1, le=100)
    cursor: str | None = None


class SearchPatients(Request[FoundPatients]):
    """A page of those of them who are wanted, in the order wanted (PAT-4)."""

    subject = "rpc.patients.search"
    search: PatientSearch


class Admission(BaseModel):
    """The patient's site, where an image of the patient belongs."""

    site: UUID
    aliases: list[UUID] = []
    """Records that are merged into the patient: their pools are this one's too."""


class MayAdmit(Request[Admission]):
    """Would an upload for this patient be admitted now? Asked before a byte is read; decides nothing."""

    subject = "rpc.patients.may_admit"
    patient: UUID


class AdmitImage(Request[Admission]):
    """THE decision: lock the patient, check, record the admission of this image. Repeating it gives the same answer."""

    subject = "rpc.patients.admit_image"
    patient: UUID
    image: UUID


class DataKey(BaseModel):
    """A patient's data key, unwrapped: base64url of 32 bytes. Cached at most 60 s, never stored, never logged."""

    key: str = Field(repr=False)


class GetDataKey(Request[DataKey]):
    """The key that seals a patient's objects; answers only services that handle bytes."""

    subject = "rpc.patients.data_key"
    patient: UUID


class PatientCreated(Event):
    """A patient record exists."""

    subject = "evt.patients.created"
    action: ClassVar[Action] = "C"
    about: ClassVar[str] = "patient"


class PatientCounted(Event):
    """The computed counts of a patient changed; `version` counts these changes."""

    subject = "evt.patients.counted"
    action: ClassVar[Action] = "U"
    about: ClassVar[str] = "patient"
    image_count: int
    version: int


class UniqueIdRefused(Event):
    """A unique ID was refused because a patient holds it whom the actor may not see (PAT-1)."""

    subject = "evt.patients.unique_id_refused"
    action: ClassVar[Action] = "C"
    about: ClassVar[str] = "patient"


class PatientViewed(Event):
    """Somebody opened a patient record."""

    subject = "evt.patients.viewed"
    action: ClassVar[Action] = "R"
    about: ClassVar[str] = "patient"


class PatientsListed(Event):
    """Somebody was shown a page of the Patient Database."""

    subject = "evt.patients.listed"
    action: ClassVar[Action] = "R"
    about: ClassVar[str] = "request"
    request: Literal["rpc.patients.list", "rpc.patients.search"] = "rpc.patients.list"
    patients: list[UUID]


class PatientsAccessDenied(AccessDenied):
    """patients refused what its actor may not do or see."""

    subject = "evt.patients.denied"
