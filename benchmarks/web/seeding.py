"""Photographs in a pool, through the API."""

import asyncio
from collections.abc import Iterable
from uuid import UUID, uuid4

from dermfolio.contracts.views.images import ImageState
from dermfolio.ops.api_client import Api
from dermfolio.ops.photographs import photograph, retaken
from dermfolio.ops.photographs.camera import Shot
from dermfolio.ops.photographs.scenes import Scene
from dermfolio.ops.watching import Announcement, Watch

AT_ONCE = 6
INGEST_SECONDS = 1200.0


async def large_pool(api: Api, photographs: int) -> UUID:
    """A new patient with so many small photographs, all of them ready."""
    patient = (await api.create_patient(f"pool-of-{photographs}")).id
    jpeg = photograph(Scene("III", "many moles", 240, 0.02), Shot(480, 360, "2026:03:02 09:14:51"), seed=1)
    async with Watch(api, patient) as watch:
        images = await uploaded(api, patient, (retaken(jpeg, number) for number in range(photographs)))
        await ready(watch, images, INGEST_SECONDS)
    return patient


async def uploaded(api: Api, patient: UUID, photographs: Iterable[bytes]) -> list[UUID]:
    """Upload photographs, a few at a time; returns their ids once all are accepted."""
    images: list[UUID] = []
    waiting = iter(photographs)

    async def one_after_the_other() -> None:
        for file in waiting:
            images.append(image := uuid4())
            await api.put_image(patient, image, file, file_name=f"{image}.jpg")

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(one_after_the_other())
    return images


async def ready(watch: Watch, images: Iterable[UUID], seconds: float) -> list[Announcement]:
    """Wait until every one of these photographs is ready. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        ends = [await watch.end_of(image, seconds) for image in images]
    assert all(end.state is ImageState.READY for end in ends)
    return ends
