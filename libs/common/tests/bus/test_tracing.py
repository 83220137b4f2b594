"""W3C trace context crosses the bus: from a question to its answer, and from a change to the work it causes."""

import asyncio
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from dermfolio.common.auth import Call
from dermfolio.common.bus import Consumer, JobRunner, Publisher
from dermfolio.common.db import Database
from dermfolio.common.inbox import Inbox
from dermfolio.common.outbox import Relay
from dermfolio.common.testing import Ground
from dermfolio.contracts.images import IngestImage
from dermfolio.contracts.patients import Admission, MayAdmit
from dermfolio.contracts.replay import Origin
from dermfolio.contracts.streams import IMAGES_INGEST

tracer = trace.get_tracer(__name__)


@pytest.fixture(scope="module")
def exporter() -> InMemorySpanExporter:
    """The process's only tracer provider keeps spans here; it can be set once."""
    memory = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(memory))
    trace.set_tracer_provider(provider)
    return memory


@pytest.fixture
def spans(exporter: InMemorySpanExporter) -> Iterator[InMemorySpanExporter]:
    exporter.clear()
    yield exporter
    exporter.clear()


def _by_name(memory: InMemorySpanExporter) -> dict[str, ReadableSpan]:
    return {span.name: span for span in memory.get_finished_spans()}


def _parent(span: ReadableSpan) -> int | None:
    return span.parent.span_id if span.parent else None


async def test_an_answer_belongs_to_the_trace_of_its_question(
    ground: Ground, answering: Any, spans: InMemorySpanExporter, until: Any
) -> None:
    async def admit(_: MayAdmit, __: Call) -> Admission:
        with tracer.start_as_current_span("inside the handler"):
            return Admission(site=UUID(int=1))

    async with answering("patients", {MayAdmit: admit}), ground.asking() as requests:
        with tracer.start_as_current_span("outermost"):
            await requests.ask(MayAdmit(patient=uuid4()))
        await until(lambda: len(spans.get_finished_spans()) == 4)
    found = _by_name(spans)
    outer, ask, answer = (
        found[n] for n in ("outermost", "ask rpc.patients.may_admit", "answer rpc.patients.may_admit")
    )
    assert {s.context.trace_id for s in found.values()} == {outer.context.trace_id}
    assert (_parent(ask), _parent(answer)) == (outer.context.span_id, ask.context.span_id)
    assert _parent(found["inside the handler"]) == answer.context.span_id


async def test_questions_asked_at_once_keep_their_traces_apart(
    ground: Ground, answering: Any, spans: InMemorySpanExporter, until: Any
) -> None:
    async def admit(_: MayAdmit, __: Call) -> Admission:
        await asyncio.sleep(0)
        return Admission(site=UUID(int=1))

    async with answering("patients", {MayAdmit: admit}), ground.asking() as requests:
        await asyncio.gather(*(requests.ask(MayAdmit(patient=uuid4())) for _ in range(10)))
        await until(lambda: len(spans.get_finished_spans()) == 20)
    asked = {s.context.trace_id for s in spans.get_finished_spans() if s.name.startswith("ask")}
    answered = {s.context.trace_id for s in spans.get_finished_spans() if s.name.startswith("answer")}
    assert len(asked) == 10
    assert asked == answered


@pytest.mark.usefixtures("streams")
async def test_work_belongs_to_the_trace_of_the_change_that_caused_it(
    connect: Any, db: Database, spans: InMemorySpanExporter, until: Any
) -> None:
    done = asyncio.Event()

    async def ingest(_: IngestImage, __: object) -> None:
        done.set()

    async def buried(_: object) -> None:
        raise AssertionError

    with tracer.start_as_current_span("the change") as change:
        async with db.write() as s:
            s.say(IngestImage(image=uuid4(), patient=uuid4(), site=uuid4(), attempt=uuid4()), Origin())
    async with connect("images") as connection:
        await Relay(db, Publisher(connection)).publish_waiting()
        consumer = Consumer(IMAGES_INGEST, {IngestImage: ingest}, 1, buried)
        working = asyncio.create_task(JobRunner(connection, consumer, Inbox(db, IMAGES_INGEST.name)).run())
        await asyncio.wait_for(done.wait(), 20)
        await until(lambda: "do job.images.ingest" in _by_name(spans))
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
    work = _by_name(spans)["do job.images.ingest"]
    assert work.context.trace_id == change.get_span_context().trace_id
    assert _parent(work) == change.get_span_context().span_id
