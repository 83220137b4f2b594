"""kill -9 at each named point, during uploads through both gateways."""

import pytest

from .conftest import SOAK, System
from .storm import storm
from .uploading import Uploading

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("stack"),
    pytest.mark.storm,
    pytest.mark.timeout(900),
]

HAPPENS_SECONDS = 45.0

POINTS = (
    # of a different service each time, so that the one that died is back when its turn comes again
    ("gateway", "upload.arrived"),
    ("images", "register.undecided"),
    ("patients", "admission.written"),
    ("audit", "follower.applied"),
    ("images", "decode.begun"),
    ("identity", "sign_in.committed"),
    ("gateway", "upload.stored"),
    ("images", "register.admitted"),
    ("patients", "admission.committed"),
    ("images", "ingest.stored"),
    ("audit", "follower.committed"),
    ("identity", "outbox.stamped"),
    ("gateway", "upload.registered"),
    ("images", "register.written"),
    ("patients", "reads.committed"),
    ("images", "job.done"),
    ("audit", "trail.kept"),
    ("images", "register.committed"),
    ("patients", "outbox.published"),
    ("images", "reads.committed"),
    ("identity", "outbox.published"),
    ("images", "register.superfluous"),
    ("patients", "follower.applied"),
    ("images", "outbox.stamped"),
    ("patients", "follower.committed"),
    ("images", "outbox.published"),
)


async def test_a_process_killed_at_each_named_point_in_turn_loses_and_doubles_nothing(system: System) -> None:
    async def disturb(_: Uploading) -> None:
        for service, point in POINTS:
            system.faults.set(service, point)
            assert await system.faults.happened(service, point, HAPPENS_SECONDS), f"{service} never came by {point}"

    await storm(system, 1, disturb)


@pytest.mark.skipif(not SOAK, reason="the full storms run with DERMFOLIO_SOAK=1")
@pytest.mark.parametrize(("service", "point"), POINTS, ids=[f"{s}-{p}" for s, p in POINTS])
async def test_killed_three_times_at_one_point(system: System, service: str, point: str) -> None:
    async def disturb(_: Uploading) -> None:
        for _ in range(3):
            system.faults.set(service, point)
            assert await system.faults.happened(service, point, HAPPENS_SECONDS), f"{service} never came by {point}"

    await storm(system, hash(point) % 1000, disturb)
