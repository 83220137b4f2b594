"""Who answers, does, says, asks and hears what. NATS permissions and AsyncAPI are made from this table;
a test compares it with what runs.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from dermfolio.contracts import (
    account,
    alerts,
    audit,
    comparisons,
    consent,
    dating,
    details,
    editing,
    entries,
    entry_notes,
    identity,
    images,
    licence,
    merging,
    moving,
    oidc,
    organisation,
    own,
    patients,
    presence,
    reconciling,
    recount,
    rotation,
    seeding,
    settings,
    sharing,
    tags,
    workspaces,
)
from dermfolio.contracts.live import FACTS_NUMBERED, OUTBOX_FILLED
from dermfolio.contracts.messages import Event, Job, Live, Message, Request
from dermfolio.contracts.replay import REPLAYS, ReplayIdentity, ReplayImages, ReplayPatients, ReplayRegistration
from dermfolio.contracts.streams import IMAGES_INGEST, IMAGES_MOVE, IMAGES_ROTATE, DurableConsumer


@dataclass(frozen=True)
class Part:
    """One service's part in the conversation."""

    answers: tuple[type[Request], ...] = ()  # type: ignore[type-arg]
    asks: tuple[type[Request], ...] = ()  # type: ignore[type-arg]
    says: tuple[type[Event], ...] = ()
    sends: tuple[type[Job], ...] = ()
    does: tuple[DurableConsumer, ...] = ()
    follows: tuple[str, ...] = ()
    """Producers whose outboxes it follows: hears their `evt`, asks their `replay`."""
    records_reads: bool = False
    """Records reads as the level of the audit trail says, and so hears that settings changed."""

    hints: tuple[type[Live], ...] = ()
    """What its replicas tell each other."""

    watches_events: bool = False
    """Reads the whole EVENTS stream (the gateway only)."""


CATALOG: dict[str, Part] = {
    "identity": Part(
        answers=(
            identity.SignIn,
            identity.GetSession,
            identity.SignOut,
            identity.ChangePassword,
            identity.GetInstallation,
            identity.GetPerson,
            identity.ListPeople,
            *organisation.ASKED,
            *own.ASKED,
            *settings.ASKED,
            consent.GetConsentRule,
            dating.GetDatingRule,
            *licence.ASKED,
            *oidc.ASKED,
            *account.ASKED,
            ReplayIdentity,
        ),
        says=(
            identity.SessionOpened,
            identity.SignInRefused,
            identity.SessionEnded,
            identity.PasswordChanged,
            *account.SAID,
            identity.IdentityAccessDenied,
            *organisation.SAID,
            *own.SAID,
            *settings.SAID,
            *licence.SAID,
            *oidc.SAID,
        ),
    ),
    "patients": Part(
        answers=(
            patients.CreatePatient,
            patients.GetPatient,
            patients.ListPatients,
            patients.SearchPatients,
            patients.MayAdmit,
            patients.AdmitImage,
            moving.PreviewMove,
            moving.AdmitMove,
            patients.GetDataKey,
            sharing.MaySee,
            *sharing.ASKED,
            *details.ASKED,
            *merging.ASKED,
            *alerts.ASKED,
            *consent.ASKED,
            *tags.ASKED,
            tags.MayTag,
            entries.MaySeeEntry,
            *entries.ASKED,
            *entry_notes.ASKED,
            *recount.OF_PATIENTS,
            *seeding.ASKED,
            ReplayPatients,
        ),
        asks=(
            settings.GetSettings,
            organisation.ListSiteNames,
            licence.GetLicence,
            consent.GetConsentRule,
            *recount.OF_IMAGES,
        ),
        says=(
            patients.PatientCreated,
            patients.PatientCounted,
            patients.UniqueIdRefused,
            patients.PatientViewed,
            patients.PatientsListed,
            *sharing.SAID,
            *details.SAID,
            *merging.SAID,
            *alerts.SAID,
            *consent.SAID,
            *tags.SAID,
            *entries.SAID,
            *entry_notes.SAID,
            *seeding.SAID,
            patients.PatientsAccessDenied,
        ),
        follows=("images", "registration"),
        records_reads=True,
    ),
    "images": Part(
        answers=(
            images.RegisterImage,
            images.CheckUpload,
            images.GetImage,
            images.ListPool,
            images.RetryIngest,
            moving.MoveImage,
            images.LocateRendition,
            images.LocateOriginal,
            *tags.OF_IMAGES,
            *recount.OF_IMAGES,
            *workspaces.ASKED,
            *editing.ASKED,
            *rotation.ASKED,
            *reconciling.ASKED,
            comparisons.HoldForComparison,
            ReplayImages,
        ),
        asks=(
            settings.GetSettings,
            dating.GetDatingRule,
            sharing.MaySee,
            patients.AdmitImage,
            moving.AdmitMove,
            patients.GetDataKey,
            tags.MayTag,
            entries.MaySeeEntry,
        ),
        says=(
            images.ImageRegistered,
            images.ImageIngested,
            images.ImageRejected,
            images.ImageFailed,
            images.ImageRetried,
            images.DuplicateRefused,
            images.ObjectSwept,
            *reconciling.SAID,
            images.PoolViewed,
            images.ImageViewed,
            images.RenditionViewed,
            images.OriginalDownloaded,
            tags.ImageTagged,
            *moving.SAID,
            *workspaces.SAID,
            *editing.SAID,
            *rotation.SAID,
            images.ImagesAccessDenied,
        ),
        sends=(images.IngestImage, moving.CarryImage, rotation.TurnImage),
        does=(IMAGES_INGEST, IMAGES_MOVE, IMAGES_ROTATE),
        follows=("registration",),
        records_reads=True,
    ),
    "registration": Part(
        answers=(*comparisons.ASKED, ReplayRegistration),
        asks=(settings.GetSettings, entries.MaySeeEntry, comparisons.HoldForComparison),
        says=(*comparisons.SAID, comparisons.RegistrationAccessDenied),
        records_reads=True,
    ),
    "audit": Part(
        answers=(audit.AppendRecord, audit.ListTrail, *audit.EXPORTING, audit.ListHistory, audit.VerifyTrail),
        follows=("identity", "patients", "images", "registration"),
    ),
    "gateway": Part(
        asks=(
            identity.SignIn,
            identity.GetSession,
            identity.SignOut,
            identity.ChangePassword,
            identity.GetInstallation,
            identity.GetPerson,
            identity.ListPeople,
            *organisation.ASKED,
            *own.ASKED,
            *settings.ASKED,
            *licence.ASKED,
            *oidc.ASKED,
            *account.ASKED,
            patients.CreatePatient,
            patients.GetPatient,
            patients.ListPatients,
            patients.SearchPatients,
            patients.MayAdmit,
            patients.GetDataKey,
            sharing.MaySee,
            *sharing.ASKED,
            *details.ASKED,
            *merging.ASKED,
            moving.PreviewMove,
            *alerts.ASKED,
            *consent.ASKED,
            *tags.ASKED,
            *entries.ASKED,
            entries.MaySeeEntry,
            *entry_notes.ASKED,
            images.RegisterImage,
            images.CheckUpload,
            images.GetImage,
            images.ListPool,
            images.RetryIngest,
            moving.MoveImage,
            images.LocateRendition,
            images.LocateOriginal,
            *tags.OF_IMAGES,
            *workspaces.ASKED,
            *editing.ASKED,
            *rotation.ASKED,
            *comparisons.ASKED,
            audit.AppendRecord,
            audit.ListTrail,
            *audit.EXPORTING,
            audit.ListHistory,
            audit.VerifyTrail,
        ),
        hints=(presence.PeoplePresent,),
        watches_events=True,
    ),
    "ops": Part(asks=(audit.VerifyTrail, licence.GetLicence, *recount.OF_PATIENTS, *reconciling.ASKED, *seeding.ASKED)),
}


def every_message() -> dict[str, type[Message]]:
    """Every message class of the catalogue, by subject."""
    found: dict[str, type[Message]] = {}
    for part in CATALOG.values():
        groups: tuple[Iterable[type[Message]], ...] = (part.answers, part.says, part.sends, LIVE)
        for group in groups:
            found.update({m.subject: m for m in group})
    return found


EVENTS_BY_SUBJECT: dict[str, type[Event]] = {e.subject: e for part in CATALOG.values() for e in part.says}

LIVE: tuple[type[Live], ...] = (
    *OUTBOX_FILLED.values(),
    *FACTS_NUMBERED.values(),
    *(hint for part in CATALOG.values() for hint in part.hints),
)

REPLAY_OF = REPLAYS
