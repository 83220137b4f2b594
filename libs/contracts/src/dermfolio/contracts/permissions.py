"""NATS permissions, generated from the catalogue: a service publishes only what it says and asks,
and subscribes only to what it answers, does and hears.
"""

from dataclasses import dataclass

from dermfolio.contracts.catalog import CATALOG, Part
from dermfolio.contracts.live import FACTS_NUMBERED, OUTBOX_FILLED
from dermfolio.contracts.replay import REPLAYS
from dermfolio.contracts.settings import SettingsChanged
from dermfolio.contracts.streams import EVENTS, JOBS

INBOX = "_INBOX"
"""How every inbox begins. No stream and no service listens there but the one that waits for its replies."""

SETUP_USER = "setup"
"""The user of the setup step, which makes streams and consumers; it may do anything."""

REPLY_MARGIN_SECONDS = 60


@dataclass(frozen=True)
class Permissions:
    """Allow lists of subjects and the permission to reply, for a nats-server's configuration."""

    publish: list[str]
    subscribe: list[str]
    reply_seconds: int
    """How long after a question its one reply may be said; 0 for who answers nothing."""


def inbox_prefix(service: str) -> str:
    """Replies to a service arrive under a prefix that no other service may subscribe to."""
    return f"{INBOX}_{service}"


def follower_name(service: str, producer: str) -> str:
    """The name under which a service follows a producer and buries what it cannot apply."""
    return f"{service}-{producer}"


def permissions_for(service: str) -> Permissions:
    """What one service may say and hear. Raises KeyError for a service that the catalogue does not know."""
    part = CATALOG[service]
    longest = max((request.timeout for request in part.answers), default=0.0)
    return Permissions(
        publish=sorted(_publishes(service, part)),
        subscribe=sorted(_subscribes(service, part)),
        reply_seconds=round(longest) + REPLY_MARGIN_SECONDS if part.answers else 0,
    )


def _publishes(service: str, part: Part) -> set[str]:
    subjects = {r.subject for r in part.asks}
    subjects |= {e.subject for e in part.says if e.broadcast()} | {j.subject for j in part.sends}
    subjects |= {REPLAYS[producer].subject for producer in part.follows} | {hint.subject for hint in part.hints}
    if service in OUTBOX_FILLED:
        subjects |= {OUTBOX_FILLED[service].subject, FACTS_NUMBERED[service].subject}
        # a follower that buries says so through its outbox
        subjects |= {f"dlq.{follower_name(service, producer)}.>" for producer in part.follows}
    if part.sends:
        # the relay looks whether a job it published is still kept
        subjects.add(f"$JS.API.STREAM.MSG.GET.{JOBS.name}")
    for consumer in part.does:
        subjects.add(f"$JS.API.CONSUMER.MSG.NEXT.{consumer.stream}.{consumer.name}")
        subjects.add(f"$JS.API.CONSUMER.INFO.{consumer.stream}.{consumer.name}")
        subjects.add(f"$JS.ACK.{consumer.stream}.{consumer.name}.>")
        subjects.add(f"dlq.{consumer.name}.>")
    if part.watches_events:
        subjects.add(f"$JS.API.STREAM.INFO.{EVENTS.name}")
        subjects.add(f"$JS.API.DIRECT.GET.{EVENTS.name}")
    return subjects


def _subscribes(service: str, part: Part) -> set[str]:
    subjects = (
        {f"{inbox_prefix(service)}.>"} | {r.subject for r in part.answers} | {hint.subject for hint in part.hints}
    )
    for producer in part.follows:
        subjects |= {f"evt.{producer}.>", FACTS_NUMBERED[producer].subject}
    if part.records_reads:
        subjects.add(SettingsChanged.subject)
    if part.watches_events:
        subjects |= set(EVENTS.subjects)
    if service in OUTBOX_FILLED:
        subjects.add(OUTBOX_FILLED[service].subject)
    return subjects
