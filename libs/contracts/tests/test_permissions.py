"""A service's credentials are refused on every subject that is not its own: tried on a real nats-server.

What is its own is read off the catalogue here once more, without the code that writes the server's configuration.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import nats
import nats.errors
import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg

from dermfolio.contracts.catalog import CATALOG, every_message
from dermfolio.contracts.live import FACTS_NUMBERED, OUTBOX_FILLED
from dermfolio.contracts.permissions import SETUP_USER, Permissions, permissions_for
from dermfolio.contracts.replay import REPLAYS
from dermfolio.contracts.settings import SettingsChanged
from dermfolio.contracts.streams import CONSUMERS, EVENTS, JOBS, STREAMS
from dermfolio.local.servers.nats_server import NatsServer

SERVICES = sorted(CATALOG)
ACK = "1.1.1.1700000000000000000.0"

STREAM_API = [
    "CREATE",
    "UPDATE",
    "DELETE",
    "INFO",
    "PURGE",
    "SNAPSHOT",
    "RESTORE",
    "MSG.GET",
    "MSG.DELETE",
    "PEER.REMOVE",
    "LEADER.STEPDOWN",
]
CONSUMER_API = ["CREATE", "DURABLE.CREATE", "INFO", "DELETE", "MSG.NEXT", "PAUSE", "RESET", "UNPIN", "LEADER.STEPDOWN"]
SERVER_API = ["INFO", "STREAM.LIST", "STREAM.NAMES", "META.LEADER.STEPDOWN", "SERVER.REMOVE", "ACCOUNT.PURGE.$G"]
STREAM_NAMES = (*(stream.name for stream in STREAMS), "KV_settings", "OBJ_files", "MADE_UP")


def _everything_to_publish() -> set[str]:
    subjects = set(every_message()) | {
        "evt.registration.aligned",
        "rpc.nobody.asks",
        "foo",
        "_INBOX.x",
        "$KV.settings.x",
    }
    subjects |= {f"_INBOX_{service}.x" for service in SERVICES}
    subjects |= {f"dlq.{consumer.name}.{consumer.filter_subjects[0]}" for consumer in CONSUMERS}
    subjects |= {f"dlq.{service}-{producer}.evt.{producer}.x" for service in SERVICES for producer in SERVICES}
    subjects |= {f"$JS.API.{verb}" for verb in SERVER_API}
    subjects |= {"$SYS.REQ.SERVER.PING", "$SYS.REQ.ACCOUNT.$G.CONNZ", "$JS.EVENT.ADVISORY.FORGED", "dlq.x.y"}
    for stream in STREAM_NAMES:
        subjects |= {f"$JS.API.STREAM.{verb}.{stream}" for verb in STREAM_API}
        subjects |= {f"$JS.API.CONSUMER.{verb}.{stream}" for verb in ("CREATE", "LIST", "NAMES")}
        subjects |= {f"$JS.API.DIRECT.GET.{stream}", f"$JS.API.DIRECT.GET.{stream}.evt.images.ingested"}
        for name in (*(c.name for c in CONSUMERS), "made-up"):
            subjects |= {f"$JS.API.CONSUMER.{verb}.{stream}.{name}" for verb in CONSUMER_API}
            subjects |= {f"$JS.API.CONSUMER.CREATE.{stream}.{name}.{s}" for s in every_message()}
            subjects.add(f"$JS.ACK.{stream}.{name}.{ACK}")
    return subjects


def _own_to_publish(service: str) -> set[str]:
    part = CATALOG[service]
    own = {m.subject for group in (part.asks, part.sends) for m in group}
    own |= {e.subject for e in part.says if e.broadcast()}
    own |= {REPLAYS[producer].subject for producer in part.follows} | {hint.subject for hint in part.hints}
    if part.says:
        own |= {OUTBOX_FILLED[service].subject, FACTS_NUMBERED[service].subject}
        own |= {f"dlq.{service}-{producer}.evt.{producer}.x" for producer in part.follows}
    if part.sends:
        own.add(f"$JS.API.STREAM.MSG.GET.{JOBS.name}")
    for consumer in part.does:
        of = f"{consumer.stream}.{consumer.name}"
        own |= {f"$JS.API.CONSUMER.MSG.NEXT.{of}", f"$JS.API.CONSUMER.INFO.{of}", f"$JS.ACK.{of}.{ACK}"}
        own.add(f"dlq.{consumer.name}.{consumer.filter_subjects[0]}")
    if part.watches_events:
        own |= {f"$JS.API.STREAM.INFO.{EVENTS.name}", f"$JS.API.DIRECT.GET.{EVENTS.name}"}
    return own


def _everything_to_subscribe() -> set[str]:
    wide = {">", "*.>", "rpc.>", "job.>", "evt.>", "live.>", "dlq.>", "$JS.>", "$SYS.>", "$KV.>", "_INBOX.>", "*.*.*"}
    wide |= {"*", "rpc.*.*", "rpc.*.get", "rpc.patients.*", "evt.*.created", "*.images.>", "$JS.API.>", "$JS.EVENT.>"}
    for service in SERVICES:
        wide |= {f"_INBOX_{service}.>", f"rpc.{service}.>", f"job.{service}.>", f"evt.{service}.>", f"live.{service}.>"}
    return wide | set(every_message()) | {f"$JS.ACK.{c.stream}.{c.name}.>" for c in CONSUMERS}


def _own_to_subscribe(service: str) -> set[str]:
    part = CATALOG[service]
    own = {f"_INBOX_{service}.>"} | {r.subject for r in part.answers}
    events = {s for s in every_message() if s.startswith("evt.")} | {f"evt.{producer}.>" for producer in SERVICES}
    own |= {s for s in events if s.split(".")[1] in part.follows or part.watches_events}
    own |= {FACTS_NUMBERED[producer].subject for producer in part.follows} | {hint.subject for hint in part.hints}
    if part.records_reads:
        own.add(SettingsChanged.subject)
    if part.watches_events:
        own |= {"evt.>", "evt.*.created"}
    if part.says:
        own.add(OUTBOX_FILLED[service].subject)
    return own


class Refusals:
    """A client of one service, and what the server refused it."""

    def __init__(self) -> None:
        self.client = Client()
        self._told: list[str] = []

    async def told(self, error: Exception) -> None:
        self._told.append(str(error))

    async def settle(self) -> None:
        """Return once the server knows all that was sent to it."""
        for _ in range(2):  # the library's PING overtakes what it has not yet written
            await self.client.flush()

    async def subjects(self, verb: str) -> set[str]:
        """What was refused by now; the server answers in order, so a round trip brings all of it."""
        await self.settle()
        found = (re.search(f'permissions violation for {verb} to "([^"]+)"', text) for text in self._told)
        return {match[1] for match in found if match}


def _lower(subjects: set[str]) -> set[str]:
    """As the client library writes subjects in its errors."""
    return {subject.lower() for subject in subjects}


@asynccontextmanager
async def _connected(server: NatsServer, service: str) -> AsyncIterator[Refusals]:
    refusals = Refusals()
    await refusals.client.connect(
        server.url,
        user=service,
        password=server.passwords[service],
        inbox_prefix=f"_INBOX_{service}",
        error_cb=refusals.told,
    )
    try:
        yield refusals
    finally:
        await refusals.client.close()


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_publishes_what_is_its_own_and_nothing_else(nats_server: NatsServer, service: str) -> None:
    delivered: set[str] = set()

    async def heard(msg: Msg) -> None:
        delivered.add(msg.subject)

    async with _connected(nats_server, SETUP_USER) as everywhere, _connected(nats_server, service) as one:
        await everywhere.client.subscribe(">", cb=heard)
        await everywhere.settle()
        for subject in _everything_to_publish():
            await one.client.publish(subject, b"{}")
        assert await one.subjects("publish") == _lower(_everything_to_publish() - _own_to_publish(service))
        await everywhere.subjects("publish")
    assert delivered & _everything_to_publish() == _own_to_publish(service)


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_hears_what_is_its_own_and_nothing_else(nats_server: NatsServer, service: str) -> None:
    async with _connected(nats_server, service) as one:
        for subject in _everything_to_subscribe():
            await one.client.subscribe(subject)
        assert await one.subjects("subscription") == _lower(_everything_to_subscribe() - _own_to_subscribe(service))


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_takes_no_question_from_its_owner(nats_server: NatsServer, service: str) -> None:
    """As a member of the owner's queue group it would be given some of them."""
    questions = {s for s in every_message() if s.startswith("rpc.")}
    async with _connected(nats_server, service) as one:
        for subject in questions:
            await one.client.subscribe(subject, queue=subject.split(".")[1])
        refused = {match.partition(" ")[0] for match in await one.subjects("subscription")}
    assert refused == questions - _own_to_subscribe(service)


async def test_who_is_asked_may_reply_to_that_inbox_once_and_to_no_other(nats_server: NatsServer) -> None:
    async with _connected(nats_server, "gateway") as asker, _connected(nats_server, "patients") as owner:
        asked = await owner.client.subscribe("rpc.patients.get", queue="patients")
        await owner.settle()
        replies = await asker.client.subscribe("_INBOX_gateway.r.*")
        await asker.client.publish("rpc.patients.get", b"{}", reply="_INBOX_gateway.r.1")
        request = await asked.next_msg(timeout=10)
        await request.respond(b"reply")
        await owner.client.publish("_INBOX_gateway.r.2", b"not asked")
        await owner.client.publish("_INBOX_gateway.r.1", b"again")
        assert await owner.subjects("publish") == {"_inbox_gateway.r.1", "_inbox_gateway.r.2"}
        assert (await replies.next_msg(timeout=10)).data == b"reply"
        await asker.subjects("publish")
        assert replies.pending_msgs == 0


async def test_who_answers_nothing_may_not_reply_to_what_it_hears(nats_server: NatsServer) -> None:
    async with _connected(nats_server, "images") as speaker, _connected(nats_server, "gateway") as listener:
        heard = await listener.client.subscribe("evt.images.ingested")
        await listener.settle()
        await speaker.client.publish("evt.images.ingested", b"{}", reply="_INBOX_images.x")
        await (await heard.next_msg(timeout=10)).respond(b"{}")
        assert await listener.subjects("publish") == {"_inbox_images.x"}


@pytest.mark.parametrize("service", SERVICES)
async def test_a_reply_may_be_said_for_as_long_as_somebody_waits_for_it(nats_server: NatsServer, service: str) -> None:
    """Verifying a long trail takes minutes; the server's own limit would lose its verdict."""
    longest = max((request.timeout for request in CATALOG[service].answers), default=0)
    users = json.loads((nats_server.directory / "nats.conf").read_text())["authorization"]["users"]
    [permissions] = [user["permissions"] for user in users if user["user"] == service]
    if longest == 0:
        assert "allow_responses" not in permissions
    else:
        assert permissions["allow_responses"]["max"] == 1
        assert int(permissions["allow_responses"]["expires"].removesuffix("s")) > longest


@pytest.mark.parametrize("who", [{}, {"user": "images"}, {"user": "images", "password": "x"}, {"user": "root"}])
async def test_nobody_comes_in_without_the_right_password(nats_server: NatsServer, who: dict[str, str]) -> None:
    async def told(_: Exception) -> None:
        """Refusals are what is expected."""

    with pytest.raises(nats.errors.Error, match="Authorization"):
        await asyncio.wait_for(nats.connect(nats_server.url, allow_reconnect=False, error_cb=told, **who), 20)


def test_every_service_has_an_inbox_of_its_own_and_nobody_is_granted_everything() -> None:
    for service in SERVICES:
        allowed: Permissions = permissions_for(service)
        assert f"_INBOX_{service}.>" in allowed.subscribe
        assert not {">", "*"} & {*allowed.publish, *allowed.subscribe}
