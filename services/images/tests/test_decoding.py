"""Decoding in processes of its own: what befalls one befalls one file."""

import asyncio
import io
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
from PIL import Image

from dermfolio.common.errors import Unavailable
from dermfolio.common.testing import eventually
from dermfolio.images import decoding, frames
from dermfolio.images.decoding import ENVIRONMENT, Confinement, Decoder, DecodingPool, Died
from dermfolio.images.imaging import FULL, CaptureFacts, Developed, Limits, Reason, Rejected, Rendition

from .imaging.samples import jpeg, jpeg_claiming, png, texture

PATIENT_SECONDS = 60.0
MIB = 1024 * 1024

SMALL = jpeg(texture(64, 48))
SLOW = jpeg(texture(2000, 1500), quality=90)


@asynccontextmanager
async def a_pool(**options: Any) -> AsyncIterator[DecodingPool]:
    async with asyncio.timeout(PATIENT_SECONDS):
        pool = await DecodingPool(**({"workers": 1} | options)).__aenter__()
    try:
        yield pool
    finally:
        await pool.__aexit__()


async def handed_over(pool: DecodingPool, data: bytes) -> tuple[asyncio.Task[Developed | Rejected], int]:
    """A file that lies before a process, and the process, which is stopped."""
    process = pool.processes[0]
    os.kill(process, signal.SIGSTOP)
    outcome = asyncio.create_task(pool.develop(data))
    await asyncio.sleep(0.1)
    return outcome, process


def end(process: int, how: signal.Signals) -> None:
    """Send a signal to a stopped process, and let it die of it."""
    os.kill(process, how)
    if how is not signal.SIGKILL:  # which needs no going on, and may have had its effect already
        os.kill(process, signal.SIGCONT)


async def gone(process: int) -> None:
    async def look() -> bool:
        try:
            return psutil.Process(process).status() == psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return True

    await eventually(look, seconds=PATIENT_SECONDS)


async def test_a_photograph_is_developed_in_another_process() -> None:
    async with a_pool() as pool:
        outcome = await pool.develop(jpeg(texture()))
        assert isinstance(outcome, Developed)
        assert [r.size for r in outcome.renditions] == [2560, 1280, 320]
        assert os.getpid() not in pool.processes


async def test_a_refusal_comes_back_with_its_reason() -> None:
    async with a_pool(limits=Limits(pixels=1000)) as pool:
        assert await pool.develop(b"%PDF-1.7") == Rejected(Reason.UNSUPPORTED_TYPE)
        assert await pool.develop(SMALL[:-200]) == Rejected(Reason.TRUNCATED)
        assert await pool.develop(b"") == Rejected(Reason.UNSUPPORTED_TYPE)
        assert await pool.develop(SMALL) == Rejected(Reason.TOO_MANY_PIXELS)


async def test_many_files_share_few_processes() -> None:
    async with a_pool(workers=2, waiting_at_most=40) as pool:
        outcomes = await asyncio.gather(*(pool.develop(SMALL) for _ in range(40)))
        assert all(isinstance(outcome, Developed) for outcome in outcomes)
        assert len(pool.processes) == 2


async def test_a_file_that_takes_too_long_is_rejected_and_nothing_else() -> None:
    async with a_pool(workers=2, seconds=5) as pool:
        stopped = pool.processes
        for pid in stopped:
            os.kill(pid, signal.SIGSTOP)
        slow = await asyncio.gather(pool.develop(SMALL), pool.develop(SLOW))
        assert slow == [Rejected(Reason.TOOK_TOO_LONG)] * 2
        for pid in stopped:
            await gone(pid)
        assert isinstance(await pool.develop(SMALL), Developed)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS])
async def test_a_process_that_is_ended_at_its_work_costs_the_file_nothing(how) -> None:
    async with a_pool() as pool:
        outcome, process = await handed_over(pool, SMALL)
        end(process, how)
        assert isinstance(await outcome, Developed)


async def test_a_file_that_ends_every_process_is_rejected_and_nothing_else(monkeypatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(decoding, "ALARM_AFTER", 0.01 - PATIENT_SECONDS)  # every process dies of what takes longer
        async with a_pool(seconds=PATIENT_SECONDS) as pool:
            first = pool.processes
            assert await pool.develop(SLOW) == Rejected(Reason.DECODER_CRASHED)
            patched.undo()
            assert isinstance(await pool.develop(SMALL), Developed)
            assert pool.processes != first


async def test_idle_processes_that_were_killed_are_replaced() -> None:
    async with a_pool(workers=2) as pool:
        for _ in range(3):
            before = pool.processes
            for pid in before:
                os.kill(pid, signal.SIGKILL)
            outcomes = await asyncio.gather(pool.develop(SMALL), pool.develop(SMALL))
            assert all(isinstance(outcome, Developed) for outcome in outcomes)
            assert not set(before) & set(pool.processes)


async def test_other_files_go_on_while_one_hangs() -> None:
    async with a_pool(workers=2, seconds=PATIENT_SECONDS) as pool:
        hanging = pool.processes[0]
        os.kill(hanging, signal.SIGSTOP)
        tasks = [asyncio.create_task(pool.develop(SMALL)) for _ in range(6)]

        async def all_but_one() -> bool:
            return sum(task.done() for task in tasks) == 5

        await eventually(all_but_one, seconds=PATIENT_SECONDS)
        os.kill(hanging, signal.SIGCONT)
        assert all(isinstance(outcome, Developed) for outcome in await asyncio.gather(*tasks))


async def test_memory_is_bounded() -> None:
    async with a_pool(memory_mb=160) as pool:
        interlaced = large_interlaced_png()
        outcome = await pool.develop(interlaced)
        assert outcome in {Rejected(Reason.TOO_MANY_BYTES_DECODED), Rejected(Reason.DECODER_CRASHED)}
        assert isinstance(await pool.develop(SMALL), Developed)
    async with a_pool(memory_mb=1024) as pool:
        assert isinstance(await pool.develop(interlaced), Developed)


def large_interlaced_png() -> bytes:
    """Adam7 is decoded whole: 210 MB here."""
    import pyvips

    data: bytes = pyvips.Image.black(10000, 7000, bands=3).pngsave_buffer(interlace=True, compression=1)
    return data


def flat(width: int, height: int, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), (200, 140, 110)).save(buffer, kind, **options)
    return buffer.getvalue()


LARGE = {
    "lossless webp": lambda: flat(5000, 5000, "WEBP", lossless=True, method=0),
    "webp": lambda: flat(5000, 5000, "WEBP", method=0),
    "avif": lambda: flat(5000, 5000, "AVIF", speed=10),
    "tiff in one strip": lambda: flat(5000, 5000, "TIFF", compression="tiff_lzw", tiffinfo={278: 5000}),
    "gif": lambda: flat(5000, 5000, "GIF"),
}


@pytest.mark.parametrize("what", LARGE)
async def test_large_pictures_of_every_format_take_little_of_the_memory_that_there_is(what) -> None:
    data = LARGE[what]()
    async with a_pool() as pool:
        assert isinstance(await pool.develop(data), Developed)
        assert peak_mib(pool.processes[0]) < 450


def peak_mib(process: int) -> int:
    """The most that a process has held in memory."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


async def test_a_picture_that_needs_more_memory_than_there_is_is_refused_without_a_crash() -> None:
    data = flat(6000, 4000, "AVIF", speed=10)
    async with a_pool(memory_mb=200) as pool:
        process = pool.processes[0]
        assert await pool.develop(data) == Rejected(Reason.TOO_MANY_BYTES_DECODED)
        assert isinstance(await pool.develop(SMALL), Developed)
        assert pool.processes == [process]


async def test_a_photograph_of_50_megapixels_needs_no_more_than_the_default_allows() -> None:
    import pyvips

    picture = pyvips.Image.black(8160, 6120, bands=3).copy(interpretation="srgb")
    async with a_pool() as pool:
        for options in ({}, {"interlace": True}):
            assert isinstance(await pool.develop(picture.jpegsave_buffer(**options)), Developed)


async def test_a_process_is_replaced_after_its_files() -> None:
    async with a_pool(files_per_process=2) as pool:
        seen = []
        for _ in range(5):
            assert isinstance(await pool.develop(SMALL), Developed)
            seen.append(pool.processes[0])
        assert seen[0] == seen[1] != seen[2] == seen[3] != seen[4]


async def test_more_files_than_may_wait_are_sent_away() -> None:
    async with a_pool(waiting_at_most=2) as pool:
        os.kill(pool.processes[0], signal.SIGSTOP)
        tasks = [asyncio.create_task(pool.develop(SMALL)) for _ in range(3)]
        await asyncio.sleep(0.05)
        with pytest.raises(Unavailable):
            await pool.develop(SMALL)
        os.kill(pool.processes[0], signal.SIGCONT)
        assert all(isinstance(outcome, Developed) for outcome in await asyncio.gather(*tasks))


async def test_a_file_that_is_given_up_leaves_the_pool_sound() -> None:
    async with a_pool() as pool:
        task, first = await handed_over(pool, SMALL)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await gone(first)
        assert isinstance(await pool.develop(SMALL), Developed)


async def test_a_pool_that_ends_rejects_nothing() -> None:
    async with a_pool(workers=2) as pool:
        processes = pool.processes
        tasks = [asyncio.create_task(pool.develop(SLOW)) for _ in range(4)]
        await asyncio.sleep(0.1)
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(outcome, Developed | Unavailable) for outcome in outcomes)
    for pid in processes:
        await gone(pid)
    with pytest.raises(Unavailable):
        await pool.develop(SMALL)


async def test_a_pool_ends_though_a_process_hangs(monkeypatch) -> None:
    monkeypatch.setattr(decoding, "END_SECONDS", 0.2)
    async with a_pool() as pool:
        hanging = pool.processes[0]
        os.kill(hanging, signal.SIGSTOP)
    await gone(hanging)


async def test_where_no_process_starts_the_pool_is_unavailable(monkeypatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    with pytest.raises(Unavailable):
        await DecodingPool().__aenter__()
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(Unavailable):
        await DecodingPool().__aenter__()


async def test_a_decoder_outlives_signals_meant_for_the_service_but_not_its_input() -> None:
    decoder = await Decoder.started(Confinement(PATIENT_SECONDS, 1024 * MIB, Limits(), 10))
    for ending in (signal.SIGINT, signal.SIGTERM):
        os.kill(decoder.pid, ending)
    assert isinstance(await decoder.develop(SMALL, PATIENT_SECONDS), Developed)
    assert await decoder.end() == 0


async def test_a_decoder_that_nobody_ends_ends_itself() -> None:
    lonely = Confinement(0.01 - decoding.ALARM_AFTER, 1024 * MIB, Limits(), 10)
    decoder = await Decoder.started(lonely)
    with pytest.raises(Died):
        await decoder.develop(SLOW, PATIENT_SECONDS)
    assert await decoder.end() == -signal.SIGALRM


async def test_a_decoder_holds_neither_secrets_nor_the_services_code() -> None:
    async with a_pool() as pool:
        await pool.develop(SMALL)
        process = psutil.Process(pool.processes[0])
        assert set(process.environ()) <= set(ENVIRONMENT)
        assert process.memory_info().rss < 120 * MIB
        loaded = " ".join(mapped.path for mapped in process.memory_maps())
        for foreign in ("asyncpg", "pydantic_core", "sqlalchemy", "cryptography", "uvloop", "numpy"):
            assert foreign not in loaded


async def test_a_decoder_leaves_no_core_dump_and_no_file() -> None:
    async with a_pool() as pool:
        await pool.develop(jpeg_claiming(3000, 3000))
        process = psutil.Process(pool.processes[0])
        assert process.rlimit(psutil.RLIMIT_CORE) == (0, 0)
        assert process.rlimit(psutil.RLIMIT_DATA) == (1024 * MIB, 1024 * MIB)
        assert process.open_files() == []


STAND_IN = "HwgCDQIDdTGEOiEkUwMEde7uXwdW"


@pytest.mark.parametrize(
    "outcome",
    [
        Rejected(Reason.CORRUPT),
        Developed(
            "image/png",
            3,
            4,
            (Rendition(2560, 3, 4, b"\0RIFF\xff"), Rendition(320, 3, 4, b""), Rendition(FULL, 3, 4, b"\x89PNG")),
            CaptureFacts("2024-01-02T03:04:05", "Ōshima", None, "60 mm", 0.008, 2.8, 400, 60.0, False, orientation=6),
            STAND_IN,
        ),
    ],
)
def test_an_outcome_survives_the_way(outcome) -> None:
    head, *data = frames.written(outcome)
    assert frames.announced(head) == len(data)
    assert frames.read(head, data) == outcome


FACTS = (
    b'{"captured_at": null, "camera_make": null, "camera_model": null, "lens": null, "exposure_seconds": null,'
    b' "f_number": 2.8, "iso": null, "focal_length_mm": null, "flash_fired": null, "orientation": 1}'
)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"\x80\x04K\x01.",
        b"[]",
        b"7",
        b'{"rejected": "bored"}',
        b"{}",
        b'{"renditions": 3}',
        b'{"renditions": [[1, 2]]}',
        b'{"media_type": "image/png", "width": "x", "height": 1, "capture": {}, "renditions": []}',
        b'{"media_type": "image/png", "width": 1, "height": 1, "capture": [], "renditions": []}',
        b'{"media_type": "image/png", "width": 1, "height": 1, "capture": {}, "renditions": [[7, 1, 1]]}',
        b'{"media_type": "image/png", "width": 1, "height": 1, "capture": {}, "renditions": [[[], 1, 1]]}',
        *(
            b'{"media_type": "image/png", "width": 1, "height": 1, "renditions": [], "capture": %s, "thumbhash": "%s"}'
            % (said, STAND_IN.encode())
            for said in (FACTS.replace(b"2.8", b"NaN"), FACTS.replace(b"2.8", b"1e999"), FACTS.replace(b"2.8", b'"x"'))
        ),
        *(
            b'{"media_type": "image/png", "width": 1, "height": 1, "renditions": [], "capture": %s, "thumbhash": %s}'
            % (FACTS, said)
            for said in (b"null", b"7", b'""', b'"<script>"', b'"HwgC"', b'"%s"' % (b"A" * 400))
        ),
    ],
)
def test_nonsense_from_a_decoder_is_recognised(head) -> None:
    with pytest.raises(frames.Malformed):
        frames.read(head, [b""] * frames.announced(head))


@pytest.mark.parametrize("words", ["ready\\0", "x" * 8 + "y"])
async def test_a_process_that_speaks_nonsense_is_ended(monkeypatch, tmp_path, words) -> None:
    program = tmp_path / "python"
    program.write_text(f"#!/bin/sh\nprintf '\\0\\0\\0\\0\\0\\0\\0\\005ready'\nprintf '{words}'\nexec sleep 600\n")
    program.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(program))
    async with a_pool(seconds=5) as pool:
        process = pool.processes[0]
        outcome = await pool.develop(SMALL)
        assert isinstance(outcome, Rejected)
        await gone(process)


def test_a_frame_without_end_is_not_read() -> None:
    with pytest.raises(frames.Malformed):
        frames.length(b"\xff" * frames.HEAD)


async def test_a_png_goes_the_same_way() -> None:
    async with a_pool() as pool:
        outcome = await pool.develop(png(texture()))
        assert isinstance(outcome, Developed)
        assert outcome.media_type == "image/png"
