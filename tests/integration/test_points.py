"""kill -9 at each named point, during uploads through both gateways."""

import asyncio
import io
import signal
import time
from pathlib import Path
from uuid import uuid4

import pytest

from dermfolio.contracts.images import original_key
from dermfolio.images import sweep as sweeping
from dermfolio.local.servers.object_store import BUCKET

from .conftest import SOAK, System
from .disturbing import processes_of
from .invariants import sweep, what_is_wrong
from .photographs import photograph
from .storm import storm
from .story import Story
from .truth import looking_into
from .uploading import Uploading

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("stack"),
    pytest.mark.storm,
    pytest.mark.timeout(900),
]
soak = pytest.mark.skipif(not SOAK, reason="the full storms run with DERMFOLIO_SOAK=1")

HAPPENS_SECONDS = 45.0
ACTOR_SECONDS = 60.0
"""For as long as a signed actor is believed."""

KILLED_AT = (
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
    ("patients", "reads.shown"),
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

IN_PROCESS = {"sweep.noted", "sweep.recorded"}
"""Nobody waits an hour for the sweep to come by."""


@pytest.mark.req("AUD-5")
async def test_a_process_killed_at_each_named_point_in_turn_loses_and_doubles_nothing(system: System) -> None:
    async def disturb(_: Uploading) -> None:
        for service, point in KILLED_AT:
            await _killed(system, service, point)

    await storm(system, 1, disturb)


@soak
@pytest.mark.parametrize(("service", "point"), KILLED_AT, ids=[f"{s}-{p}" for s, p in KILLED_AT])
async def test_killed_again_and_again_at_one_point(system: System, service: str, point: str) -> None:
    async def disturb(_: Uploading) -> None:
        for _ in range(4):
            await _killed(system, service, point)

    await storm(system, KILLED_AT.index((service, point)), disturb)


async def _killed(system: System, service: str, point: str) -> None:
    system.faults.set(service, point)
    assert await system.faults.happened(service, point, HAPPENS_SECONDS), f"{service} never came by {point}"


@pytest.mark.req("DEL-6")
@pytest.mark.parametrize("point", sorted(IN_PROCESS))
async def test_a_sweep_cut_off_in_the_middle_is_recorded_once(
    system: System, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    left = original_key(uuid4(), uuid4())
    await _put(system, left)

    class Killed(BaseException):
        """It goes no further."""

    def kill(name: str) -> None:
        if name == point:
            raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(sweeping.faults, "point", kill)
        with pytest.raises(Killed):
            await sweep(system.stack)
    async with looking_into(system.stack) as truth:
        assert left in await truth.objects()
        assert (
            await what_is_wrong(system.stack, Story(system.clinic.admin, await system.clinic.new_patient(), [])) == []
        )
        swept = "SELECT count(*) FROM outbox WHERE subject = 'evt.images.swept' AND payload ->> 'image' = $1"
        assert await truth.value("images", swept, left.split("/")[1]) == 1


async def _put(system: System, key: str) -> None:
    """Bytes that no image will ever claim."""
    client = system.stack.embedded.store.client()
    file = photograph(uuid4())
    await asyncio.to_thread(client.put_object, BUCKET, key, io.BytesIO(file.data), len(file.data))


@soak
async def test_a_twin_of_a_lost_request_does_not_take_the_photographs_bytes_away(system: System) -> None:
    """One of two processes stands still while it registers; the other registers; the first wakes up when its caller is
    no longer believed, and is refused.
    """
    clinic = system.clinic
    patient = await clinic.new_patient()
    uploading = Uploading(clinic.admin, patient, seed=4)
    system.faults.set("images", "register.undecided", signal.SIGSTOP)
    upload = asyncio.create_task(uploading.fresh())
    assert await system.faults.happened("images", "register.undecided", HAPPENS_SECONDS)
    stopped = next(p for p in processes_of(system.stack, "images") if _stands_still(p.pid))
    began = time.monotonic()
    system.stack.processes["nats"].kill()  # the gateway asks again, under the same attempt
    assert (await upload).outcome == "accepted"
    await asyncio.sleep(began + ACTOR_SECONDS + 5 - time.monotonic())
    stopped.kill(signal.SIGCONT)
    await system.stack.ready()
    await asyncio.sleep(5)
    assert await what_is_wrong(system.stack, Story(clinic.admin, patient, uploading.seen)) == []


def _stands_still(pid: int | None) -> bool:
    return pid is not None and Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"
