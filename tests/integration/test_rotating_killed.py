"""kill -9 at each named point while a photograph is turned."""

import asyncio
import hashlib
from uuid import UUID, uuid4

import pytest

from dermfolio.contracts.views.editing import EditedImage
from dermfolio.contracts.views.images import ImageState, ImageView
from dermfolio.ops.api_client import Api, ApiProblem

from .conftest import System
from .invariants import rows_and_objects_match, sweep
from .photographs import photograph
from .quiet import dead_letters, until_quiet
from .story import Story
from .trail import chain_is_whole, one_record_per_fact
from .truth import looking_into

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("stack"),
    pytest.mark.timeout(900),
    pytest.mark.req("POOL-13"),
]

KILLED_WHILE_ROTATING = (
    ("images", "rotate.written"),
    ("images", "rotate.committed"),
    ("images", "turn.stored"),
    ("images", "turn.switched"),
)

HAPPENS_SECONDS = 60.0
STANDS_SECONDS = 120.0


async def test_a_photograph_is_turned_once_for_each_click_whatever_is_killed(system: System) -> None:
    clinic, stack = system.clinic, system.stack
    patient, image, file = await clinic.new_patient(), uuid4(), photograph(uuid4())
    await clinic.admin.insist(lambda api: api.put_image(patient, image, file.data, file_name=file.name))
    before = await _standing(clinic.admin.apis[0], patient, image)
    for clicks, (service, point) in enumerate(KILLED_WHILE_ROTATING, 1):
        system.faults.set(service, point)
        key = f"killed-at-{point}"

        async def rotate(api: Api) -> EditedImage:
            return await api.rotate_image(patient, image, 1, key)  # noqa: B023

        asked = asyncio.create_task(clinic.admin.insist(rotate))
        assert await system.faults.happened(service, point, HAPPENS_SECONDS), f"{service} never came by {point}"
        await asked
        await stack.ready(STANDS_SECONDS)
        after = await _standing(clinic.admin.apis[0], patient, image)
        assert after.rotation == 90 * clicks % 360
        sides = (before.width, before.height)
        assert (after.width, after.height) == (sides[::-1] if clicks % 2 else sides)
    original = await clinic.admin.apis[0].get_original(patient, image)
    assert hashlib.sha256(original).hexdigest() == hashlib.sha256(file.data).hexdigest()
    async with looking_into(stack) as truth:
        wrong = await until_quiet(truth)
        await sweep(stack)
        wrong += await until_quiet(truth)
        for check in (rows_and_objects_match, one_record_per_fact, chain_is_whole, dead_letters):
            wrong += await check(truth, Story(clinic.admin, patient, []))
        assert wrong == []
        said = "SELECT count(*) FROM outbox WHERE subject = $1 AND (payload ->> 'image')::uuid = $2"
        for name in ("rotation_wanted", "rotated"):
            assert await truth.value("images", said, f"evt.images.{name}", image) == len(KILLED_WHILE_ROTATING)


async def _standing(api: Api, patient: UUID, image: UUID) -> ImageView:
    async with asyncio.timeout(STANDS_SECONDS):
        while True:
            try:
                found = await api.get_image(patient, image)
            except ApiProblem as problem:
                if problem.status != 503:
                    raise
            else:
                if found.state is ImageState.READY and not found.rotating:
                    return found
            await asyncio.sleep(0.2)
