"""One thin function per message."""

import base64

from dermfolio.common.auth import Call
from dermfolio.common.bus import Answer
from dermfolio.common.errors import Refused
from dermfolio.common.host import Parts
from dermfolio.contracts.patients import (
    Admission,
    AdmitImage,
    CreatePatient,
    DataKey,
    GetDataKey,
    GetPatient,
    ListPatients,
    MayAdmit,
    MaySee,
)
from dermfolio.contracts.views.patients import PatientPage, PatientView
from dermfolio.patients import admit, read, repository
from dermfolio.patients.create import create_patient
from dermfolio.patients.data_keys import KeyProvider

HANDLE_BYTES = ("gateway", "images")
"""The services that seal and open objects, and so may have data keys."""


class Handlers:
    """What patients answers."""

    def __init__(self, parts: Parts, keys: KeyProvider) -> None:
        self._db = parts.db
        self._reads = parts.reads
        self._cursors = parts.cursors
        self._keys = keys

    async def create(self, request: CreatePatient, call: Call) -> Answer[PatientView]:
        """Create a patient."""
        return await create_patient(self._db, self._keys, call, request)

    async def get(self, request: GetPatient, call: Call) -> Answer[PatientView]:
        """Show a patient."""
        return await read.get_patient(self._db, self._reads, call, request.patient)

    async def list(self, request: ListPatients, call: Call) -> Answer[PatientPage]:
        """Show a page of patients."""
        return await read.list_patients(self._db, self._reads, self._cursors, call, request)

    async def may_see(self, request: MaySee, call: Call) -> Admission:
        """Tell whether the caller may see a patient."""
        return await read.may_see(self._db, call, request.patient)

    async def may_admit(self, request: MayAdmit, call: Call) -> Admission:
        """Tell whether an upload would be admitted."""
        return await admit.may_admit(self._db, call, request.patient)

    async def admit_image(self, request: AdmitImage, call: Call) -> Admission:
        """Decide whether an image is admitted."""
        return await admit.admit_image(self._db, call, request)

    async def data_key(self, request: GetDataKey, call: Call) -> DataKey:
        """Hand a data key to a service that moves bytes."""
        call.need_service(*HANDLE_BYTES)
        async with self._db.read() as rows:
            found = await repository.wrapped_key(rows, request.patient)
        if found is None:
            raise Refused("not_found")
        key = self._keys.unwrap(found[0], request.patient)
        return DataKey(key=base64.urlsafe_b64encode(key).decode())
