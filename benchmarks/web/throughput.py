"""How near a batch of photographs through the browser comes to the speed of the ingest workers alone."""

import asyncio
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Browser

from benchmarks.cpu import Cpu, told
from benchmarks.system import System
from benchmarks.web.browser import cpu_seconds, window
from benchmarks.web.seeding import ready, uploaded
from dermfolio.contracts.views.images import ImageState
from dermfolio.local.stack import Stack
from dermfolio.ops.api_client import Api
from dermfolio.ops.photographs import photograph, retaken
from dermfolio.ops.photographs.camera import Shot
from dermfolio.ops.photographs.scenes import Scene
from dermfolio.ops.watching import Watch

PHOTOGRAPHS = 200
FILE_BYTES = 3_000_000
WORKERS = "images-work-1"
BATCH_SECONDS = 600.0

_ALL_ADDED = """batch => new Promise(done => {
  let told = false;
  const look = () => {
    told ||= [...document.querySelectorAll("[role=alert]")].some(alert => alert.textContent.includes(batch));
    const waiting = document.querySelector("[data-tile]:not([data-state=ready])");
    if (told && waiting === null) done();
    else setTimeout(look, 50);
  };
  look();
})"""
"""Once the notification tells the end of the batch, and every tile in the page is ready."""


async def share_of_workers(system: System, browser: Browser, api: Api) -> float:
    """Seconds that the workers alone take for the batch, by those that it takes through the browser."""
    jpeg = await asyncio.to_thread(_three_megabytes)
    alone = await _workers_alone(system.stack, api, (retaken(jpeg, number) for number in range(PHOTOGRAPHS)))
    with TemporaryDirectory(prefix="dermfolio-batch-") as directory:
        files = [Path(directory, f"IMG_{number:04}.JPG") for number in range(PHOTOGRAPHS)]
        for number, file in enumerate(files):
            file.write_bytes(retaken(jpeg, number))
        through = await _through_the_browser(system.stack, browser, api, files)
    return alone / through


def _three_megabytes() -> bytes:
    """A photograph of 12 megapixels, turned, as a file of 3 MB."""
    shot = Shot(4000, 3000, "2026:03:02 09:14:51", orientation=6, quality=90, noise=2.5)
    made = photograph(Scene("II", "mole", 42, 0.2), shot, seed=1)
    assert 0.95 * FILE_BYTES < len(made) < 1.05 * FILE_BYTES, len(made)
    return made


async def _workers_alone(stack: Stack, api: Api, photographs: Iterable[bytes]) -> float:
    """Seconds for the batch at the pace between the first photograph's end and the last one's."""
    patient = (await api.create_patient("workers-alone")).id
    async with Watch(api, patient) as watch:
        async with stack.down(WORKERS):
            images = await uploaded(api, patient, photographs)
        await stack.ready()
        cpu = Cpu(stack, {})
        ends = sorted(end.at for end in await ready(watch, images, BATCH_SECONDS))
    seconds = (ends[-1] - ends[0]) * len(images) / (len(images) - 1)
    print(f"  the workers alone: {seconds:.1f} s; {told(cpu.used())}", flush=True)
    return seconds


async def _through_the_browser(stack: Stack, browser: Browser, api: Api, files: Sequence[Path]) -> float:
    """Seconds from the choice of the files until all are ready on the screen."""
    patient = (await api.create_patient("through-the-browser")).id
    async with window(browser, api) as page:
        await page.goto(f"{api.base_url}/patients/{patient}/pool")
        await page.get_by_text("Add the first image").wait_for()
        cpu, before = Cpu(stack, {}), await cpu_seconds(browser)
        began = time.monotonic()
        await page.locator("input[type=file][multiple]").first.set_input_files(files)
        async with asyncio.timeout(BATCH_SECONDS):
            await page.evaluate(_ALL_ADDED, f"{len(files)} photographs added.")
        seconds = time.monotonic() - began
        after = await cpu_seconds(browser)
        used = cpu.used() | {name: (after[name] - before.get(name, 0.0)) / seconds for name in after}
    print(f"  through the browser: {seconds:.1f} s; {told(used)}", flush=True)
    kept = await api.whole_pool(patient)
    assert len(kept) == len(files)
    assert all(image.state is ImageState.READY for image in kept)
    return seconds
