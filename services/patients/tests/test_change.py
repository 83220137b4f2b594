"""Changing a patient's details."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError

from dermfolio.common.auth import Actor
from dermfolio.common.errors import Refused
from dermfolio.common.testing import at
from dermfolio.contracts.details import ChangePatient, Detail, PatientChanged
from dermfolio.contracts.patients import CreatePatient, GetPatient, ListPatients
from dermfolio.contracts.roles import Role
from dermfolio.contracts.sharing import SharePatient
from dermfolio.contracts.views.details import PatientChanges
from dermfolio.contracts.views.patients import NewPatient, PatientView
from services.patients.tests.identity import Identity
from services.patients.tests.records import Desk

pytestmark = pytest.mark.req("PAT-6")


def changing(patient: PatientView, **changes: Any) -> ChangePatient:
    return ChangePatient(patient=patient.id, changes=PatientChanges.model_validate(changes), version=patient.version)


async def test_what_is_named_changes_and_what_is_left_out_stays(desk: Desk, clinician: Actor) -> None:
    new = NewPatient.model_validate({"unique_id": "one", "first_name": "Anna", "notes": "Juckreiz", "phototype": "II"})
    before = await desk.ask(CreatePatient(patient=new), clinician)
    numbers = [{"system": "KIS", "number": "7"}]
    after = await desk.ask(changing(before, notes=None, sex="female", record_numbers=numbers), clinician)
    expected = before.model_dump(mode="json") | {
        "notes": None,
        "sex": "female",
        "record_numbers": numbers,
        "version": 2,
    }
    expected["last_modified"] = after.model_dump(mode="json")["last_modified"]
    assert after.model_dump(mode="json") == expected
    assert after.last_modified > before.last_modified
    assert await desk.ask(GetPatient(patient=before.id), clinician) == after
    [said] = await desk.said(PatientChanged)
    assert (sorted(said.data["fields"]), said.data["version"]) == (["notes", "record_numbers", "sex"], 2)
    assert "Juckreiz" not in str(said)


async def test_every_field_can_be_changed_and_has_a_name_in_the_fact(desk: Desk, clinician: Actor) -> None:
    assert set(PatientChanges.model_fields) == set(Detail.__args__)
    patient = await desk.make(clinician, "one")
    changes = {
        "unique_id": "OTHER",
        "first_name": "Zoë",
        "middle_name": "Ng",
        "last_name": "Łukaszewicz",
        "preferred_name": "Zo",
        "date_of_birth": "1984-02-29",
        "sex": "female",
        "gender": "woman",
        "email": "zoe@example.org",
        "phone": "+41 44 123 45 67",
        "address": "Hauptstraße 1\n8001 Zürich",
        "record_numbers": [{"system": "KIS", "number": "00-42"}],
        "referring_physician": "Dr. Ødegård",
        "phototype": "IV",
        "notes": "Tab\tand\nline",
    }
    assert set(changes) == set(PatientChanges.model_fields), "a new field needs a value here"
    after = await desk.ask(changing(patient, **changes), clinician)
    assert after.model_dump(mode="json", include=set(changes)) == changes | {"unique_id": "other"}


async def test_what_is_the_same_already_changes_nothing(desk: Desk, clinician: Actor) -> None:
    patient = await desk.make(clinician, "one")
    assert await desk.ask(changing(patient), clinician) == patient
    assert await desk.ask(changing(patient, unique_id="ONE", notes=None), clinician) == patient
    assert [fact for fact in await desk.facts() if fact.subject == PatientChanged.subject] == []


async def test_of_two_who_change_the_same_version_one_is_told_of_the_other(desk: Desk, clinician: Actor) -> None:
    patient = await desk.make(clinician, "one")
    requests = (changing(patient, notes=f"note {n}") for n in range(6))
    answers = await asyncio.gather(*(desk.ask(r, clinician) for r in requests), return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, Refused)]
    assert [(r.code, r.facts) for r in refused] == [("stale_version", {"version": 2})] * 5
    [kept] = [answer for answer in answers if isinstance(answer, PatientView)]
    assert await desk.ask(GetPatient(patient=patient.id), clinician) == kept


@pytest.mark.parametrize("bad", [{"site": str(uuid4())}, {"unique_id": None}, {"record_numbers": None}, {"version": 9}])
def test_what_cannot_be_changed_is_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        PatientChanges.model_validate(bad)


@pytest.mark.req("PAT-1")
async def test_a_taken_unique_id_is_answered_as_for_a_new_patient_and_changes_nothing(
    desk: Desk, clinician: Actor, site: UUID
) -> None:
    patient, other = await desk.make(clinician, "one"), await desk.make(clinician, "two")
    await desk.make(at(uuid4(), Role.CLINICIAN), "elsewhere")
    with pytest.raises(Refused) as taken:
        await desk.ask(changing(patient, unique_id="two", notes="lost"), clinician)
    assert (taken.value.code, taken.value.facts) == ("unique_id_taken", {"patient": str(other.id)})
    with pytest.raises(Refused) as unavailable:
        await desk.ask(changing(patient, unique_id="elsewhere"), clinician)
    assert (unavailable.value.code, unavailable.value.facts) == ("unique_id_unavailable", {})
    assert await desk.ask(GetPatient(patient=patient.id), clinician) == patient


@pytest.mark.req("ORG-1")
async def test_those_change_a_patient_whose_roles_allow_it_at_home_or_where_it_is_shared(
    desk: Desk, site: UUID, identity: Identity
) -> None:
    admin, elsewhere = at(site, Role.SITE_ADMIN), identity.open("Elsewhere")
    patient = await desk.make(admin, "one")
    there = at(elsewhere, Role.PHOTOGRAPHER)
    assert await desk.refused(changing(patient, notes="x"), there) == "not_found"
    assert await desk.refused(changing(patient, notes="x"), at(site, Role.VIEWER)) == "forbidden"
    await desk.ask(SharePatient(patient=patient.id, site=elsewhere), admin)
    assert (await desk.ask(changing(patient, notes="x"), there)).notes == "x"
    assert (await desk.ask(ListPatients(), there)).patients[0].id == patient.id
