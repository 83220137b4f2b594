"""The gateway as a process of its own."""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID, uuid4

import aiohttp

from dermfolio.contracts.images import RegisterImage

from .conftest import Browser, Running, World, until
from .owner import PASSWORD

MEGABYTE = 1_000_000


@asynccontextmanager
async def process(world: World, directory: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, Browser]]:
    """`python -m dermfolio.gateway serve`, ready."""
    settings = world.settings()
    secrets = directory / "secrets"
    secrets.mkdir(mode=0o700)
    for name in ("nats_password", "signing_key", "s3_access_key", "s3_secret_key"):
        (secrets / name).write_text(getattr(settings, name).get_secret_value())
        (secrets / name).chmod(0o600)
    environment = {
        "PATH": os.environ["PATH"],
        "DERMFOLIO_SECRETS_DIR": str(secrets),
        "DERMFOLIO_NATS_URL": settings.nats_url,
        "DERMFOLIO_TRUSTED_KEYS": json.dumps(settings.trusted_keys),
        "DERMFOLIO_HEALTH_PORT": str(settings.health_port),
        "DERMFOLIO_HTTP_PORT": str(settings.http_port),
        "DERMFOLIO_PUBLIC_URL": settings.public_url,
        "DERMFOLIO_S3_ENDPOINT": settings.s3_endpoint,
        "DERMFOLIO_S3_BUCKET": settings.s3_bucket,
        "DERMFOLIO_LOG_LEVEL": "warning",
    }
    started = await asyncio.create_subprocess_exec(sys.executable, "-m", "dermfolio.gateway", "serve", env=environment)
    browser = Browser(Running(settings, None))  # type: ignore[arg-type] # what it is made of is in another process
    try:
        await _ready(settings.health_port)
        yield started, browser
    finally:
        await browser.close()
        if started.returncode is None:
            started.kill()
            await started.wait()


async def test_twenty_large_uploads_at_once_leave_memory_flat(world: World, tmp_path: Path) -> None:
    patient = world.patients.add("p-1").id
    blocks = [os.urandom(MEGABYTE) for _ in range(16)]
    async with process(world, tmp_path) as (started, browser):
        await _sign_in(browser)
        await _upload(browser, patient, blocks)  # what is loaded on first use counts as the base
        base = _peak(started.pid)
        answers = await asyncio.gather(*(_insist(browser, patient, [os.urandom(16), *blocks]) for _ in range(20)))
        grown = _peak(started.pid) - base
    assert answers == [202] * 20
    assert len(world.images.of(RegisterImage)) == 21
    assert grown < 64 * MEGABYTE, f"{grown / MEGABYTE:.0f} MB more for 320 MB of uploads"


async def test_told_to_stop_it_finishes_what_is_under_way_and_ends_within_ten_seconds(
    world: World, tmp_path: Path
) -> None:
    patient = world.patients.add("p-1").id
    async with process(world, tmp_path) as (started, browser):
        await _sign_in(browser)
        socket = await browser.socket()
        world.images.slow = 1.0
        upload = asyncio.create_task(_upload(browser, patient, [b"x" * 1000]))
        await until(lambda: bool(world.images.of(RegisterImage)))
        began = time.monotonic()
        started.send_signal(signal.SIGTERM)
        assert await upload == 202
        assert (await socket.receive(timeout=20)).type in {aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED}
        assert await started.wait() == 0
        assert time.monotonic() - began < 10


async def test_without_its_secrets_it_does_not_start(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "DERMFOLIO_PUBLIC_URL": "http://photos.example"}
    started = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "dermfolio.gateway", "serve", env=environment, stderr=asyncio.subprocess.PIPE
    )
    _, errors = await started.communicate()
    assert started.returncode == 1
    assert b"nats_password" in errors
    assert b"public_url: Value error, must be https" in errors


async def _ready(port: int) -> None:
    async with aiohttp.ClientSession() as http:
        for _ in range(1500):
            try:
                async with http.get(f"http://127.0.0.1:{port}/readyz") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.02)
    raise AssertionError("never ready")


async def _sign_in(browser: Browser) -> None:
    typed = {"login": "clinician", "password": PASSWORD}
    async with browser.http.post("/api/v1/session", json=typed) as answer:
        browser.csrf = (await answer.json())["csrf_token"]


async def _insist(browser: Browser, patient: object, blocks: list[bytes]) -> int:
    """Send again what a busy object store did not take: 503 says that this helps."""
    image = uuid4()
    for _ in range(10):
        if (status := await _upload(browser, patient, blocks, image)) != 503:
            return status
        await asyncio.sleep(1)
    return status


async def _upload(browser: Browser, patient: object, blocks: list[bytes], image: UUID | None = None) -> int:
    async def body() -> AsyncIterator[bytes]:
        for block in blocks:
            yield block

    headers = {"X-CSRF-Token": browser.csrf, "Content-Length": str(sum(map(len, blocks)))}
    place = f"/api/v1/patients/{patient}/images/{image or uuid4()}"
    async with browser.http.put(place, data=body(), headers=headers) as answer:
        return answer.status


def _peak(pid: int) -> int:
    """The most memory that a process ever had, in bytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM"))
