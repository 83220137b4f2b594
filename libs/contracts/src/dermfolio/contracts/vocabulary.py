"""The vocabulary of the audit trail (AUD-1): what each event means to readers of FHIR AuditEvent and IHE BALP, and
whether the level `essential` leaves it out (AUD-2). An event that is not here fails the build.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from dermfolio.contracts import (
    account,
    alerts,
    audit,
    codings,
    comparisons,
    consent,
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
    reconciling,
    rotation,
    seeding,
    settings,
    tags,
    workspaces,
)
from dermfolio.contracts import sharing as shared
from dermfolio.contracts.audit import GatewayEvent
from dermfolio.contracts.codings import Entity, Pattern
from dermfolio.contracts.messages import Action, Event


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an event means."""

    pattern: Pattern
    routine: bool = False
    """A read that changes nothing: left out by the level `essential`, but not where somebody sees a patient by
    emergency access, or a patient who is shared with another site.
    """


@dataclass(frozen=True, slots=True)
class Refusal(Meaning):
    """What the gateway refuses on its own, of a session or of an image that is uploaded."""

    action: Action = "E"
    about: Literal["session", "image"] = "session"


def _all(pattern: Pattern, *events: type[Event]) -> dict[type[Event], Meaning]:
    return dict.fromkeys(events, Meaning(pattern))


def _routine(pattern: Pattern, *events: type[Event]) -> dict[type[Event], Meaning]:
    return dict.fromkeys(events, Meaning(pattern, routine=True))


VOCABULARY: Mapping[type[Event], Meaning] = {
    **_all(codings.LOGIN, identity.SessionOpened, identity.SignInRefused),
    **_all(codings.LOGOUT, identity.SessionEnded),
    **_all(codings.PROOF, account.ConfirmationRefused),
    **_all(
        codings.USER_SECURITY,
        identity.PasswordChanged,
        account.SecondFactorPrepared,
        account.SecondFactorConfirmed,
        account.SecondFactorRemoved,
        account.RecoveryCodesRenewed,
        account.RecoveryCodeUsed,
        account.DeviceTrusted,
        account.DeviceForgotten,
        own.TokenCreated,
        own.TokenRevoked,
        organisation.UserDisabled,
        organisation.UserEnabled,
        organisation.PasswordLinkMade,
    ),
    **_all(codings.ROLES, organisation.RolesChanged),
    **_all(codings.SECURITY_CONFIGURATION, settings.SettingsChanged),
    **_all(
        codings.CREATE,
        organisation.SiteOpened,
        organisation.UserInvited,
        oidc.UserProvisioned,
        patients.PatientCreated,
        patients.UniqueIdRefused,
        entries.EntryCreated,
        comparisons.ComparisonCreated,
        images.ImageRegistered,
        images.DuplicateRefused,
        tags.TagCategoryCreated,
        tags.TagCreated,
        *seeding.SAID,
    ),
    **_all(
        codings.UPDATE,
        organisation.SiteChanged,
        organisation.UserChanged,
        own.PreferencesChanged,
        patients.PatientCounted,
        details.PatientChanged,
        *merging.SAID,
        entries.EntryChanged,
        entry_notes.NotesSaved,
        images.ImageIngested,
        images.ImageRejected,
        images.ImageFailed,
        images.ImageRetried,
        *moving.SAID,
        *editing.SAID,
        *rotation.SAID,
        tags.TagCategoryChanged,
        tags.TagChanged,
        tags.TagsOrdered,
        tags.PatientTagged,
        tags.EntryTagged,
        tags.ImageTagged,
        workspaces.WorkspaceChanged,
        comparisons.ComparisonChanged,
        comparisons.ComparisonRestored,
        comparisons.ComparisonGivenUp,
    ),
    **_all(codings.CREATE, consent.ConsentRecorded, consent.ConsentRevoked, consent.ConsentExpired),
    **_all(codings.UPDATE, consent.ConsentFormChanged),
    **_all(codings.DELETE, images.ObjectSwept, comparisons.ComparisonDeleted),
    **_all(codings.SHARING, shared.PatientShared, shared.PatientUnshared),
    **_all(codings.EMERGENCY_BEGINS, shared.PatientOpened),
    **_all(codings.EMERGENCY_ENDS, shared.OpeningEnded),
    **_all(codings.UPDATE, alerts.OpeningAcknowledged),
    **_all(codings.UPDATE, licence.LicenceInstalled, licence.LicenceStateChanged),
    **_all(codings.SEARCH, shared.OpeningsListed),
    **_all(codings.EXPORT, images.OriginalDownloaded, audit.TrailExported, audit.TrailExportEnded),
    **_routine(
        codings.SEARCH,
        patients.PatientsListed,
        entries.EntriesListed,
        images.PoolViewed,
        workspaces.WorkspacesListed,
        comparisons.ComparisonsListed,
    ),
    **_routine(
        codings.READ,
        patients.PatientViewed,
        shared.PatientSitesViewed,
        consent.ConsentViewed,
        tags.PatientTagsViewed,
        tags.EntryTagsViewed,
        entries.EntryViewed,
        workspaces.WorkspaceViewed,
        comparisons.ComparisonViewed,
        entry_notes.NotesHistoryViewed,
        images.ImageViewed,
        images.RenditionViewed,
    ),
    **_all(codings.TRAIL_READ, audit.TrailListed, audit.HistoryListed),
    **_all(codings.TRAIL_VERIFIED, audit.TrailVerified),
    **_all(codings.OBJECTS_LOST, *reconciling.SAID),
    **_all(codings.RECORDS_MISSED, audit.FactsMissed),
    **_all(
        codings.RESTRICTED,
        licence.LicenceRefused,
        identity.IdentityAccessDenied,
        patients.PatientsAccessDenied,
        images.ImagesAccessDenied,
        comparisons.RegistrationAccessDenied,
        audit.AuditAccessDenied,
    ),
}
"""By event. What audit and the gateway refuse, and what audit does itself, never is routine."""

OF_GATEWAY: Mapping[GatewayEvent, Refusal] = {
    "gateway.csrf_failed": Refusal(codings.RESTRICTED),
    "gateway.password_change_required": Refusal(codings.RESTRICTED),
    "gateway.second_factor_setup_required": Refusal(codings.RESTRICTED),
    "gateway.rate_limited": Refusal(codings.RESTRICTED),
    "gateway.session_refused": Refusal(codings.PROOF),
    "gateway.provider_sign_in_failed": Refusal(codings.LOGIN),
    "gateway.upload_refused": Refusal(codings.CREATE, action="C", about="image"),
}
"""By name."""

_PROTECTED = Entity(codings.SYSTEM_OBJECT, codings.SECURITY_RESOURCE_ROLE)

ENTITIES: Mapping[str, Entity] = {
    "patient": Entity(codings.PERSON, codings.PATIENT_ROLE),
    "image": Entity(codings.SYSTEM_OBJECT, codings.DOMAIN_RESOURCE_ROLE),
    "entry": Entity(codings.SYSTEM_OBJECT, codings.DOMAIN_RESOURCE_ROLE),
    "comparison": Entity(codings.SYSTEM_OBJECT, codings.DOMAIN_RESOURCE_ROLE),
    "user": Entity(codings.PERSON, codings.SECURITY_USER_ROLE),
    "site": Entity(codings.ORGANIZATION, codings.LOCATION_ROLE),
    "session": _PROTECTED,
    "device": _PROTECTED,
    "token": _PROTECTED,
    "settings": _PROTECTED,
    "licence": _PROTECTED,
    "opening": _PROTECTED,
    "consent": Entity(codings.SYSTEM_OBJECT, codings.DOMAIN_RESOURCE_ROLE),
    "category": Entity(codings.SYSTEM_OBJECT, codings.MASTER_FILE_ROLE),
    "tag": Entity(codings.SYSTEM_OBJECT, codings.MASTER_FILE_ROLE),
    "tag_list": Entity(codings.SYSTEM_OBJECT, codings.MASTER_FILE_ROLE),
    "request": Entity(codings.SYSTEM_OBJECT, codings.QUERY_ROLE),
    "seeding": Entity(codings.SYSTEM_OBJECT, codings.DOMAIN_RESOURCE_ROLE),
    "export": Entity(codings.SYSTEM_OBJECT, codings.REPORT_ROLE),
    "producer": Entity(codings.SYSTEM_OBJECT, codings.REPOSITORY_ROLE),
}
"""By the kind of object that the record carries."""
