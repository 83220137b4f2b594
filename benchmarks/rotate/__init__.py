"""How long a turned photograph takes from the click to its tile, fetched by who heard of it on another gateway."""

import asyncio
import secrets
import statistics
import time
from uuid import UUID, uuid4

from benchmarks.rows import Row, bound
from benchmarks.system import running
from dermfolio.contracts.views.images import ImageState
from dermfolio.contracts.views.live import LiveEvent
from dermfolio.ops.api_client import Api
from dermfolio.ops.live import Live
from dermfolio.ops.photographs import photograph
from dermfolio.ops.photographs.camera import Shot
from dermfolio.ops.photographs.scenes import Scene
from dermfolio.ops.watching import Watch

CLICKS = 40
WARM_UP = 3
TILE = 320
READY_SECONDS = 60.0
PAUSE_SECONDS = 0.3
"""Between one turn's end and the next click: one user turns, nothing is queued."""


def rows() -> list[Row]:
    """The figures of this benchmark; starts a system of its own, with two of everything."""
    seconds = asyncio.run(_measured(_twelve_megapixels()))
    p95 = statistics.quantiles(seconds, n=20)[18]
    print(f"  median {statistics.median(seconds) * 1000:.0f} ms, slowest {max(seconds) * 1000:.0f} ms", flush=True)
    return [
        bound(
            "rotate.p95_ms",
            p95 * 1000,
            "ms",
            "12-megapixel JPEG, POST sent to tile fetched, as announced on another gateway's socket",
            800,
        )
    ]


def _twelve_megapixels() -> bytes:
    """A photograph as a camera makes it."""
    shot = Shot(4000, 3000, "2026:03:02 09:14:51", orientation=6, quality=95, noise=2.9)
    return photograph(Scene("II", "mole", 42, 0.2), shot, seed=1)


async def _measured(jpeg: bytes) -> list[float]:
    async with running(replicas=2) as system, system.signed_in(0) as here, system.signed_in(1) as there:
        patient, image = (await here.create_patient(f"rotate-{secrets.token_hex(4)}")).id, uuid4()
        async with Watch(here, patient) as watch:
            await here.put_image(patient, image, jpeg, file_name="IMG_0001.JPG")
            assert (await watch.end_of(image, READY_SECONDS)).state is ImageState.READY
        async with there.live() as live:
            await live.subscribe(patient)
            seconds = []
            for _ in range(WARM_UP + CLICKS):
                seconds.append(await _one(here, there, live, patient, image))
                await asyncio.sleep(PAUSE_SECONDS)
    return seconds[WARM_UP:]


async def _one(here: Api, there: Api, live: Live, patient: UUID, image: UUID) -> float:
    began = time.monotonic()
    await here.rotate_image(patient, image, 1, secrets.token_hex(16))
    async with asyncio.timeout(READY_SECONDS):
        async for message in live:
            if isinstance(message, LiveEvent) and message.event == "images.rotated":
                break
    await there.get_rendition(patient, image, TILE)
    return time.monotonic() - began
