"""The setup step: streams and durable consumers as `contracts.streams` declares them. Safe to repeat."""

import nats.errors
import nats.js.errors
import structlog
from nats.js.api import AckPolicy, ConsumerConfig, RetentionPolicy, StorageType, StreamConfig
from nats.js.client import JetStreamContext

from dermfolio.common.bus.connection import Connection
from dermfolio.contracts.permissions import SETUP_USER
from dermfolio.contracts.streams import CONSUMERS, STREAMS, DurableConsumer, Stream

log = structlog.get_logger()

_MAX_MESSAGE_BYTES = 1 << 20


async def apply(nats_url: str, password: str, *, replicas: int = 1) -> None:
    """Make what is missing and bring what differs to its declaration; what agrees is left alone.

    Raises nats errors when the server is not there or refuses.
    """
    async with Connection(nats_url, SETUP_USER, password) as connection:
        stream_context = connection.client.jetstream(timeout=10)
        for stream in STREAMS:
            await _apply_stream(stream_context, stream, replicas)
        for consumer in CONSUMERS:
            await stream_context.add_consumer(consumer.stream, _consumer_config(consumer))


async def _apply_stream(context: JetStreamContext, stream: Stream, replicas: int) -> None:
    config = _stream_config(stream, replicas)
    try:
        info = await context.stream_info(stream.name)
    except nats.js.errors.NotFoundError:
        await context.add_stream(config)
        log.info("stream.made", stream=stream.name)
        return
    if info.config.subjects != config.subjects or info.config.max_age != config.max_age:
        await context.update_stream(config)
        log.info("stream.changed", stream=stream.name)


def _stream_config(stream: Stream, replicas: int) -> StreamConfig:
    return StreamConfig(
        name=stream.name,
        subjects=list(stream.subjects),
        retention=RetentionPolicy(stream.retention),
        max_age=stream.max_age_seconds,
        storage=StorageType.FILE,
        num_replicas=replicas,
        duplicate_window=stream.duplicate_window_seconds,
        max_msg_size=_MAX_MESSAGE_BYTES,
        allow_direct=stream.retention == "limits",
        deny_purge=False,
    )


def _consumer_config(consumer: DurableConsumer) -> ConsumerConfig:
    return ConsumerConfig(
        durable_name=consumer.name,
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=consumer.ack_wait_seconds,
        max_deliver=-1,
        max_ack_pending=consumer.max_ack_pending,
        filter_subjects=list(consumer.filter_subjects),
    )
