"""How long a photograph takes from the first byte sent to the word, on another gateway, that it can be shown."""

import asyncio
import secrets
import statistics
import time
from uuid import UUID, uuid4

from benchmarks.rows import Row, bound
from benchmarks.system import running
from dermfolio.contracts.views.images import ImageState
from dermfolio.ops.api_client import Api
from dermfolio.ops.photographs import photograph, retaken
from dermfolio.ops.photographs.camera import Shot
from dermfolio.ops.photographs.scenes import Scene
from dermfolio.ops.watching import Watch

UPLOADS = 40
WARM_UP = 3
FILE_BYTES = 5_000_000
PAUSE_SECONDS = 0.3
"""Between one photograph's end and the next: one user uploads, nothing is queued."""


def rows() -> list[Row]:
    """The figures of this benchmark; starts a system of its own, with two of everything."""
    seconds = asyncio.run(_measured(_five_megabytes()))
    p95 = statistics.quantiles(seconds, n=20)[18]
    print(f"  median {statistics.median(seconds):.2f} s, slowest {max(seconds):.2f} s", flush=True)
    return [
        bound(
            "upload.p95_seconds",
            p95,
            "s",
            "5 MB JPEG, PUT sent to rendition announced on another gateway's socket",
            1.5,
        )
    ]


def _five_megabytes() -> bytes:
    """A photograph of 12 megapixels, turned, as a file of 5 MB."""
    shot = Shot(4000, 3000, "2026:03:02 09:14:51", orientation=6, quality=95, noise=2.9)
    made = photograph(Scene("II", "mole", 42, 0.2), shot, seed=1)
    assert 0.95 * FILE_BYTES < len(made) < 1.05 * FILE_BYTES, len(made)
    return made


async def _measured(jpeg: bytes) -> list[float]:
    async with running(replicas=2) as system, system.signed_in(0) as here, system.signed_in(1) as there:
        patient = (await here.create_patient(f"upload-{secrets.token_hex(4)}")).id
        async with Watch(there, patient) as watch:
            seconds = []
            for number in range(WARM_UP + UPLOADS):
                seconds.append(await _one(here, watch, patient, retaken(jpeg, number)))
                await asyncio.sleep(PAUSE_SECONDS)
    return seconds[WARM_UP:]


async def _one(api: Api, watch: Watch, patient: UUID, jpeg: bytes) -> float:
    image = uuid4()
    began = time.monotonic()
    await api.put_image(patient, image, jpeg, file_name="IMG_0001.JPG")
    end = await watch.end_of(image, 60.0)
    assert end.state is ImageState.READY
    return end.at - began
