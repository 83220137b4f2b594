"""Processes killed anywhere, servers away, the bus emptied, everything restarted: during uploads, all of it."""

import asyncio
import random
import signal
from itertools import permutations

import pytest

from .conftest import SOAK, System
from .disturbing import away, disturb_at_random, empty_the_bus, processes_of, restart_in_turn
from .storm import storm
from .uploading import Uploading

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("stack"),
    pytest.mark.storm,
    pytest.mark.timeout(3600 if SOAK else 900),
]

AWAY_SECONDS = 180.0 if SOAK else 8.0
BETWEEN_SECONDS = 5.0
STORM_SECONDS = 300.0 if SOAK else 20.0
TIMES = 5 if SOAK else 1
SEEDS = range(5) if SOAK else range(1)


@pytest.mark.req("AUD-5")
async def test_servers_that_are_away_for_a_while_delay_and_nothing_else(system: System) -> None:
    async def disturb(_: Uploading) -> None:
        for server in ("nats", "postgres", "seaweedfs"):
            await asyncio.sleep(2)
            async with away(system.stack, server):
                await asyncio.sleep(AWAY_SECONDS)

    await storm(system, 10, disturb)


async def test_servers_killed_and_the_bus_emptied_over_and_over_lose_nothing(system: System) -> None:
    async def disturb(_: Uploading) -> None:
        for server in ("nats", "seaweedfs", "postgres") * TIMES:
            await asyncio.sleep(2)
            system.stack.processes[server].kill()
            await asyncio.sleep(BETWEEN_SECONDS)
            await empty_the_bus(system.stack)
            await asyncio.sleep(BETWEEN_SECONDS)

    await storm(system, 20, disturb)


@pytest.mark.req("AUD-5")
async def test_trail_bus_and_database_killed_in_every_order_lose_no_record(system: System) -> None:
    async def disturb(_: Uploading) -> None:
        for order in permutations(("audit", "nats", "postgres")):
            for name in order:
                server = system.stack.processes.get(name)
                for process in processes_of(system.stack, name) if server is None else [server]:
                    process.kill()
                await asyncio.sleep(0.5)
            await empty_the_bus(system.stack)
            await asyncio.sleep(BETWEEN_SECONDS)

    await storm(system, 60, disturb)


@pytest.mark.req("AUD-5")
@pytest.mark.parametrize("seed", SEEDS)
async def test_whatever_is_killed_at_random_nothing_is_lost_or_doubled(system: System, seed: int) -> None:
    async def disturb(_: Uploading) -> None:
        await disturb_at_random(system.stack, random.Random(seed), seconds=STORM_SECONDS, pause=1.5)

    await storm(system, 30 + seed, disturb)


async def test_a_rolling_restart_under_load_is_not_noticed(system: System) -> None:
    async def disturb(_: Uploading) -> None:
        await restart_in_turn(system.stack)

    await storm(system, 40, disturb)
    noticed = system.clinic.admin.faults + system.clinic.colleague.faults
    assert not [fault for fault in noticed if fault.startswith("5")], noticed


async def test_a_process_that_stands_still_for_a_while_holds_nobody_up(system: System) -> None:
    async def disturb(_: Uploading) -> None:
        for name in ("images-work-1", "images-serve-1", "patients-serve-1", "identity-serve-1", "audit-serve-1"):
            process = system.stack.processes[name]
            process.kill(signal.SIGSTOP)
            await asyncio.sleep(AWAY_SECONDS / 2)
            process.kill(signal.SIGCONT)

    await storm(system, 50, disturb)
