"""What patients answers and says of who gets to a patient beside the home site's people (ORG-1, ORG-8)."""

from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from dermfolio.contracts.messages import Action, Event, Instant, Nothing, Request
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.views.sharing import NewOpening, OpeningPage, OpeningView, PatientSites


class Member(BaseModel):
    """A record of a patient, and its home site."""

    patient: UUID
    site: UUID


class Sight(BaseModel):
    """By what right the actor sees a patient."""

    site: UUID
    """The home site, where everything of the patient belongs."""

    shared: list[UUID] = []
    """Other sites whose people see the patient too."""

    opening: UUID | None = None
    """The emergency access without which the actor would not see the patient."""

    until: Instant | None = None
    """When that ends."""

    members: list[Member] = []
    """Every record of the patient, the survivor first: one, unless others are merged into it."""


class MaySee(Request[Sight]):
    """May the actor do this with the patient? Asked before what belongs to the patient is shown or changed; shows
    nothing itself, so it is not recorded.
    """

    subject = "rpc.patients.may_see"
    patient: UUID
    needs: Permission = Permission.PATIENT_READ


class ListPatientSites(Request[PatientSites]):
    """The sites whose people see a patient."""

    subject = "rpc.patients.sites"
    patient: UUID


class SharePatient(Request[PatientSites]):
    """Let the people of another site see and work on a patient as their roles there allow."""

    subject = "rpc.patients.share"
    patient: UUID
    site: UUID


class UnsharePatient(Request[PatientSites]):
    """Take that back."""

    subject = "rpc.patients.unshare"
    patient: UUID
    site: UUID


class OpenPatient(Request[OpeningView]):
    """Emergency access to a patient of another site, for a while (ORG-8)."""

    subject = "rpc.patients.open"
    opening: NewOpening
    idempotency_key: str = Field(max_length=200)


class ListOpenings(Request[OpeningPage]):
    """The actor's own emergency accesses, newest first."""

    subject = "rpc.patients.openings"
    limit: int = Field(50, ge=1, le=200)
    cursor: str | None = None


class EndOpening(Request[Nothing]):
    """End an emergency access before its time."""

    subject = "rpc.patients.end_opening"
    opening: UUID


class _AboutSharing(Event):
    """Who sees a patient has changed; `site` is the home site."""

    action: ClassVar[Action] = "U"
    about: ClassVar[str] = "patient"
    with_site: UUID


class PatientShared(_AboutSharing):
    """The people of another site see a patient."""

    subject = "evt.patients.shared"


class PatientUnshared(_AboutSharing):
    """The people of another site see a patient no longer."""

    subject = "evt.patients.unshared"


class PatientSitesViewed(Event):
    """Somebody was shown which sites' people see a patient."""

    subject = "evt.patients.sites_viewed"
    action: ClassVar[Action] = "R"
    about: ClassVar[str] = "patient"


class AboutOpening(Event):
    """Something happened to an emergency access; `site` is the patient's home site."""

    about: ClassVar[str] = "opening"
    opening: UUID
    user: UUID


class PatientOpened(AboutOpening):
    """Somebody took emergency access to a patient of another site."""

    subject = "evt.patients.opened"
    action: ClassVar[Action] = "E"


class OpeningEnded(AboutOpening):
    """An emergency access was ended before its time."""

    subject = "evt.patients.opening_ended"
    action: ClassVar[Action] = "U"


class OpeningsListed(Event):
    """Somebody was shown a page of emergency accesses."""

    subject = "evt.patients.openings_listed"
    action: ClassVar[Action] = "R"
    about: ClassVar[str] = "request"
    request: Literal["rpc.patients.openings", "rpc.patients.alerts"]
    openings: list[UUID]


ASKED: tuple[type[Request[Any]], ...] = (
    ListPatientSites,
    SharePatient,
    UnsharePatient,
    OpenPatient,
    ListOpenings,
    EndOpening,
)
"""What patients answers of this to users."""

SAID = (PatientShared, PatientUnshared, PatientSitesViewed, PatientOpened, OpeningEnded, OpeningsListed)
"""What patients says of this."""
