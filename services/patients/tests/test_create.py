"""Creating patients."""

import asyncio
from uuid import UUID, uuid4

import pytest

from dermfolio.common.auth import Actor
from dermfolio.common.bus import Requests
from dermfolio.common.errors import Refused
from dermfolio.common.testing import Ground, at, user
from dermfolio.contracts.patients import CreatePatient, GetPatient, ListPatients
from dermfolio.contracts.roles import Role
from dermfolio.contracts.views.patients import NewPatient, PatientFields


def new(unique_id: str, **fields: object) -> CreatePatient:
    return CreatePatient(patient=NewPatient.model_validate({"unique_id": unique_id, **fields}))


@pytest.mark.req("PAT-1")
async def test_only_the_unique_id_is_needed_and_it_is_lower_cased(
    ground: Ground, patients: Requests, clinician: Actor, site: UUID
) -> None:
    created = await patients.ask(new("Derm-0001"), ground.call(clinician))
    assert (created.unique_id, created.site, created.version) == ("derm-0001", site, 1)
    assert await patients.ask(GetPatient(patient=created.id), ground.call(clinician)) == created


@pytest.mark.req("PAT-2")
async def test_every_field_comes_back_as_it_was_written(ground: Ground, patients: Requests, clinician: Actor) -> None:
    fields = {
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
        "notes": "Tab\tand\nline; 'quotes' \"too\" <b>",
    }
    assert set(fields) == set(PatientFields.model_fields), "a new field needs a value here"
    created = await patients.ask(new("full", **fields), ground.call(clinician))
    read = await patients.ask(GetPatient(patient=created.id), ground.call(clinician))
    assert read.model_dump(mode="json", include=set(fields)) == fields


@pytest.mark.req("PAT-1")
async def test_a_taken_unique_id_names_the_record_to_those_who_may_see_it(
    ground: Ground, patients: Requests, clinician: Actor
) -> None:
    first = await patients.ask(new("same"), ground.call(clinician))
    with pytest.raises(Refused) as refused:
        await patients.ask(new("SAME"), ground.call(clinician))
    assert refused.value.code == "unique_id_taken"
    assert refused.value.facts == {"patient": str(first.id)}


@pytest.mark.req("PAT-1")
async def test_a_unique_id_taken_at_a_foreign_site_is_unavailable_and_nothing_is_created(
    ground: Ground, patients: Requests, clinician: Actor
) -> None:
    await patients.ask(new("same"), ground.call(clinician))
    stranger = at(uuid4(), Role.CLINICIAN)
    with pytest.raises(Refused) as refused:
        await patients.ask(new("same"), ground.call(stranger))
    assert (refused.value.code, refused.value.facts) == ("unique_id_unavailable", {})
    assert (await patients.ask(ListPatients(), ground.call(stranger))).patients == []


async def test_twins_of_one_request_create_one_patient(ground: Ground, patients: Requests, clinician: Actor) -> None:
    request = new("twins").model_copy(update={"idempotency_key": "a-key"})
    answers = await asyncio.gather(*(patients.ask(request, ground.call(clinician)) for _ in range(8)))
    assert len({answer.id for answer in answers}) == 1
    with pytest.raises(Refused) as refused:
        await patients.ask(new("others").model_copy(update={"idempotency_key": "a-key"}), ground.call(clinician))
    assert refused.value.code == "idempotency_key_reused"


@pytest.mark.req("ORG-1")
@pytest.mark.parametrize("role", [Role.VIEWER, None])
async def test_those_who_may_not_create_are_refused(
    ground: Ground, patients: Requests, site: UUID, role: Role | None
) -> None:
    actor = at(site, role) if role else user(installation=Role.ADMIN)
    with pytest.raises(Refused) as refused:
        await patients.ask(new("nope"), ground.call(actor))
    assert refused.value.code == "forbidden"


async def test_the_site_is_needed_by_those_who_work_at_several(ground: Ground, patients: Requests, site: UUID) -> None:
    second = uuid4()
    roaming = user(**{str(site): Role.CLINICIAN, str(second): Role.PHOTOGRAPHER})
    with pytest.raises(Refused) as refused:
        await patients.ask(new("where"), ground.call(roaming))
    assert refused.value.facts["errors"][0]["loc"] == "site"
    assert (await patients.ask(new("here", site=str(second)), ground.call(roaming))).site == second
    with pytest.raises(Refused) as foreign:
        await patients.ask(new("there", site=str(uuid4())), ground.call(roaming))
    assert foreign.value.code == "not_found"
