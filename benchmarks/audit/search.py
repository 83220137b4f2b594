"""How long an auditor waits for a page of the trail, with any one filter, at ten million records."""

import hashlib
import random
import statistics
import time
from collections.abc import Iterator, Mapping
from typing import get_args
from uuid import UUID

from benchmarks.audit import seeding
from benchmarks.system import System
from dermfolio.contracts.messages import Action
from dermfolio.contracts.roles import Role
from dermfolio.contracts.views.audit import Outcome
from dermfolio.ops.api_client import PREFIX, Api

PAGE = 100
SEARCHES = 24
"""With each filter; one in three looks for what is not there."""

Wanted = Mapping[str, str]


async def p95_ms(system: System) -> float:
    """The 95th percentile of the slowest filter, in milliseconds, over HTTP, one search at a time."""
    seeding.seed(system.stack.embedded.postgres, "audit")
    dice = random.Random(3)
    slowest = 0.0
    async with system.signed_in() as auditor:
        for name, searches in _filters(dice).items():
            await _search(auditor, {})
            took = [await _search(auditor, wanted) for wanted in searches]
            p95 = statistics.quantiles(took, n=20)[18]
            print(f"  {name}: median {statistics.median(took):.1f} ms, p95 {p95:.1f} ms", flush=True)
            slowest = max(slowest, p95)
    return slowest


async def _search(auditor: Api, wanted: Wanted) -> float:
    began = time.perf_counter()
    async with auditor.http.get(f"{PREFIX}/trail", params={"limit": str(PAGE), **wanted}) as answer:
        assert answer.status == 200, await answer.text()
        await answer.json()
    return 1000 * (time.perf_counter() - began)


def _filters(dice: random.Random) -> dict[str, list[Wanted]]:
    """Searches by the name of their filter."""

    def some(kind: str, known: int) -> Iterator[str]:
        for _ in range(SEARCHES):
            name = f"{kind} {dice.randrange(known * 3 // 2)}"
            yield str(UUID(hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()))

    values: dict[str, list[str]] = {
        "user": list(some("user", seeding.USERS)),
        "site": list(some("site", seeding.SITES)),
        "patient": list(some("patient", seeding.PATIENTS)),
        "object_id": list(some("image", 3_000_000)),
        "address": [f"10.0.{dice.randrange(4)}.{dice.randrange(256)}" for _ in range(SEARCHES)],
        "event": ["images.deleted", "images.rendition_viewed", "patients.viewed", "reports.made"],
        "object_kind": ["image", "patient", "report"],
        "role": list(Role),
        "action": list(get_args(Action)),
        "outcome": list(get_args(Outcome)),
    }
    searches: dict[str, list[Wanted]] = {
        name: [{name: chosen[turn % len(chosen)]} for turn in range(SEARCHES)] for name, chosen in values.items()
    }
    return searches | {"time": [_day(dice) for _ in range(SEARCHES)], "nothing": [{}] * SEARCHES}


def _day(dice: random.Random) -> Wanted:
    day = f"{dice.choice((2024, 2025))}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"
    return {"since": f"{day}T00:00:00Z", "until": f"{day}T23:59:59Z"}
