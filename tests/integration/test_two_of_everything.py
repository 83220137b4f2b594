"""Two of every service and two gateways, in fair weather."""

import asyncio
import secrets
from collections.abc import Awaitable
from uuid import uuid4

import pytest

from dermfolio.ops.api_client import Api, ApiProblem

from .clinic import COLLEAGUE
from .conftest import System
from .invariants import what_is_wrong
from .listener import Listener
from .logs import Logs
from .photographs import photograph
from .story import Story
from .uploading import Kind, Seen, Uploading

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("stack"),
    pytest.mark.timeout(600),
]

AT_ONCE = 24


@pytest.mark.req("ORG-5")
async def test_who_signs_in_at_one_gateway_is_signed_in_at_the_other(system: System) -> None:
    here, there = system.stack.gateways
    async with Api(here) as first, Api(there) as second:
        session = await first.sign_in(COLLEAGUE, system.clinic.password)
        for cookie in first.http.cookie_jar:
            second.http.cookie_jar.update_cookies({cookie.key: cookie.value})
        assert (await second.get_session()).user == session.user
        await first.sign_out()
        with pytest.raises(ApiProblem) as refused:
            await asyncio.wait_for(_until_refused(second), 30)
        assert refused.value.code == "not_signed_in"


async def _until_refused(api: Api) -> None:
    while True:
        await api.get_session()
        await asyncio.sleep(0.05)


async def test_the_same_bytes_through_both_gateways_at_once_are_one_image(system: System) -> None:
    clinic = system.clinic
    patient, file = await clinic.new_patient(), photograph(uuid4())

    async def put(api: Api) -> Seen:
        upload = uuid4()
        answer = await api.put_image(patient, upload, file.data, file_name=file.name)
        return Seen(Kind.COPY, upload, patient, file.sha256, answer.outcome, answer.image.id)

    seen = await asyncio.gather(*(put(clinic.admin.apis[n % 2]) for n in range(AT_ONCE)))
    assert [s.outcome for s in seen].count("accepted") == 1
    assert len({s.image for s in seen}) == 1
    assert await what_is_wrong(system.stack, Story(clinic.admin, patient, seen)) == []


async def test_the_same_upload_sent_through_both_gateways_at_once_has_one_effect(system: System) -> None:
    clinic = system.clinic
    patient, file, upload = await clinic.new_patient(), photograph(uuid4()), uuid4()

    async def put(api: Api) -> Seen:
        answer = await api.put_image(patient, upload, file.data, file_name=file.name)
        return Seen(Kind.TWIN, upload, patient, file.sha256, answer.outcome, answer.image.id)

    seen = await asyncio.gather(*(put(clinic.admin.apis[n % 2]) for n in range(AT_ONCE)))
    assert {s.outcome for s in seen} == {"accepted"}
    assert await what_is_wrong(system.stack, Story(clinic.admin, patient, seen)) == []


async def test_a_second_users_screen_converges_at_either_gateway(system: System) -> None:
    clinic = system.clinic
    patient = await clinic.new_patient()
    uploading = Uploading(clinic.admin, patient, seed=3)
    here, there = (Listener(clinic.colleague, api, patient) for api in clinic.colleague.apis)
    async with here, there:
        await asyncio.gather(*(uploading.some(4) for _ in range(3)))
        story = Story(clinic.admin, patient, uploading.seen, [here, there])
        assert await what_is_wrong(system.stack, story) == []
    assert here.resyncs == there.resyncs == 0
    assert {*here.told.values(), *there.told.values()} == {1}


async def test_no_log_holds_anything_personal_however_requests_fail(system: System) -> None:
    clinic, logs = system.clinic, Logs(system.stack)
    patient, file, typed = await clinic.new_patient(), photograph(uuid4()), f"Geheim-{secrets.token_hex(8)}"
    clinic.personal |= {typed, typed.lower(), file.name}
    api, taken = clinic.admin.apis[0], (await clinic.admin.apis[0].get_patient(patient)).unique_id
    await api.put_image(patient, uuid4(), file.data, file_name=file.name)
    refusals: list[tuple[int, Awaitable[object]]] = [
        (409, api.create_patient(taken, last_name=typed)),
        (400, api.create_patient(typed, email=typed)),
        (400, api.create_patient("x" * 60, notes=typed * 10_000)),
        (404, api.put_image(patient=uuid4(), image=uuid4(), content=file.data, file_name=f"{typed}.jpg")),
        (422, api.put_image(patient, uuid4(), b"", file_name=f"{typed}.jpg")),
        (400, api.list_patients(cursor=typed)),
        (401, api.change_password(typed, f"{typed}-Aa1-xxxx")),
    ]
    async with Api(system.stack.gateways[1]) as stranger:
        refusals += [(401, stranger.sign_in(typed, typed)), (401, stranger.sign_in(COLLEAGUE, typed))]
        answers = await asyncio.gather(*(refusal for _, refusal in refusals), return_exceptions=True)
        statuses = [answer.status if isinstance(answer, ApiProblem) else answer for answer in answers]
        stranger.http.cookie_jar.update_cookies({"dermfolio_session": typed * 2})
        with pytest.raises(ApiProblem):
            await stranger.get_session()
    assert statuses == [status for status, _ in refusals]
    assert logs.wrong(clinic.personal) == []
