"""kill -9 at each named point while photographs are compared."""

import asyncio
from uuid import UUID, uuid4

import pytest

from dermfolio.common.testing import eventually
from dermfolio.contracts.views.comparisons import ComparisonView, NewComparison
from dermfolio.contracts.views.images import ImageState
from dermfolio.contracts.views.workspaces import WorkspaceState
from dermfolio.ops.api_client import Api, ApiProblem

from .conftest import System
from .photographs import photograph
from .quiet import dead_letters, until_quiet
from .story import Story
from .trail import chain_is_whole, one_record_per_fact
from .truth import Truth, looking_into

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("stack"),
    pytest.mark.timeout(900),
    pytest.mark.req("CMP-1", "WRK-1"),
]

KILLED_WHILE_COMPARING = (
    ("images", "hold.written"),
    ("registration", "hold.granted"),
    ("registration", "comparison.written"),
)

HAPPENS_SECONDS = 60.0
STANDS_SECONDS = 120.0

_COMPARED = "SELECT hold, images FROM comparisons WHERE entry = $1"
_PENDING = "SELECT id FROM holds WHERE entry = $1"
_HELD = "SELECT hold, array_agg(image) AS images FROM held_images WHERE entry = $1 GROUP BY hold"
_CHOSEN = "SELECT image FROM workspace_images WHERE entry = $1"
_SAID = "SELECT count(*) FROM outbox WHERE subject = $1 AND payload ->> 'entry' = $2"


async def test_a_comparison_is_made_once_and_holds_its_photographs_whatever_is_killed(system: System) -> None:
    admin, stack = system.clinic.admin, system.stack
    patient, images = await system.clinic.new_patient(), [uuid4(), uuid4()]
    for image in images:
        file = photograph(uuid4())
        await admin.insist(lambda api: api.put_image(patient, image, file.data, file_name=file.name))  # noqa: B023
    for image in images:
        await _ready(admin.apis[0], patient, image)
    entry = (await admin.insist(lambda api: api.create_entry(patient, id=str(uuid4())))).id
    await admin.insist(lambda api: api.change_workspace(patient, entry, add=images))
    for service, point in KILLED_WHILE_COMPARING:
        system.faults.set(service, point)
        comparison = uuid4()

        async def create(api: Api) -> ComparisonView:
            new = NewComparison(images=images, reference=images[0])
            return await api.create_comparison(patient, entry, comparison, new)  # noqa: B023

        async def remove(api: Api) -> WorkspaceState:
            return await api.change_workspace(patient, entry, remove=images[1:])

        asked = asyncio.create_task(admin.insist(create))
        assert await system.faults.happened(service, point, HAPPENS_SECONDS), f"{service} never came by {point}"
        made = await asked
        assert (made.images, made.version) == (images, 1)
        with pytest.raises(ApiProblem, match="image_in_comparison"):
            await admin.insist(remove)
        await stack.ready(STANDS_SECONDS)
    async with looking_into(stack) as truth:
        wrong = await until_quiet(truth)
        for check in (one_record_per_fact, chain_is_whole, dead_letters):
            wrong += await check(truth, Story(admin, patient, []))
        wrong += await _not_held(truth, entry)
        assert wrong == []
        created = await truth.value("registration", _SAID, "evt.registration.comparison_created", str(entry))
        assert created == len(KILLED_WHILE_COMPARING)


async def _ready(api: Api, patient: UUID, image: UUID) -> None:
    async def ready() -> bool:
        return (await api.get_image(patient, image)).state is ImageState.READY

    await eventually(ready, seconds=STANDS_SECONDS)


async def _not_held(truth: Truth, entry: UUID) -> list[str]:
    """Every comparison's photographs are held and in the workspace, and what else is held is going to be given up."""
    held = {row["hold"]: set(row["images"]) for row in await truth.rows("images", _HELD, entry)}
    chosen = {row["image"] for row in await truth.rows("images", _CHOSEN, entry)}
    pending = {row["id"] for row in await truth.rows("registration", _PENDING, entry)}
    compared = {row["hold"]: set(row["images"]) for row in await truth.rows("registration", _COMPARED, entry)}
    wrong = [f"what {hold} is for is not held" for hold, images in compared.items() if held.pop(hold, set()) != images]
    wrong += [f"{image} left the workspace" for image in set().union(*compared.values()) - chosen]
    return wrong + [f"nobody is going to free {hold}" for hold in held.keys() - pending]
