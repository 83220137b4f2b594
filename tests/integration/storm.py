"""A storm: a clinic at work on a system that is disturbed, and the reckoning afterwards."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

import structlog

from .conftest import System
from .invariants import what_is_wrong
from .listener import Listener
from .logs import Logs
from .routine import Routine
from .story import Story
from .uploading import Uploading

log = structlog.get_logger()

READY_SECONDS = 120.0

Disturb = Callable[[Uploading], Awaitable[None]]


async def storm(system: System, seed: int, disturb: Disturb, *, at_once: int = 3, pause: float = 1.0) -> Story:
    """Disturb the system while a clinic works on it, then check every invariant, and what the logs say."""
    began = time.monotonic()
    clinic, stack = system.clinic, system.stack
    logs, patient = Logs(stack), await clinic.new_patient()
    for browser in (clinic.admin, clinic.colleague):
        browser.faults.clear()
    uploading, routine = Uploading(clinic.admin, patient, seed), Routine(clinic, patient)
    async with AsyncExitStack() as listening:
        listeners = [
            await listening.enter_async_context(Listener(clinic.colleague, api, patient))
            for api in clinic.colleague.apis
        ]
        async with asyncio.TaskGroup() as group:
            group.create_task(uploading.go_on(at_once=at_once, pause=pause))
            group.create_task(routine.go_on())
            await disturb(uploading)
            uploading.stop()
            routine.stop()
            log.info("storm.over", seconds=_since(began))
        log.info("storm.answered", seconds=_since(began), uploads=len(uploading.seen))
        await stack.ready(READY_SECONDS)
        story = Story(clinic.admin, patient, uploading.seen, listeners, routine.denials)
        faults = clinic.admin.faults + clinic.colleague.faults
        wrong = await what_is_wrong(stack, story)
    clinic.personal |= {file.name for file in uploading.files}
    log.info(
        "storm.reckoned",
        seconds=_since(began),
        faults=dict(faults),
        resyncs=[listener.resyncs for listener in listeners],
        connections=[listener.connections for listener in listeners],
        told_twice=sum(count > 1 for listener in listeners for count in listener.told.values()),
    )
    wrong += logs.wrong(clinic.personal)
    assert uploading.seen, "nothing was uploaded"
    assert not wrong, "\n" + "\n".join(wrong)
    return story


def _since(began: float) -> float:
    return round(time.monotonic() - began, 1)
