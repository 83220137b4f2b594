"""Runs a Service: connects, waits for its schema, answers, works, and stops without dropping what it holds."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import structlog
from nats.aio.msg import Msg

from dermfolio.common.audit_level import AuditLevel
from dermfolio.common.auth import ActorSigner, ActorVerifier, Call
from dermfolio.common.bus import Answers, Connection, JobRunner, Publisher, Requests
from dermfolio.common.cursors import Cursors
from dermfolio.common.db import Database
from dermfolio.common.errors import Refused, Unavailable
from dermfolio.common.follow import FollowerRunner
from dermfolio.common.health import Health
from dermfolio.common.inbox import Inbox
from dermfolio.common.leases import Leases
from dermfolio.common.outbox import Relay
from dermfolio.common.reads import ReadLog
from dermfolio.common.service import Chore, Service
from dermfolio.common.settings import DatabaseSettings, key_bytes
from dermfolio.contracts.catalog import CATALOG
from dermfolio.contracts.live import FACTS_NUMBERED, OUTBOX_FILLED
from dermfolio.contracts.messages import Request

log = structlog.get_logger()

Role = Literal["serve", "work"]
CHECK_SECONDS = 1.0
SCHEMA_SECONDS = 0.5
GAUGE_SECONDS = 30.0
RECORDED_REFUSALS = frozenset(
    {"forbidden", "not_found", "session_required", "patient_deleted", "link_not_valid"}
    | {"licence_expired", "licence_missing", "licence_invalid", "consent_required"}
)
"""The problems that mean: this was tried, and denied. Others tell of mistakes and of what others did meanwhile."""

_TARGETS = (
    *("image", "comparison", "entry", "patient", "tag", "category"),
    *("opening", "token", "session", "device", "user", "site"),
)
"""The fields of requests that name what is asked for, the nearest first."""


@dataclass(frozen=True)
class Parts:
    """What a service is built on."""

    db: Database
    requests: Requests
    reads: ReadLog
    cursors: Cursors
    role: Role


Build = Callable[[Any, Parts], Service]


@contextlib.asynccontextmanager
async def hosted(
    name: str, settings: DatabaseSettings, build: Build, role: Role, schema: str
) -> AsyncIterator[Service]:
    """Run a service in this event loop for the length of the block. `schema` is the migration its code needs."""
    signer = ActorSigner(name, key_bytes(settings.signing_key))
    async with contextlib.AsyncExitStack() as stack:
        health = Health(settings.health_host, settings.health_port)
        health.start()
        stack.callback(health.stop)
        pulse = await stack.enter_async_context(_Tasks())
        pulse.start(_turn(health), "pulse")
        db = await stack.enter_async_context(
            Database(settings.database_url, settings.database_password.get_secret_value(), size=settings.database_pool)
        )
        await _wait_for_schema(db, schema, health)
        health.report({"bus": "not connected"})
        connection = await stack.enter_async_context(
            Connection(settings.nats_url, name, settings.nats_password.get_secret_value(), name=f"{name}-{role}")
        )
        requests = await stack.enter_async_context(Requests(connection, signer))
        level = AuditLevel(requests)
        wired = _Wired(settings, connection, db, requests, ReadLog(db, level.essential), Publisher(connection))
        service = build(settings, Parts(db, requests, wired.reads, Cursors(key_bytes(settings.signing_key)), role))
        for resource in service.resources:
            await stack.enter_async_context(resource)
        _hint_after_commits(stack, name, wired)
        if service.on_start is not None and role == "serve":
            await service.on_start()
        tasks = await stack.enter_async_context(_Tasks())
        if role == "serve":
            tasks.start(Leases(db, await _leased(service, wired)).run(), "leases")
            for gauge in service.gauges:
                tasks.start(_repeating(Chore("gauges", GAUGE_SECONDS, gauge))(), "gauges")
            if CATALOG[name].records_reads:
                await level.listen(connection)
                tasks.start(level.run(), "audit-level")
            await stack.enter_async_context(_answers(service, wired))
        else:
            for consumer in service.consumers:
                runner = JobRunner(connection, consumer, Inbox(db, consumer.durable.name))
                tasks.start(runner.run(), f"do:{consumer.durable.name}")
        tasks.start(_watch_health(health, service, wired), "health")
        log.info("service.started", role=role)
        yield service


@dataclass(frozen=True)
class _Wired:
    """The connected plumbing of one process."""

    settings: DatabaseSettings
    connection: Connection
    db: Database
    requests: Requests
    reads: ReadLog
    publisher: Publisher


async def _leased(service: Service, wired: _Wired) -> dict[str, Callable[[], Awaitable[None]]]:
    """What one replica at a time does: relay, followers, chores."""
    leased: dict[str, Callable[[], Awaitable[None]]] = {}
    if service.name in OUTBOX_FILLED:
        relay = Relay(wired.db, wired.publisher, FACTS_NUMBERED[service.name]())

        def wake(_: Msg) -> None:
            relay.wake()

        await wired.connection.subscribe(OUTBOX_FILLED[service.name].subject, wake)
        leased["relay"] = relay.run
    for follower in service.followers:
        runner = FollowerRunner(wired.db, wired.connection, wired.requests, follower)
        await runner.listen()
        leased[f"follow:{follower.name}"] = runner.run
    for chore in service.chores:
        leased[f"chore:{chore.name}"] = _repeating(chore)
    return leased


def _answers(service: Service, wired: _Wired) -> Answers:
    verifier = ActorVerifier(wired.settings.trusted_keys)
    return Answers(wired.connection, verifier, service.answers, on_refused=_record_refusals(service, wired.reads))


def _hint_after_commits(stack: contextlib.AsyncExitStack, name: str, wired: _Wired) -> None:
    """After each commit that filled the outbox, tell the relay, which may run in another replica."""
    if name not in OUTBOX_FILLED:
        return
    hint = OUTBOX_FILLED[name]()
    under_way: set[asyncio.Task[None]] = set()

    def said() -> None:
        task = asyncio.create_task(wired.publisher.hint(hint))
        under_way.add(task)
        task.add_done_callback(under_way.discard)

    wired.db.on_said = said
    stack.callback(setattr, wired.db, "on_said", lambda: None)


def _record_refusals(
    service: Service, reads: ReadLog
) -> Callable[[type[Request[Any]], Any, Call, Refused], Awaitable[None]] | None:
    denied = service.denied
    if denied is None:
        return None

    async def record(request: type[Request[Any]], asked: Any, call: Call, refusal: Refused) -> None:
        if refusal.code in RECORDED_REFUSALS:
            ids = (getattr(asked, name, None) for name in _TARGETS)
            target = next((id_ for id_ in ids if isinstance(id_, UUID)), None)
            await reads.record(denied(request=request.subject, code=refusal.code, target=target), call.origin())

    return record


def _repeating(chore: Chore) -> Callable[[], Awaitable[None]]:
    async def repeat() -> None:
        while True:
            try:
                await chore.do()
            except Unavailable as error:
                log.info("chore.waits", chore=chore.name, cause=str(error))
            await asyncio.sleep(chore.every_seconds)

    return repeat


async def _wait_for_schema(db: Database, schema: str, health: Health) -> None:
    """Wait until the migrations reached what this code needs; newer is fine (expand, then contract).

    A role that owns nothing may look only once a migration granted it what it needs.
    """
    while True:
        try:
            async with db.read() as rows:
                found = await rows.fetchval(
                    "SELECT has_table_privilege(to_regclass('alembic_version'), 'SELECT')"
                ) and await rows.fetchval("SELECT version_num FROM alembic_version")
        except Unavailable as error:
            health.report({"database": str(error)})
        else:
            if found and found >= schema:
                return
            health.report({"schema": f"at {found or 'nothing'}, needs {schema}"})
        await asyncio.sleep(SCHEMA_SECONDS)


async def _watch_health(health: Health, service: Service, wired: _Wired) -> None:
    while True:
        missing: dict[str, str] = {}
        if not wired.connection.connected:
            missing["bus"] = "not connected"
        for part, check in {"database": wired.db.check, **service.checks}.items():
            try:
                await check()
            except Unavailable as error:
                missing[part] = str(error)
        health.report(missing)
        await asyncio.sleep(CHECK_SECONDS)


async def _turn(health: Health) -> None:
    """Apart from the checks: a server that hangs makes this process unready, never dead."""
    while True:
        health.turned()
        await asyncio.sleep(CHECK_SECONDS)


class _Tasks:
    """Tasks that live as long as the service; one that ends by an error ends the process."""

    def __init__(self) -> None:
        self._tasks: list[asyncio.Task[None]] = []

    def start(self, work: Any, name: str) -> None:
        task = asyncio.create_task(work, name=name)
        task.add_done_callback(_end_process)
        self._tasks.append(task)

    async def __aenter__(self) -> "_Tasks":
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def _end_process(task: "asyncio.Task[None]") -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.critical("service.part_failed", part=task.get_name(), exc_info=error)
        signal.raise_signal(signal.SIGTERM)
