"""What is recorded of looking at patients, at each level of the trail."""

import json
from uuid import UUID

import asyncpg
import pytest

from dermfolio.common.auth import Actor
from dermfolio.common.testing import at, eventually
from dermfolio.contracts.messages import Event, Request
from dermfolio.contracts.patients import GetPatient, ListPatients, PatientsListed, PatientViewed
from dermfolio.contracts.roles import Role
from dermfolio.contracts.sharing import (
    ListOpenings,
    ListPatientSites,
    OpeningsListed,
    OpenPatient,
    PatientSitesViewed,
    SharePatient,
)
from dermfolio.contracts.views.sharing import NewOpening
from services.patients.tests.identity import Identity
from services.patients.tests.records import Desk

pytestmark = pytest.mark.req("AUD-2")


class Looks:
    """Looks at patients, and at what was recorded of it."""

    def __init__(self, desk: Desk, rows: asyncpg.Connection) -> None:
        self.desk = desk
        self.rows = rows

    async def recorded(self, request: Request, actor: Actor) -> list[tuple[str, list[str] | None]]:  # type: ignore[type-arg]
        """(event, patients that it lists) of each record that a request leaves."""
        before = await self.rows.fetchval("SELECT coalesce(max(position), 0) FROM outbox")
        await self.desk.ask(request, actor)
        found = await self.rows.fetch(
            "SELECT subject, payload::jsonb -> 'patients' AS listed FROM outbox WHERE position > $1", before
        )
        return [(row["subject"], row["listed"]) for row in found]

    async def in_force(self, patient: UUID, actor: Actor, *, records: int) -> None:
        """Wait until looking at a patient leaves so many records."""

        async def so() -> bool:
            return len(await self.recorded(GetPatient(patient=patient), actor)) == records

        await eventually(so)


def only(event: type[Event]) -> list[tuple[str, None]]:
    return [(event.subject, None)]


async def test_essential_leaves_out_what_is_looked_at_unless_it_is_shared_or_opened_in_an_emergency(
    desk: Desk, identity: Identity, clinician: Actor, site: UUID, database_url: str
) -> None:
    rows = await asyncpg.connect(database_url)
    await rows.set_type_codec("jsonb", encoder=json.dumps, decoder=json.loads, schema="pg_catalog")
    looks, elsewhere = Looks(desk, rows), identity.open("Elsewhere")
    private, shared, far = [(await desk.make(clinician, name)).id for name in ("private", "shared", "far")]
    await desk.ask(SharePatient(patient=shared, site=elsewhere), at(site, Role.SITE_ADMIN))
    stranger, rescuer = at(elsewhere, Role.VIEWER), at(elsewhere, Role.CLINICIAN)
    opening = NewOpening(unique_id="far", reason="Anaphylaxis in the emergency room")
    await desk.ask(OpenPatient(opening=opening, idempotency_key="once"), rescuer)
    assert await looks.recorded(GetPatient(patient=private), clinician) == only(PatientViewed)

    await identity.decide("essential")
    await looks.in_force(private, clinician, records=0)
    assert await looks.recorded(ListPatientSites(patient=private), clinician) == []
    for request, event in (
        (GetPatient(patient=shared), PatientViewed),
        (ListPatientSites(patient=shared), PatientSitesViewed),
    ):
        for somebody in (clinician, stranger):
            assert await looks.recorded(request, somebody) == only(event)
    assert await looks.recorded(GetPatient(patient=far), rescuer) == only(PatientViewed)
    assert await looks.recorded(ListPatientSites(patient=far), rescuer) == only(PatientSitesViewed)
    assert await looks.recorded(ListPatients(), clinician) == [(PatientsListed.subject, [str(shared)])]
    assert await looks.recorded(ListPatients(limit=1), clinician) == []
    assert await looks.recorded(ListOpenings(), rescuer) == only(OpeningsListed)

    await identity.decide("comprehensive")
    await looks.in_force(private, clinician, records=1)
    [[event, listed]] = await looks.recorded(ListPatients(), clinician)
    assert (event, set(listed or ())) == (PatientsListed.subject, {str(id_) for id_ in (private, shared, far)})
    await rows.close()
