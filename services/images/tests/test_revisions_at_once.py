"""A photograph that several turn while several workers make it so, some of them late or twice."""

import asyncio
from itertools import permutations
from typing import Literal, NamedTuple

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dermfolio.contracts.rotation import TurnImage
from dermfolio.contracts.views.images import ImageView

from .conftest import Clinic
from .imaging.samples import corners, jpeg, pixels
from .turning import Bench, bench_of

pytestmark = pytest.mark.req("POOL-13")

PICTURE = corners(48, 32)
MOST = 8
"""Steps that are taken together with others."""


class Step(NamedTuple):
    """Somebody clicks so often, or a worker has the job of this turn, or has it buried."""

    who: Literal["user", "worker", "undertaker"]
    quarters: int


class Stand(NamedTuple):
    """How a photograph stands, and how it is wanted, in quarter turns."""

    now: int = 0
    wanted: int = 0

    def after(self, step: Step) -> "Stand":
        if step.who == "user":
            return Stand(self.now, (self.wanted + step.quarters) % 4)
        if self.wanted != step.quarters:
            return self
        return Stand(self.now, self.now) if step.who == "undertaker" else Stand(self.wanted, self.wanted)


def after(before: set[Stand], together: list[Step]) -> set[Stand]:
    """What may have become of it, whichever of them was first."""
    ends = set()
    for stand in before:
        for order in permutations(together):
            end = stand
            for step in order:
                end = end.after(step)
            ends.add(end)
    return ends


async def take(bench: Bench, step: Step) -> None:
    job = TurnImage(image=bench.table.image, rotation=90 * step.quarters)
    if step.who == "user":
        await bench.table.rotate(step.quarters)
    elif step.who == "worker":
        await bench.work(job)
    else:
        await bench.turn().buried(job)


async def is_whole(bench: Bench, seen: ImageView) -> None:
    """Facts and pictures are of one revision."""
    expected = np.rot90(np.asarray(PICTURE), -seen.rotation // 90)
    assert (seen.height, seen.width) == expected.shape[:2]
    shown = pixels(await bench.table.rendition(320))
    for y, x in ((1, 1), (1, -2), (-2, 1), (-2, -2)):
        assert np.abs(shown[y, x].astype(int) - expected[y, x].astype(int)).max() < 24


STEP = st.builds(Step, st.sampled_from(["user", "worker", "worker", "undertaker"]), st.integers(1, 3) | st.just(0))
CLICK = st.builds(Step, st.just("user"), st.integers(1, 3))
TOGETHER = st.lists(STEP.filter(lambda step: step.who != "user" or step.quarters > 0), max_size=2)


@pytest.fixture
async def bench(idle_clinic: Clinic) -> Bench:
    """A ready photograph that nobody turns but by hand."""
    return await bench_of(idle_clinic, jpeg(PICTURE))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(CLICK, TOGETHER).map(lambda both: [both[0], *both[1]]) | TOGETHER, max_size=MOST))
async def test_a_photograph_stands_as_some_order_of_clicks_and_jobs_makes_it(
    bench: Bench, steps: list[list[Step]]
) -> None:
    settled = (await bench.table.seen()).rotation // 90  # as the last example left it
    possible = {Stand(settled, settled)}
    for together in steps:
        await asyncio.gather(*(take(bench, step) for step in together))
        seen = await bench.table.seen()
        await is_whole(bench, seen)
        possible = {
            stand
            for stand in after(possible, together)
            if (90 * stand.now, stand.now != stand.wanted) == (seen.rotation, seen.rotating)
        }
        assert possible, together
    for quarters in range(4):
        await bench.work(TurnImage(image=bench.table.image, rotation=90 * quarters))
    seen = await bench.table.seen()
    assert not seen.rotating
    assert seen.rotation in {90 * stand.wanted for stand in possible}
    await is_whole(bench, seen)
