"""Reads through gateway and bus against a plain application on the same PostgreSQL, in turn, at the same offered rate.

What is counted: the CPU of every process that takes part in answering. On our side that is the gateway, patients,
identity (who asks whether the session still lives), the bus, and the backends of their databases; it includes what a
read causes afterwards in these processes (its record is published, and fetched by the trail). On the anchor's side it
is the application's process and the backends of its database. What the processes use while nobody asks is subtracted
on both sides. The trail's own process is not counted: the anchor has no trail.
"""

import asyncio
import random
import secrets
import statistics
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import uvloop

from benchmarks.api.load import Target, offered
from benchmarks.api.metering import Meter, difference, read_meter
from benchmarks.api.seeding import ANCHOR, PATIENTS, patient_id, seed_patients, seed_session
from benchmarks.api.side_by_side import anchor_server
from benchmarks.rows import Row, ratio
from benchmarks.system import running
from dermfolio.local.servers.ports import HOST
from dermfolio.local.stack import Stack

ROUNDS = 8
LOAD_SECONDS = 4.0
SETTLE_SECONDS = 1.5
"""After the load: what it left to do in the background is done, and counted."""

IDLE_SECONDS = 5.0
GETS_PER_SECOND = 100.0
LISTS_PER_SECOND = 25.0
PAGE = 100
OURS = ("gateway-serve-1", "patients-serve-1", "identity-serve-1", "nats")
OUR_DATABASES = ("patients", "identity")

_ANCHOR_NAME = "plain FastAPI + SQLModel + asyncpg"


@dataclass
class Side:
    """One of the two that are compared."""

    target: Target
    prefix: str
    meter: Callable[[], Meter]
    idle: Meter = field(default_factory=dict)
    """CPU seconds per second while nobody asks."""

    async def observe_idle(self) -> None:
        """Measure what it uses while nobody asks."""
        before = self.meter()
        await asyncio.sleep(IDLE_SECONDS)
        self.idle = {name: used / IDLE_SECONDS for name, used in difference(before, self.meter()).items()}

    async def under(self, paths: list[str], rate: float) -> tuple[Meter, list[float]]:
        """Load it; returns CPU seconds per request by part, and every answer's seconds."""
        requests = [self.target.get(self.prefix + path) for path in paths]
        before = self.meter()
        seconds = await offered(self.target, requests, rate)
        await asyncio.sleep(SETTLE_SECONDS)
        used = difference(before, self.meter())
        length = len(paths) / rate + SETTLE_SECONDS
        return {n: max(0.0, used[n] - self.idle.get(n, 0.0) * length) / len(paths) for n in used}, seconds


def rows() -> list[Row]:
    """The figures of this benchmark; starts a system of its own."""
    return uvloop.run(_measured())


async def _measured() -> list[dict[str, Any]]:
    async with AsyncExitStack() as stack:
        system = await stack.enter_async_context(running())
        api = await stack.enter_async_context(system.signed_in())
        session = api.session
        assert session is not None
        [site] = [s.site for s in session.sites]
        token = secrets.token_urlsafe(32)
        anchor_pid, anchor_port = await stack.enter_async_context(anchor_server(system.stack))
        await asyncio.to_thread(_seed, system.stack, site, session.user, token)
        port = int(system.stack.gateways[0].rpartition(":")[2])
        cookie = next(c.value for c in api.http.cookie_jar if c.key == "dermfolio_session")
        ours = Side(Target(HOST, port, cookie), "/api/v1", lambda: _our_meter(system.stack))
        anchor = Side(Target(HOST, anchor_port, token), "", lambda: _anchor_meter(system.stack, anchor_pid))
        chance = random.Random(1)

        def one_patient() -> str:
            return f"/patients/{patient_id(chance.randint(1, PATIENTS))}"

        get = await _compared("get", ours, anchor, one_patient, GETS_PER_SECOND)
        page = await _compared("list", ours, anchor, lambda: f"/patients?limit={PAGE}", LISTS_PER_SECOND)
    return [
        ratio("api.get_cpu", get.cpu, _ANCHOR_NAME, 0.7),
        ratio("api.list_cpu", page.cpu, _ANCHOR_NAME, 0.45),
        ratio("api.get_p99", get.p99, _ANCHOR_NAME, 1.0),
    ]


@dataclass(frozen=True)
class Compared:
    """Ours over the anchor's."""

    cpu: float
    p99: float


async def _compared(name: str, ours: Side, anchor: Side, path: Callable[[], str], rate: float) -> Compared:
    sides = {"ours": ours, "anchor": anchor}
    for side in sides.values():
        await side.under([path() for _ in range(int(rate * 2))], rate)
        await side.observe_idle()
    cpu: dict[str, list[Meter]] = {"ours": [], "anchor": []}
    seconds: dict[str, list[float]] = {"ours": [], "anchor": []}
    for round_number in range(ROUNDS):
        paths = [path() for _ in range(int(rate * LOAD_SECONDS))]
        for who in sorted(sides, reverse=bool(round_number % 2)):
            used, taken = await sides[who].under(paths, rate)
            cpu[who].append(used)
            seconds[who] += taken
    for who in sides:
        _tell(f"{name}, {who}", cpu[who], seconds[who])
    totals = {who: statistics.fmean(sum(m.values()) for m in cpu[who]) for who in sides}
    return Compared(totals["ours"] / totals["anchor"], _p99(seconds["ours"]) / _p99(seconds["anchor"]))


def _tell(name: str, meters: list[Meter], seconds: list[float]) -> None:
    parts = {part: 1000 * statistics.fmean(m[part] for m in meters) for part in meters[0]}
    told = " + ".join(f"{part} {ms:.2f}" for part, ms in parts.items())
    milliseconds = [1000 * s for s in seconds]
    print(
        f"  {name}: CPU {sum(parts.values()):.2f} ms = {told}; "
        f"answered in {statistics.median(milliseconds):.1f} ms, p99 {_p99(milliseconds):.1f} ms",
        flush=True,
    )


def _p99(values: list[float]) -> float:
    return statistics.quantiles(values, n=100)[98]


def _our_meter(stack: Stack) -> Meter:
    pids = {name: stack.processes[name].pid or 0 for name in OURS}
    return read_meter(pids, stack.processes["postgres"].pid or 0, OUR_DATABASES)


def _anchor_meter(stack: Stack, pid: int) -> Meter:
    return read_meter({"application": pid}, stack.processes["postgres"].pid or 0, (ANCHOR,))


def _seed(stack: Stack, site: UUID, user: UUID, token: str) -> None:
    postgres = stack.embedded.postgres
    for database in ("patients", ANCHOR):
        seed_patients(postgres, database, site=site, user=user)
    seed_session(postgres, site=site, user=user, token=token)
