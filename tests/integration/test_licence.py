"""A licence that ends between the first check of an upload and its registration (LIC-1, POOL-18)."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from dermfolio.common.licences import Licence, issue
from dermfolio.common.testing import eventually
from dermfolio.contracts.messages import now
from dermfolio.contracts.roles import Role
from dermfolio.local.licence import evaluation_key, evaluation_licence
from dermfolio.ops.api_client import PREFIX, Api, ApiProblem

from .conftest import System
from .photographs import photograph
from .two_sites import World

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("stack"),
    pytest.mark.timeout(600),
    pytest.mark.req("LIC-1"),
    pytest.mark.req("POOL-18"),
]

SHORT = timedelta(seconds=15)


def ending(system: System, moment: datetime) -> bytes:
    """A licence that ends at a moment, issued after every other so far."""
    licence = evaluation_licence(now())
    short = Licence(licence.id, "Short", "evaluation", None, licence.valid_from, moment, licence.issued_at)
    return issue(short, evaluation_key(system.stack.secrets))


async def slowly(data: bytes, begun: asyncio.Event, rest: asyncio.Event) -> AsyncIterator[bytes]:
    """The bytes of a file, the last ones when they are waited for no longer."""
    yield data[:-10]
    begun.set()
    await rest.wait()
    yield data[-10:]


async def test_an_upload_that_was_let_in_before_the_end_and_arrives_after_it_is_refused_and_swept(
    system: System, world: World
) -> None:
    admin, photographer = world.apis[Role.ADMIN], world.apis[Role.PHOTOGRAPHER]
    assert admin is not None
    assert photographer is not None
    patient, before, late = (await photographer.create_patient(f"licence-{uuid4().hex[:8]}")).id, uuid4(), uuid4()
    first, second = (photograph(uuid4()).data for _ in range(2))
    end = (now() + SHORT).replace(microsecond=0)
    try:
        await admin.install_licence(ending(system, end))
        begun, rest = asyncio.Event(), asyncio.Event()
        accepted = await photographer.put_image(patient, before, first, file_name="before.jpg")
        sent = asyncio.create_task(sending(photographer, patient, late, slowly(second, begun, rest), len(second)))
        await begun.wait()
        assert now() < end, "the machine is too slow for this test"
        await asyncio.sleep((end - now()).total_seconds() + 0.05)
        rest.set()
        assert await sent == (409, "licence_expired")
        with pytest.raises(ApiProblem) as refused:
            await photographer.put_image(patient, uuid4(), second, file_name="after.jpg")
        assert refused.value.code == "licence_expired"
        again = await photographer.put_image(patient, before, first, file_name="before.jpg")
        assert again.image.id == accepted.image.id, "what was admitted before stays, and has its answer"

        async def swept() -> bool:
            client = system.stack.embedded.store.client()
            found = await asyncio.to_thread(lambda: list(client.list_objects("dermfolio", f"originals/{late}/", True)))
            return not found

        assert await eventually(swept)
        with pytest.raises(ApiProblem) as unknown:
            await photographer.get_image(patient, late)
        assert unknown.value.status == 404
        listed = await photographer.list_images(patient)
        assert before in {image.id for image in listed.images}, "what is stored stays readable"
    finally:
        await admin.install_licence(ending(system, now() + timedelta(days=300)))
    assert (await photographer.put_image(patient, uuid4(), second, file_name="next.jpg")).outcome == "accepted"


async def sending(api: Api, patient: UUID, image: UUID, content: Any, length: int) -> tuple[int, str]:
    """Upload as it comes; returns the status and the problem's code."""
    assert api.session is not None
    headers = {"X-CSRF-Token": api.session.csrf_token, "Content-Length": str(length)}
    path = f"{PREFIX}/patients/{patient}/images/{image}"
    async with api.http.put(path, data=content, headers=headers) as answer:
        return answer.status, (await answer.json(content_type=None)).get("code", "")
