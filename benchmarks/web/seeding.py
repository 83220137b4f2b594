"""Photographs in a pool, through the API."""

import asyncio
from collections.abc import Iterable
from uuid import UUID, uuid4

from dermfolio.contracts.views.images import ImageState
from dermfolio.ops.api_client import Api
from dermfolio.ops.watching import Announcement, Watch

AT_ONCE = 6


async def uploaded(api: Api, patient: UUID, photographs: Iterable[bytes]) -> list[UUID]:
    """Upload photographs, a few at a time; returns their ids once all are accepted."""
    images: list[UUID] = []
    waiting = iter(photographs)

    async def one_after_the_other() -> None:
        for photograph in waiting:
            images.append(image := uuid4())
            await api.put_image(patient, image, photograph, file_name=f"{image}.jpg")

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
