"""One thin function per message."""

import base64

from dermfolio.common.auth import Call
from dermfolio.common.bus import Answer
from dermfolio.common.errors import Refused
from dermfolio.common.host import Parts
from dermfolio.contracts.alerts import AcknowledgeAlerts, CountAlerts, ListAlerts
from dermfolio.contracts.details import ChangePatient
from dermfolio.contracts.merging import ListMerged, MergePatient, PreviewMerge, UnmergePatient
from dermfolio.contracts.messages import Nothing
from dermfolio.contracts.moving import AdmitMove, MoveAdmission, PreviewMove
from dermfolio.contracts.patients import (
    Admission,
    AdmitImage,
    CreatePatient,
    DataKey,
    GetDataKey,
    GetPatient,
    ListPatients,
    MayAdmit,
    SearchPatients,
)
from dermfolio.contracts.recount import Recounted, RecountPatients
from dermfolio.contracts.sharing import (
    EndOpening,
    ListOpenings,
    ListPatientSites,
    MaySee,
    OpenPatient,
    SharePatient,
    Sight,
    UnsharePatient,
)
from dermfolio.contracts.views.alerts import EmergencyAlertCount, EmergencyAlertPage
from dermfolio.contracts.views.merging import MergedRecords, MergePreview
from dermfolio.contracts.views.moving import MoveTarget
from dermfolio.contracts.views.patient_search import FoundPatients
from dermfolio.contracts.views.patients import PatientPage, PatientView
from dermfolio.contracts.views.sharing import OpeningPage, OpeningView, PatientSites
from dermfolio.patients import admit, alerts, merge, openings, read, repository, search, sharing
from dermfolio.patients.change import change_patient
from dermfolio.patients.create import create_patient
from dermfolio.patients.data_keys import KeyProvider
from dermfolio.patients.entry_handlers import EntryHandlers
from dermfolio.patients.entry_notes_handlers import EntryNotesHandlers
from dermfolio.patients.merge_preview import preview_merge
from dermfolio.patients.moving import admit_move, preview_move
from dermfolio.patients.recount import recount

HANDLE_BYTES = ("gateway", "images")
"""The services that seal and open objects, and so may have data keys."""


class Handlers:
    """What patients answers."""

    def __init__(self, parts: Parts, keys: KeyProvider) -> None:
        self._db = parts.db
        self._requests = parts.requests
        self._reads = parts.reads
        self._cursors = parts.cursors
        self._keys = keys
        self.entries = EntryHandlers(parts)
        self.notes = EntryNotesHandlers(parts)

    async def create(self, request: CreatePatient, call: Call) -> Answer[PatientView]:
        """Create a patient."""
        return await create_patient(self._db, self._keys, call, request)

    async def get(self, request: GetPatient, call: Call) -> Answer[PatientView]:
        """Show a patient."""
        return await read.get_patient(self._db, self._reads, call, request.patient)

    async def list(self, request: ListPatients, call: Call) -> Answer[PatientPage]:
        """Show a page of patients."""
        return await read.list_patients(self._db, self._reads, self._cursors, call, request)

    async def search(self, request: SearchPatients, call: Call) -> Answer[FoundPatients]:
        """Show a page of the patients wanted."""
        return await search.search_patients(self._db, self._reads, self._cursors, call, request)

    async def change(self, request: ChangePatient, call: Call) -> Answer[PatientView]:
        """Change a patient's details."""
        return await change_patient(self._db, call, request)

    async def preview_merge(self, request: PreviewMerge, call: Call) -> Answer[MergePreview]:
        """Show what a merge would show together."""
        return await preview_merge(self._db, self._reads, call, request)

    async def list_merged(self, request: ListMerged, call: Call) -> MergedRecords:
        """Show the records merged into a patient."""
        return await merge.list_merged(self._db, self._reads, call, request)

    async def merge(self, request: MergePatient, call: Call) -> MergedRecords:
        """Merge a record into a patient."""
        return await merge.merge_patient(self._db, call, request)

    async def unmerge(self, request: UnmergePatient, call: Call) -> MergedRecords:
        """Take a merge back."""
        return await merge.unmerge_patient(self._db, call, request)

    async def recount(self, request: RecountPatients, call: Call) -> Recounted:
        """Count patients anew."""
        return await recount(self._db, self._requests, call, request)

    async def may_see(self, request: MaySee, call: Call) -> Sight:
        """Tell by what right the caller does something with a patient."""
        return await read.may_see(self._db, call, request)

    async def sites(self, request: ListPatientSites, call: Call) -> PatientSites:
        """Show the sites whose people see a patient."""
        return await sharing.patient_sites(self._db, self._reads, call, request)

    async def share(self, request: SharePatient, call: Call) -> PatientSites:
        """Share a patient."""
        return await sharing.share_patient(self._db, self._requests, call, request)

    async def unshare(self, request: UnsharePatient, call: Call) -> PatientSites:
        """Share a patient no longer."""
        return await sharing.unshare_patient(self._db, call, request)

    async def open(self, request: OpenPatient, call: Call) -> Answer[OpeningView]:
        """Open a patient in an emergency."""
        return await openings.open_patient(self._db, self._requests, call, request)

    async def list_openings(self, request: ListOpenings, call: Call) -> OpeningPage:
        """Show a page of emergency accesses."""
        return await openings.list_openings(self._db, self._reads, self._cursors, call, request)

    async def end_opening(self, request: EndOpening, call: Call) -> Nothing:
        """End an emergency access."""
        await openings.end_opening(self._db, call, request)
        return Nothing()

    async def alerts(self, request: ListAlerts, call: Call) -> EmergencyAlertPage:
        """Show administrators a page of emergency accesses."""
        return await alerts.list_alerts(self._db, self._reads, self._cursors, call, request)

    async def count_alerts(self, _: CountAlerts, call: Call) -> EmergencyAlertCount:
        """Tell how many are not acknowledged."""
        return await alerts.count_alerts(self._db, call)

    async def acknowledge_alerts(self, request: AcknowledgeAlerts, call: Call) -> Nothing:
        """Take note of some."""
        await alerts.acknowledge_alerts(self._db, call, request)
        return Nothing()

    async def may_admit(self, request: MayAdmit, call: Call) -> Admission:
        """Tell whether an upload would be admitted."""
        return await admit.may_admit(self._db, self._requests, call, request)

    async def admit_image(self, request: AdmitImage, call: Call) -> Admission:
        """Decide whether an image is admitted."""
        return await admit.admit_image(self._db, self._requests, call, request)

    async def preview_move(self, request: PreviewMove, call: Call) -> MoveTarget:
        """Show whom an image would go to."""
        return await preview_move(self._db, self._requests, self._reads, call, request)

    async def admit_move(self, request: AdmitMove, call: Call) -> MoveAdmission:
        """Decide whether a patient takes an image of another."""
        return await admit_move(self._db, self._requests, call, request)

    async def data_key(self, request: GetDataKey, call: Call) -> DataKey:
        """Hand a data key to a service that moves bytes."""
        call.need_service(*HANDLE_BYTES)
        async with self._db.read() as rows:
            found = await repository.wrapped_key(rows, request.patient)
        if found is None:
            raise Refused("not_found")
        key = self._keys.unwrap(found[0], request.patient)
        return DataKey(key=base64.urlsafe_b64encode(key).decode())
