"""nats-server as an embedded server, and what its users may say and hear."""

import asyncio

import nats as nats_client
import pytest
from nats.aio.client import Client
from nats.errors import Error

from dermfolio.contracts.catalog import CATALOG
from dermfolio.contracts.permissions import inbox_prefix
from dermfolio.local.servers.nats_server import NatsServer


class Ear:
    """A connection that notes what the server refuses."""

    def __init__(self) -> None:
        self.refusals: asyncio.Queue[str] = asyncio.Queue()

    async def connect(self, server: NatsServer, user: str) -> Client:
        return await nats_client.connect(
            server.url_of(user),
            inbox_prefix=inbox_prefix(user),
            error_cb=self._refused,
            allow_reconnect=False,
        )

    async def refusal(self) -> str:
        return await asyncio.wait_for(self.refusals.get(), 10)

    async def _refused(self, error: Exception) -> None:
        self.refusals.put_nowait(str(error).lower())


@pytest.mark.parametrize("user", [*CATALOG, "setup", "nobody"])
async def test_refuses_a_wrong_password(nats_server: NatsServer, user: str):
    with pytest.raises(Error):
        await nats_client.connect(
            f"nats://{user}:wrong@127.0.0.1:{nats_server.port}", allow_reconnect=False, error_cb=Ear()._refused
        )


async def test_refuses_who_does_not_say_who_it_is(nats_server: NatsServer):
    with pytest.raises(Error):
        await nats_client.connect(nats_server.url, allow_reconnect=False, error_cb=Ear()._refused)


@pytest.mark.parametrize("user", CATALOG)
async def test_a_service_cannot_say_what_another_says(nats_server: NatsServer, user: str):
    own = {m.subject for m in (*CATALOG[user].says, *CATALOG[user].sends)}
    foreign = {m.subject for part in CATALOG.values() for m in (*part.says, *part.sends)} - own
    ear = Ear()
    client = await ear.connect(nats_server, user)
    for subject in sorted(foreign):
        await client.publish(subject, b"{}")
        assert "permissions violation for publish" in await ear.refusal()
    await client.close()


@pytest.mark.parametrize("user", CATALOG)
async def test_a_service_cannot_answer_for_another_nor_read_its_replies(nats_server: NatsServer, user: str):
    own = {r.subject for r in CATALOG[user].answers}
    foreign = {r.subject for part in CATALOG.values() for r in part.answers} - own
    inboxes = {f"{inbox_prefix(other)}.>" for other in CATALOG if other != user}
    ear = Ear()
    client = await ear.connect(nats_server, user)
    for subject in [*sorted(foreign | inboxes), ">", "job.>", "rpc.>", "$JS.API.>"]:
        await client.subscribe(subject)
        assert "permissions violation for subscription" in await ear.refusal()
    await client.close()


@pytest.mark.parametrize("user", CATALOG)
async def test_a_service_cannot_change_streams(nats_server: NatsServer, user: str):
    ear = Ear()
    client = await ear.connect(nats_server, user)
    for subject in ("$JS.API.STREAM.CREATE.X", "$JS.API.STREAM.DELETE.EVENTS", "$JS.API.STREAM.PURGE.JOBS"):
        await client.publish(subject, b"{}")
        assert "permissions violation for publish" in await ear.refusal()
    await client.close()


async def test_who_answers_may_reply_to_an_inbox_it_could_not_publish_to(nats_server: NatsServer):
    asked = next(r.subject for r in CATALOG["patients"].answers if r in CATALOG["gateway"].asks)
    answering = await Ear().connect(nats_server, "patients")
    asking = await Ear().connect(nats_server, "gateway")

    async def answer(message: nats_client.aio.msg.Msg) -> None:
        await message.respond(b"known")

    await answering.subscribe(asked, cb=answer)
    await answering.flush()
    assert (await asking.request(asked, b"{}", timeout=10)).data == b"known"
    await asking.close()
    await answering.close()


async def test_keeps_its_streams_and_its_port_over_a_crash_and_a_restart(nats: NatsServer):
    port = nats.port
    client = await nats_client.connect(nats.url_of("setup"))
    await client.jetstream().add_stream(name="KEPT", subjects=["kept.>"])
    await client.jetstream().publish("kept.one", b"1")
    await client.close()
    for again in (nats.restart, lambda: (nats.kill(), nats.start())):
        again()
        client = await nats_client.connect(nats.url_of("setup"))
        assert (await client.jetstream().stream_info("KEPT")).state.messages == 1
        await client.close()
    assert nats.port == port


def test_keeps_passwords_from_others(nats: NatsServer):
    assert (nats.directory / "nats.conf").stat().st_mode & 0o777 == 0o600
    assert nats.directory.stat().st_mode & 0o777 == 0o700
