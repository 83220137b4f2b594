"""Renditions through gateway and bus, against a plain application that streams the same objects of the same store.

Both sides are asked in turn, in the same run, by connections that wait for nothing but their answers.
"""

import asyncio
import random
import statistics
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import cycle
from uuid import uuid4

import uvloop

from benchmarks.api.load import Target
from benchmarks.cpu import Cpu, told
from benchmarks.rows import Row, ratio
from benchmarks.serve.load import CONNECTIONS, Wanted, answered
from benchmarks.serve.side_by_side import anchor_server, store_plain
from benchmarks.system import running
from dermfolio.contracts.views.images import ImageState
from dermfolio.local.servers.ports import HOST
from dermfolio.local.stack import Stack
from dermfolio.ops.api_client import Api
from dermfolio.ops.photographs import series
from dermfolio.ops.watching import Watch

SIZES = (1280, 320)
ROUNDS = 10
ROUND_SECONDS = 4.0
WARM_UP_SECONDS = 3.0
SETTLE_SECONDS = 1.5
"""After a round: what it left to do in the background is not the other side's burden."""

INGEST_SECONDS = 120.0
OURS, ANCHOR = "ours", "anchor"


@dataclass
class Side:
    """One of the two that are compared."""

    target: Target
    wanted: list[Wanted]
    rates: list[float] = field(default_factory=list)
    """Answers per second, round by round."""
    used: list[Mapping[str, float]] = field(default_factory=list)
    """Parts of one core by process, round by round."""


def rows() -> list[Row]:
    """The figure of this benchmark; starts a system of its own."""
    share = uvloop.run(_measured())
    return [
        ratio(
            "serve.rendition_vs_starlette",
            share,
            "Starlette that streams the same objects, plain, with the minio SDK",
            0.5,
            "higher",
        )
    ]


async def _measured() -> float:
    """Our answers per second by the anchor's: the median of the rounds."""
    async with AsyncExitStack() as exits:
        system = await exits.enter_async_context(running())
        api = await exits.enter_async_context(system.signed_in())
        renditions = await _renditions(api)
        copies = {f"benchmark{place}.webp": data for place, data in renditions.items()}
        await asyncio.to_thread(store_plain, system.stack, copies)
        pid, port = await exits.enter_async_context(anchor_server(system.stack))
        cookie = next(c.value for c in api.http.cookie_jar if c.key == "dermfolio_session")
        ours = Target(HOST, int(api.base_url.rpartition(":")[2]), cookie)
        anchor = Target(HOST, port, "")
        sides = {
            OURS: _side(ours, {f"/api/v1{place}": data for place, data in renditions.items()}),
            ANCHOR: _side(anchor, {f"/{key}": data for key, data in copies.items()}),
        }
        others = {"application": pid}
        for side in sides.values():
            await answered(side.target, cycle(side.wanted), WARM_UP_SECONDS)
        for number in range(ROUNDS):
            for who in sorted(sides, reverse=bool(number % 2)):
                await _round(system.stack, others, sides[who])
    for who, side in sides.items():
        _tell(who, side)
    pairs = zip(sides[OURS].rates, sides[ANCHOR].rates, strict=True)
    return statistics.median(our_rate / its_rate for our_rate, its_rate in pairs)


async def _renditions(api: Api) -> dict[str, bytes]:
    """A dozen photographs' renditions, by their place below the API's prefix."""
    patient = (await api.create_patient(f"serve-{uuid4().hex[:8]}")).id
    found: dict[str, bytes] = {}
    async with Watch(api, patient) as watch:
        for photograph in await asyncio.to_thread(series):
            image = uuid4()
            await api.put_image(patient, image, photograph.data, file_name=photograph.file_name)
            assert (await watch.end_of(image, INGEST_SECONDS)).state is ImageState.READY
            for size in SIZES:
                place = f"/patients/{patient}/images/{image}/renditions/{size}"
                found[place] = await api.get_rendition(patient, image, size)
    return found


def _side(target: Target, bodies: Mapping[str, bytes]) -> Side:
    wanted = [Wanted(target.get(path), len(body)) for path, body in bodies.items()]
    random.Random(1).shuffle(wanted)
    return Side(target, wanted)


async def _round(stack: Stack, others: Mapping[str, int], side: Side) -> None:
    cpu = Cpu(stack, others)
    side.rates.append(await answered(side.target, cycle(side.wanted), ROUND_SECONDS))
    side.used.append(cpu.used())
    await asyncio.sleep(SETTLE_SECONDS)


def _tell(who: str, side: Side) -> None:
    used = {name: statistics.fmean(one[name] for one in side.used) for name in side.used[0]}
    bytes_each = statistics.fmean(wanted.length for wanted in side.wanted)
    print(
        f"  {who}: {statistics.median(side.rates):.0f} answers per second ({min(side.rates):.0f} to "
        f"{max(side.rates):.0f}) of {bytes_each / 1000:.0f} kB over {CONNECTIONS} connections; {told(used)}",
        flush=True,
    )
