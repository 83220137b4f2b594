"""Streams and durable consumers, declared once; the setup step applies them."""

from dataclasses import dataclass
from typing import Literal

DAY = 24 * 3600


@dataclass(frozen=True)
class Stream:
    """A JetStream stream. No stream may cover an `rpc` subject: it would answer requests with its PubAck."""

    name: str
    subjects: tuple[str, ...]
    retention: Literal["limits", "workqueue"]
    max_age_seconds: int
    duplicate_window_seconds: int = 120


@dataclass(frozen=True)
class DurableConsumer:
    """A durable pull consumer. Delayed naks count against `max_ack_pending`: it is large, clients bound concurrency."""

    name: str
    stream: str
    filter_subjects: tuple[str, ...]
    ack_wait_seconds: int = 10
    max_ack_pending: int = 10_000


JOBS = Stream("JOBS", ("job.>",), "workqueue", max_age_seconds=0)
EVENTS = Stream("EVENTS", ("evt.>",), "limits", max_age_seconds=30 * DAY)
DEAD = Stream("DEAD", ("dlq.>",), "limits", max_age_seconds=365 * DAY)

STREAMS = (JOBS, EVENTS, DEAD)

IMAGES_INGEST = DurableConsumer("images-ingest", JOBS.name, ("job.images.ingest",))

IMAGES_MOVE = DurableConsumer("images-move", JOBS.name, ("job.images.move",))

IMAGES_ROTATE = DurableConsumer("images-rotate", JOBS.name, ("job.images.rotate",))

CONSUMERS = (IMAGES_INGEST, IMAGES_MOVE, IMAGES_ROTATE)
