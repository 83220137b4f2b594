"""Composition root of patients."""

from functools import partial

from dermfolio.common.follow import Follower
from dermfolio.common.host import Parts
from dermfolio.common.outbox import replay
from dermfolio.common.service import Chore, Service
from dermfolio.common.settings import key_bytes
from dermfolio.contracts import consent
from dermfolio.contracts.alerts import AcknowledgeAlerts, CountAlerts, ListAlerts
from dermfolio.contracts.details import ChangePatient
from dermfolio.contracts.entries import ChangeEntry, CreateEntry, GetEntry, ListEntries, MaySeeEntry
from dermfolio.contracts.entry_notes import GetNotes, GetNotesVersion, ListNotesVersions, SaveNotes
from dermfolio.contracts.merging import ListMerged, MergePatient, PreviewMerge, UnmergePatient
from dermfolio.contracts.moving import AdmitMove, PreviewMove
from dermfolio.contracts.patients import (
    AdmitImage,
    CreatePatient,
    GetDataKey,
    GetPatient,
    ListPatients,
    MayAdmit,
    PatientsAccessDenied,
    SearchPatients,
)
from dermfolio.contracts.recount import RecountPatients
from dermfolio.contracts.replay import ReplayPatients
from dermfolio.contracts.seeding import CountSeeded, SeedPatients
from dermfolio.contracts.sharing import (
    EndOpening,
    ListOpenings,
    ListPatientSites,
    MaySee,
    OpenPatient,
    SharePatient,
    UnsharePatient,
)
from dermfolio.patients.consent import EXPIRES_EVERY_SECONDS, expire_consents
from dermfolio.patients.consent_handlers import ConsentHandlers
from dermfolio.patients.data_keys import KeyFile
from dermfolio.patients.handlers import Handlers
from dermfolio.patients.inherit import FOLLOWED, follow_images
from dermfolio.patients.seed_handlers import SeedHandlers
from dermfolio.patients.settings import PatientsSettings
from dermfolio.patients.tag_handlers import TagHandlers
from dermfolio.patients.touch import COMPARING, follow_registration


def service(settings: PatientsSettings, parts: Parts) -> Service:
    """Say what patients is made of."""
    keys, tags = KeyFile(settings.installation_key_id, key_bytes(settings.installation_key)), TagHandlers(parts)
    h, of_consent = Handlers(parts, keys), ConsentHandlers(parts, keys)
    of_seeding = SeedHandlers(parts, keys, settings.profile)
    return Service(
        "patients",
        answers={
            CreatePatient: h.create,
            GetPatient: h.get,
            ListPatients: h.list,
            SearchPatients: h.search,
            ChangePatient: h.change,
            PreviewMerge: h.preview_merge,
            ListMerged: h.list_merged,
            MergePatient: h.merge,
            UnmergePatient: h.unmerge,
            MaySee: h.may_see,
            ListPatientSites: h.sites,
            SharePatient: h.share,
            UnsharePatient: h.unshare,
            OpenPatient: h.open,
            ListOpenings: h.list_openings,
            EndOpening: h.end_opening,
            ListAlerts: h.alerts,
            CountAlerts: h.count_alerts,
            AcknowledgeAlerts: h.acknowledge_alerts,
            consent.GetConsent: of_consent.get,
            consent.ListConsentEvents: of_consent.events,
            consent.GetConsentEvent: of_consent.event,
            consent.RecordConsent: of_consent.record,
            consent.RevokeConsent: of_consent.revoke,
            consent.ListPatientConsentForms: of_consent.patient_forms,
            consent.GetConsentForm: of_consent.form,
            consent.ChangeConsentForm: of_consent.change_form,
            **tags.answers(),
            CreateEntry: h.entries.create,
            GetEntry: h.entries.get,
            ListEntries: h.entries.list,
            ChangeEntry: h.entries.change,
            MaySeeEntry: h.entries.may_see,
            GetNotes: h.notes.get,
            SaveNotes: h.notes.save,
            ListNotesVersions: h.notes.history,
            GetNotesVersion: h.notes.version,
            MayAdmit: h.may_admit,
            AdmitImage: h.admit_image,
            PreviewMove: h.preview_move,
            AdmitMove: h.admit_move,
            GetDataKey: h.data_key,
            RecountPatients: h.recount,
            CountSeeded: of_seeding.count,
            SeedPatients: of_seeding.seed,
            ReplayPatients: replay(parts.db, ["audit"]),
        },
        followers=[
            Follower("patients-images", ("images",), follow_images, FOLLOWED),
            Follower("patients-registration", ("registration",), follow_registration, COMPARING),
        ],
        chores=[Chore("consent", EXPIRES_EVERY_SECONDS, partial(expire_consents, parts.db))],
        denied=PatientsAccessDenied,
    )
