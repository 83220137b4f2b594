"""Which records of the audit trail each operation of the API and each message of the socket leaves (AUD-1).

The gateway is not made without an entry for each operation it offers.
"""

from collections.abc import Mapping, Sequence

from dermfolio.contracts.account import (
    ConfirmationRefused,
    DeviceForgotten,
    DeviceTrusted,
    RecoveryCodesRenewed,
    RecoveryCodeUsed,
    SecondFactorConfirmed,
    SecondFactorPrepared,
    SecondFactorRemoved,
)
from dermfolio.contracts.alerts import OpeningAcknowledged
from dermfolio.contracts.audit import HistoryListed, TrailExported, TrailExportEnded, TrailListed, TrailVerified
from dermfolio.contracts.comparisons import (
    ComparisonChanged,
    ComparisonCreated,
    ComparisonDeleted,
    ComparisonRestored,
    ComparisonsListed,
    ComparisonViewed,
)
from dermfolio.contracts.consent import ConsentFormChanged, ConsentRecorded, ConsentRevoked, ConsentViewed
from dermfolio.contracts.details import PatientChanged
from dermfolio.contracts.editing import ImageCaptioned, ImageDated, ImagePlaced
from dermfolio.contracts.entries import EntriesListed, EntryChanged, EntryCreated, EntryViewed
from dermfolio.contracts.entry_notes import NotesHistoryViewed, NotesSaved
from dermfolio.contracts.identity import PasswordChanged, SessionEnded, SessionOpened, SignInRefused
from dermfolio.contracts.images import (
    DuplicateRefused,
    ImageRegistered,
    ImageRetried,
    ImageViewed,
    OriginalDownloaded,
    PoolViewed,
    RenditionViewed,
)
from dermfolio.contracts.licence import LicenceInstalled, LicenceRefused, LicenceStateChanged
from dermfolio.contracts.merging import PatientMerged, PatientUnmerged
from dermfolio.contracts.moving import ImageMoveBegun
from dermfolio.contracts.oidc import UserProvisioned
from dermfolio.contracts.organisation import (
    PasswordLinkMade,
    RolesChanged,
    SiteChanged,
    SiteOpened,
    UserChanged,
    UserDisabled,
    UserEnabled,
    UserInvited,
)
from dermfolio.contracts.own import PreferencesChanged, TokenCreated, TokenRevoked
from dermfolio.contracts.patients import PatientCounted, PatientCreated, PatientsListed, PatientViewed, UniqueIdRefused
from dermfolio.contracts.records import Records, nothing
from dermfolio.contracts.rotation import ImageRotationWanted
from dermfolio.contracts.settings import SettingsChanged
from dermfolio.contracts.sharing import (
    OpeningEnded,
    OpeningsListed,
    PatientOpened,
    PatientShared,
    PatientSitesViewed,
    PatientUnshared,
)
from dermfolio.contracts.tags import (
    EntryTagged,
    EntryTagsViewed,
    ImageTagged,
    PatientTagged,
    PatientTagsViewed,
    TagCategoryChanged,
    TagCategoryCreated,
    TagChanged,
    TagCreated,
    TagsOrdered,
)
from dermfolio.contracts.workspaces import WorkspaceChanged, WorkspacesListed, WorkspaceViewed
from dermfolio.gateway.operations import Operation

_OWN = "Shows somebody their own account."
_ORGANISATION = "Shows how the clinic is organised, and nothing of patients."
_ANYBODY = "Shows what anybody may know before they sign in."
_PROVING = (ConfirmationRefused,)

OPERATIONS: Mapping[str, Records] = {
    "sign_in": Records((SessionOpened,), besides=(RecoveryCodeUsed, DeviceTrusted), refused=(SignInRefused,)),
    "sign_in_by_provider": nothing("Only sends a browser to the provider. What comes of it is recorded on its return."),
    "finish_sign_in_by_provider": Records(
        (SessionOpened,),
        besides=(UserProvisioned, RolesChanged),
        refused=(SignInRefused, "gateway.provider_sign_in_failed"),
    ),
    "get_session": nothing(_OWN),
    "sign_out": Records((SessionEnded,)),
    "change_password": Records((PasswordChanged,), besides=(SessionEnded, DeviceForgotten), refused=_PROVING),
    "choose_password_by_link": Records((PasswordChanged,), besides=(SessionEnded, DeviceForgotten)),
    "get_second_factor": nothing(_OWN),
    "prepare_second_factor": Records((SecondFactorPrepared,), refused=_PROVING),
    "confirm_second_factor": Records((SecondFactorConfirmed,), refused=_PROVING),
    "renew_recovery_codes": Records((RecoveryCodesRenewed,), besides=(RecoveryCodeUsed,), refused=_PROVING),
    "remove_second_factor": Records(
        (SecondFactorRemoved,), besides=(RecoveryCodeUsed, DeviceForgotten), refused=_PROVING
    ),
    "list_sessions": nothing(_OWN),
    "end_session": Records((SessionEnded,)),
    "end_all_sessions": Records((SessionEnded,), besides=(DeviceForgotten,)),
    "forget_device": Records((DeviceForgotten,)),
    "list_tokens": nothing(_OWN),
    "make_token": Records((TokenCreated,)),
    "revoke_token": Records((TokenRevoked,)),
    "list_history": Records((HistoryListed,)),
    "get_preferences": nothing(_OWN),
    "set_preferences": Records((PreferencesChanged,)),
    "get_sections": nothing(_OWN),
    "set_sections": Records((PreferencesChanged,)),
    "get_settings": nothing(_ORGANISATION),
    "change_settings": Records((SettingsChanged,)),
    "list_sites": nothing(_ORGANISATION),
    "list_site_names": nothing(_ORGANISATION),
    "create_site": Records((SiteOpened,)),
    "get_site": nothing(_ORGANISATION),
    "change_site": Records((SiteChanged,)),
    "list_users": nothing(_ORGANISATION),
    "search_users": nothing(_ORGANISATION),
    "invite_user": Records((UserInvited,), besides=(RolesChanged,)),
    "get_user": nothing(_ORGANISATION),
    "change_user": Records((UserChanged,)),
    "set_site_roles": Records((RolesChanged,)),
    "set_installation_roles": Records((RolesChanged,)),
    "disable_user": Records((UserDisabled,), besides=(SessionEnded,)),
    "enable_user": Records((UserEnabled,)),
    "reset_second_factor": Records((SecondFactorRemoved,), besides=(SessionEnded, DeviceForgotten)),
    "make_password_link": Records((PasswordLinkMade,)),
    "get_licence": nothing("Shows the state of the licence, and nothing of patients."),
    "install_licence": Records((LicenceInstalled,), besides=(LicenceStateChanged,), refused=(LicenceRefused,)),
    "get_installation": nothing(_ANYBODY),
    "list_people": nothing(_ORGANISATION),
    "get_person": nothing(_ORGANISATION),
    "create_patient": Records((PatientCreated,), refused=(UniqueIdRefused,)),
    "list_patients": Records((PatientsListed,)),
    "search_patients": Records((PatientsListed,)),
    "change_patient": Records((PatientChanged,), refused=(UniqueIdRefused,)),
    "get_patient": Records((PatientViewed,)),
    "preview_merge": Records((PatientViewed,)),
    "list_merged": Records(besides=(PatientViewed,)),
    "merge_patient": Records((PatientMerged, PatientCounted)),
    "unmerge_patient": Records((PatientUnmerged, PatientCounted)),
    "list_patient_sites": Records((PatientSitesViewed,)),
    "share_patient": Records((PatientShared,)),
    "unshare_patient": Records((PatientUnshared,)),
    "get_consent": Records((ConsentViewed,)),
    "list_consent_events": Records((ConsentViewed,)),
    "get_consent_event": Records((ConsentViewed,)),
    "record_consent": Records((ConsentRecorded,)),
    "revoke_consent": Records((ConsentRevoked,)),
    "list_patient_consent_forms": nothing("Shows the forms of the clinic, and nothing of the patient."),
    "get_consent_form": nothing(_ORGANISATION),
    "change_consent_form": Records((ConsentFormChanged,)),
    "open_patient": Records((PatientOpened,)),
    "list_openings": Records((OpeningsListed,)),
    "end_opening": Records((OpeningEnded,)),
    "list_emergency_alerts": Records((OpeningsListed,)),
    "count_emergency_alerts": nothing("Shows how many there are, and nothing of patients."),
    "acknowledge_emergency_alerts": Records((OpeningAcknowledged,)),
    "create_entry": Records((EntryCreated,)),
    "list_entries": Records((EntriesListed,)),
    "get_entry": Records((EntryViewed,)),
    "change_entry": Records((EntryChanged,)),
    "get_workspace": Records((WorkspaceViewed,)),
    "list_workspaces": Records((WorkspacesListed,)),
    "change_workspace": Records((WorkspaceChanged,)),
    "add_to_workspace": Records((WorkspaceChanged,)),
    "remove_from_workspace": Records((WorkspaceChanged,)),
    "create_comparison": Records((ComparisonCreated,)),
    "list_comparisons": Records((ComparisonsListed,)),
    "get_comparison": Records((ComparisonViewed,)),
    "change_comparison": Records((ComparisonChanged,)),
    "delete_comparison": Records((ComparisonDeleted,)),
    "restore_comparison": Records((ComparisonRestored,)),
    "get_notes": Records((EntryViewed,)),
    "save_notes": Records((NotesSaved,)),
    "list_notes_versions": Records((NotesHistoryViewed,)),
    "get_notes_version": Records((NotesHistoryViewed,)),
    "upload_image": Records(besides=(ImageRegistered, DuplicateRefused), refused=("gateway.upload_refused",)),
    "list_images": Records((PoolViewed,)),
    "get_image": Records((ImageViewed,)),
    "get_rendition": Records(besides=(RenditionViewed,)),
    "get_original": Records((OriginalDownloaded,)),
    "archive_images": Records((OriginalDownloaded,)),
    "retry_image": Records((ImageRetried, ImageViewed)),
    "caption_image": Records((ImageCaptioned,)),
    "date_image": Records((ImageDated,)),
    "place_image": Records((ImagePlaced,)),
    "date_images": Records((ImageDated,)),
    "tag_images": Records((ImageTagged,)),
    "rotate_image": Records((ImageRotationWanted,)),
    "preview_move": Records((PatientViewed,)),
    "move_image": Records((ImageMoveBegun,)),
    "list_tags": nothing(_ORGANISATION),
    "create_tag_category": Records((TagCategoryCreated,)),
    "change_tag_category": Records((TagCategoryChanged,)),
    "create_tag": Records((TagCreated,)),
    "change_tag": Records((TagChanged,)),
    "order_tags": Records((TagsOrdered,)),
    "list_patient_tags": Records((PatientTagsViewed,)),
    "tag_patient": Records((PatientTagged,)),
    "untag_patient": Records((PatientTagged,)),
    "list_entry_tags": Records((EntryTagsViewed,)),
    "tag_entry": Records((EntryTagged,)),
    "untag_entry": Records((EntryTagged,)),
    "tag_image": Records((ImageTagged,)),
    "untag_image": Records((ImageTagged,)),
    "list_trail": Records((TrailListed,)),
    "export_trail": Records((TrailExported, TrailExportEnded)),
    "verify_trail": Records((TrailVerified,)),
}
"""By operation id. Renditions of 320 px are covered by the record of the pool that listed them."""

_IDS_ONLY = "Tells ids and counts of what changes. Whoever wants to see it asks for it, and that is recorded."

SOCKET: Mapping[str, Records] = {
    "connect": nothing("Shows nothing yet; whoever may not is recorded."),
    "subscribe": nothing(_IDS_ONLY),
    "unsubscribe": nothing("Shows nothing."),
    "here": nothing("Tells ids of users who have the same patient open, to those who may see the patient."),
    "away": nothing("Shows nothing."),
    "ping": nothing("Shows nothing."),
}
"""By the type of the message on `/ws`; `connect` is the handshake."""

ELSEWHERE: Mapping[str, Records] = {
    "/api/v1/openapi.json": nothing("Describes the API to anybody."),
    "/": nothing("The user interface: the same files for everybody."),
}
"""By the beginning of addresses that belong to no operation."""


def check(operations: Sequence[Operation]) -> None:
    """Raise ValueError unless each operation that is offered says what it leaves, and nothing else does."""
    if differing := OPERATIONS.keys() ^ {operation.id for operation in operations}:
        raise ValueError(f"gateway/records.py says what operations leave, and differs in: {sorted(differing)}")
