"""A service is a value: what it answers, does, follows and tends. `host` runs it; tests read it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any

from dermfolio.common.bus.answers import Handler
from dermfolio.common.bus.jobs import Consumer
from dermfolio.common.follow import Follower
from dermfolio.contracts.messages import AccessDenied, Request


@dataclass(frozen=True)
class Chore:
    """Something one replica does from time to time, under a lease."""

    name: str
    every_seconds: float
    do: Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class Service:
    """What a service is made of."""

    name: str
    answers: Mapping[type[Request[Any]], Handler]
    consumers: Sequence[Consumer] = ()
    followers: Sequence[Follower] = ()
    chores: Sequence[Chore] = ()
    gauges: Sequence[Callable[[], Awaitable[None]]] = ()
    """What brings gauges up to what the tables say: every replica does, so that each tells the same."""
    denied: type[AccessDenied] | None = None
    """The fact recorded when a request is refused as forbidden or not found."""
    resources: Sequence[AbstractAsyncContextManager[Any]] = ()
    """Opened before the service begins and closed after it ends: object store, worker processes."""
    checks: Mapping[str, Callable[[], Awaitable[None]]] = field(default_factory=dict)
    """What must answer for the process to be ready, besides bus and database."""
    on_start: Callable[[], Awaitable[None]] | None = None
    """Runs once the database is there, before anything is answered."""
