"""Mutated files of every format through the real decoding processes: they cost themselves, and nobody else."""

import asyncio
import collections
import os
import random
from collections.abc import AsyncIterator

import psutil
import pytest

from dermfolio.images.decoding import DecodingPool
from dermfolio.images.imaging import Developed, Limits, Reason, Rejected

from .imaging.samples import jpeg, texture
from .imaging.sound import SOUND
from .mutations import mutated

SOAK = bool(os.environ.get("DERMFOLIO_SOAK"))
MIB = 1024 * 1024
GOOD = jpeg(texture(200, 150))
BATCH = 100
BATCHES = 1_000 if SOAK else 12
SEED = 20_260_301

pytestmark = [pytest.mark.storm, pytest.mark.timeout(7200 if SOAK else 300)]


@pytest.fixture
async def pool() -> AsyncIterator[DecodingPool]:
    limits = Limits(pixels=4_000_000, decoded_bytes=64 * MIB)
    async with DecodingPool(workers=2, seconds=60, memory_mb=512, limits=limits, waiting_at_most=BATCH) as started:
        yield started


async def test_whatever_is_done_to_a_file_it_is_developed_or_rejected_and_the_next_one_is_developed(
    pool: DecodingPool,
) -> None:
    sound = list(SOUND.values())
    outcomes: collections.Counter[str] = collections.Counter()
    held = 0
    for number in range(BATCHES):
        files = [mutated(sound, random.Random(SEED + number * BATCH + n)) for n in range(BATCH)]
        for file, outcome in zip(files, await asyncio.gather(*map(pool.develop, files)), strict=True):
            assert isinstance(outcome, Developed | Rejected)
            reason = outcome.reason if isinstance(outcome, Rejected) else None
            assert reason is not Reason.TOOK_TOO_LONG, file[:64].hex()
            outcomes[reason or "developed"] += 1
        assert isinstance(await pool.develop(GOOD), Developed), f"after batch {number}"
        held = held or psutil.Process().memory_info().rss
    assert psutil.Process().memory_info().rss - held < 50 * MIB
    assert len(pool.processes) == 2
    assert {"developed", Reason.CORRUPT, Reason.TRUNCATED, Reason.UNSUPPORTED_TYPE} <= set(outcomes), outcomes
    assert outcomes[Reason.DECODER_CRASHED] <= BATCHES * BATCH / 100, outcomes
