"""kill -9 at each named point of a photograph's way to another patient."""

import asyncio
import hashlib
from uuid import UUID, uuid4

import pytest

from dermfolio.contracts.views.images import ImageState
from dermfolio.contracts.views.moving import MoveView
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
    pytest.mark.req("PAT-7"),
]

KILLED_WHILE_MOVING = (
    ("patients", "move.decided"),
    ("images", "move.admitted"),
    ("images", "move.written"),
    ("images", "move.committed"),
    ("images", "carry.copied"),
    ("images", "carry.switched"),
)

HAPPENS_SECONDS = 60.0
ARRIVES_SECONDS = 120.0
READY_VERSION = 2
"""Registered, then ingested."""


async def test_a_photograph_is_one_patients_however_its_way_to_another_is_cut_off(system: System) -> None:
    clinic, stack = system.clinic, system.stack
    source, target = await clinic.new_patient(), await clinic.new_patient()
    unique_id = (await clinic.admin.insist(lambda api: api.get_patient(target))).unique_id
    files: dict[UUID, str] = {}
    for service, point in KILLED_WHILE_MOVING:
        image, file = uuid4(), photograph(uuid4())
        files[image] = hashlib.sha256(file.data).hexdigest()
        await clinic.admin.insist(lambda api: api.put_image(source, image, file.data, file_name=file.name))  # noqa: B023
        await _ready(clinic.admin.apis[0], source, image)
        system.faults.set(service, point)

        async def move(api: Api) -> MoveView:
            return await api.move_image(source, image, target, unique_id, READY_VERSION)  # noqa: B023

        asked = asyncio.create_task(clinic.admin.insist(move))
        assert await system.faults.happened(service, point, HAPPENS_SECONDS), f"{service} never came by {point}"
        assert (await asked).patient == target
        await stack.ready(ARRIVES_SECONDS)
        await _ready(clinic.admin.apis[0], target, image)
        assert hashlib.sha256(await clinic.admin.apis[0].get_original(target, image)).hexdigest() == files[image]
        with pytest.raises(ApiProblem):
            await clinic.admin.apis[0].get_image(source, image)
    story = Story(clinic.admin, target, [])
    async with looking_into(stack) as truth:
        wrong = await until_quiet(truth)
        await sweep(stack)
        wrong += await until_quiet(truth)
        for check in (rows_and_objects_match, one_record_per_fact, chain_is_whole, dead_letters):
            wrong += await check(truth, story)
        assert wrong == []
        said = "SELECT count(*) FROM outbox WHERE subject = $1 AND (payload ->> 'image')::uuid = ANY($2)"
        for name in ("move_begun", "moved_away", "moved_in"):
            assert await truth.value("images", said, f"evt.images.{name}", list(files)) == len(files)
    counts = [(await clinic.admin.apis[0].get_patient(patient)).image_count for patient in (source, target)]
    assert counts == [0, len(files)]


async def _ready(api: Api, patient: UUID, image: UUID) -> None:
    async with asyncio.timeout(ARRIVES_SECONDS):
        while True:
            try:
                found = await api.get_image(patient, image)
            except ApiProblem as problem:
                if problem.status not in {404, 503}:
                    raise
            else:
                if found.state is ImageState.READY:
                    return
            await asyncio.sleep(0.2)
