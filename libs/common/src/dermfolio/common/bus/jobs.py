"""Doing: durable pull consumers of jobs.

What a handler's end means:

| end                       | then                                                                           |
|---------------------------|--------------------------------------------------------------------------------|
| returns                   | acknowledged                                                                   |
| raises `Unavailable`      | put back, delays growing to 120 s, without limit; the attempt does not count   |
| raises anything else      | put back for 1, 5, 30, 120 s, then buried                                      |
| the process dies          | delivered again after the acknowledgement wait; the attempt counts             |
| the payload is not valid  | buried at once                                                                 |

Buried: a copy goes to `dlq.<consumer>.<subject>`, the user is told by `on_buried`, delivery ends.
Attempts are counted in the inbox, before the handler runs.
"""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

import nats.errors
import nats.js.errors
import structlog
from nats.aio.msg import Msg
from nats.js.client import JetStreamContext
from opentelemetry import trace
from pydantic import ValidationError

from dermfolio.common import faults
from dermfolio.common.bus import headers as h
from dermfolio.common.bus.connection import Connection
from dermfolio.common.errors import Unavailable
from dermfolio.common.going_on import going_on
from dermfolio.common.metrics import AGE_SECONDS, BURIED, HANDLED, HANDLING_SECONDS, IN_FLIGHT, RETRIED
from dermfolio.common.tracing import span
from dermfolio.contracts.messages import Job, now
from dermfolio.contracts.streams import DurableConsumer

if TYPE_CHECKING:  # who only asks and answers does not carry the database's libraries
    from dermfolio.common.inbox import Delivery, Inbox

log = structlog.get_logger()

FAULT_DELAYS = (1.0, 5.0, 30.0, 120.0)
"""Seconds between attempts after a fault of the handler or of the message; then it is buried."""

OUTAGE_DELAYS = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0)
"""Seconds between attempts while something the handler needs is down."""

FETCH_SECONDS = 2.0

JobHandler = Callable[[Any, "Delivery"], Awaitable[None]]


@dataclass(frozen=True)
class Consumer:
    """A durable consumer's handlers by job class, and how many run at once in this process."""

    durable: DurableConsumer
    handlers: Mapping[type[Job], JobHandler]
    concurrency: int
    on_buried: Callable[[Any], Awaitable[None]]
    """Make a buried job visible to its user."""
    fault_delays: tuple[float, ...] = field(default=FAULT_DELAYS)
    outage_delays: tuple[float, ...] = field(default=OUTAGE_DELAYS)


class JobRunner:
    """Runs one consumer in this process until stopped."""

    def __init__(self, connection: Connection, consumer: Consumer, inbox: "Inbox") -> None:
        self._connection = connection
        self._consumer = consumer
        self._durable = consumer.durable
        self._inbox = inbox
        self._by_subject = {job.subject: (job, handler) for job, handler in consumer.handlers.items()}
        self._at_work: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Fetch one job whenever one can be handled. On cancellation stop fetching and finish what is in flight."""
        slots = asyncio.Semaphore(self._consumer.concurrency)
        stream = self._connection.client.jetstream()
        pulled = await stream.pull_subscribe_bind(self._durable.name, self._durable.stream)
        try:
            while going_on():
                await slots.acquire()
                msg = await self._fetch(pulled)
                if msg is None:
                    slots.release()
                    continue
                task = asyncio.create_task(self._one(msg))
                self._at_work.add(task)
                task.add_done_callback(self._at_work.discard)
                task.add_done_callback(lambda _: slots.release())
        finally:
            # before the connection drains: a pull subscription that waits would hold the drain for its whole timeout
            with contextlib.suppress(nats.errors.Error):
                await pulled.unsubscribe()
            if self._at_work:
                await asyncio.wait(self._at_work, timeout=8)

    async def _fetch(self, pulled: JetStreamContext.PullSubscription) -> Msg | None:
        try:
            await self._connection.wait(FETCH_SECONDS)
            [msg] = await pulled.fetch(1, timeout=FETCH_SECONDS)
        except (nats.errors.TimeoutError, TimeoutError, Unavailable):
            return None
        except (nats.errors.Error, nats.js.errors.APIError) as error:
            log.warning("jobs.fetch_failed", consumer=self._durable.name, error=type(error).__name__)
            await asyncio.sleep(1)
            return None
        return msg

    async def _one(self, msg: Msg) -> None:
        began = asyncio.get_running_loop().time()
        with (
            IN_FLIGHT.labels("job").track_inprogress(),
            span(f"do {msg.subject}", trace.SpanKind.CONSUMER, msg.headers or {}),
        ):
            try:
                outcome = await self._handle(msg)
            except (nats.errors.Error, Unavailable) as error:
                # neither acknowledged nor put back: it is delivered again after the acknowledgement wait
                outcome = "interrupted"
                log.warning("job.interrupted", subject=msg.subject, error=type(error).__name__)
            except Exception:
                outcome = "unsettled"  # burying it failed: so is this
                log.exception("job.unsettled", subject=msg.subject)
        HANDLING_SECONDS.labels(msg.subject).observe(asyncio.get_running_loop().time() - began)
        HANDLED.labels(msg.subject, outcome).inc()

    async def _handle(self, msg: Msg) -> str:
        try:
            kind, handler = self._by_subject[msg.subject]
            job = kind.model_validate_json(msg.data)
        except (KeyError, ValidationError) as error:
            return await self._refuse(msg, error)
        try:
            delivery = await self._inbox.begin(job.id)
        except Unavailable as error:
            return await self._put_back_for_outage(msg, error)
        if delivery is None:
            await msg.ack()
            return "done_before"
        if delivery.attempt > len(self._consumer.fault_delays) + 1:
            return await self._bury(msg, job, "process_died", delivery.attempt)
        AGE_SECONDS.labels(msg.subject).observe((now() - job.at).total_seconds())
        with structlog.contextvars.bound_contextvars(job=str(job.id), attempt=delivery.attempt):
            return await self._attempt(msg, job, handler, delivery)

    async def _attempt(self, msg: Msg, job: Job, handler: JobHandler, delivery: "Delivery") -> str:
        try:
            async with _heartbeat(msg, self._durable.ack_wait_seconds / 3):
                await handler(job, delivery)
                await self._inbox.settle(job.id)
        except Unavailable as error:
            await self._inbox.forget_attempt(job.id)
            return await self._put_back_for_outage(msg, error)
        except Exception as error:
            log.exception("job.failed", subject=msg.subject)
            if delivery.attempt > len(self._consumer.fault_delays):
                return await self._bury(msg, job, type(error).__name__, delivery.attempt)
            delay = _jittered(self._consumer.fault_delays[delivery.attempt - 1])
            RETRIED.labels(msg.subject, "fault").inc()
            await msg.nak(delay=delay)
            return "retried"
        faults.point("job.done")
        await msg.ack()
        return "ok"

    async def _put_back_for_outage(self, msg: Msg, error: Unavailable) -> str:
        delays = self._consumer.outage_delays
        delay = _jittered(delays[min(msg.metadata.num_delivered, len(delays)) - 1])
        RETRIED.labels(msg.subject, "outage").inc()
        log.warning("job.waits", subject=msg.subject, cause=str(error), seconds=round(delay, 1))
        await msg.nak(delay=delay)
        return "waits"

    async def _refuse(self, msg: Msg, error: Exception) -> str:
        """Bury what is not a job of ours; marked in the inbox first, or the outbox would send it again as lost."""
        try:
            await self._inbox.refuse(UUID((msg.headers or {})[h.MESSAGE_ID].split(h.RESENT)[0]))
        except (KeyError, ValueError):
            log.warning("job.without_id", subject=msg.subject)  # it did not come through an outbox
        await self._dead_letter(msg, type(error).__name__, 0)
        return "invalid"

    async def _bury(self, msg: Msg, job: Job, reason: str, attempt: int) -> str:
        await self._consumer.on_buried(job)
        await self._dead_letter(msg, reason, attempt)
        await self._inbox.bury(job.id)
        return "buried"

    async def _dead_letter(self, msg: Msg, reason: str, attempt: int) -> None:
        """Keep a copy with the reason, then end delivery. Repeating it keeps one copy."""
        came = msg.headers or {}
        headers = {
            **{k: v for k, v in came.items() if not k.startswith("Nats-")},
            h.MESSAGE_ID: f"{self._durable.name}:{came.get(h.MESSAGE_ID, msg.metadata.sequence.stream)}",
            h.DEAD_CONSUMER: self._durable.name,
            h.DEAD_REASON: reason,
            h.DEAD_ATTEMPT: str(attempt),
        }
        kept = msg.data[: self._connection.room(headers)]  # whole, unless it was as large as the bus takes
        stream = self._connection.client.jetstream()
        await stream.publish(f"dlq.{self._durable.name}.{msg.subject}", kept, headers=headers, timeout=5)
        await msg.term()
        BURIED.labels(msg.subject).inc()
        log.error("job.buried", subject=msg.subject, consumer=self._durable.name, reason=reason)


def _jittered(seconds: float) -> float:
    """Spread retries so that they do not come back together."""
    return seconds * random.uniform(0.9, 1.2)  # noqa: S311 - no secret


@contextlib.asynccontextmanager
async def _heartbeat(msg: Msg, every: float) -> AsyncIterator[None]:
    """Tell the server that the job is being worked on, so that a short acknowledgement wait suffices."""

    async def beat() -> None:
        while True:
            await asyncio.sleep(every)
            with contextlib.suppress(nats.errors.Error):
                await msg.in_progress()

    task = asyncio.create_task(beat())
    try:
        yield
    finally:
        task.cancel()
