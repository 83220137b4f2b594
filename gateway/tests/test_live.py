"""Live updates over the WebSocket, on real streams."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import aiohttp
import pytest

from dermfolio.common import setup
from dermfolio.contracts.consent import ConsentRevoked
from dermfolio.contracts.identity import GetSession, SessionEnded
from dermfolio.contracts.images import (
    DuplicateRefused,
    ImageFailed,
    ImageIngested,
    ImageRegistered,
    ImageRejected,
    ImageRetried,
    ImageViewed,
    ObjectSwept,
    PoolViewed,
)
from dermfolio.contracts.licence import LicenceStateChanged
from dermfolio.contracts.messages import Event, now
from dermfolio.contracts.organisation import RolesChanged, SiteChanged
from dermfolio.contracts.patients import PatientCounted, PatientCreated, PatientViewed
from dermfolio.contracts.permissions import SETUP_USER
from dermfolio.contracts.roles import Role
from dermfolio.contracts.settings import SettingsChanged
from dermfolio.contracts.sharing import OpeningEnded, PatientUnshared
from dermfolio.contracts.streams import EVENTS
from dermfolio.contracts.tags import ImageTagged, PatientTagged, TagCreated
from dermfolio.contracts.views.images import RejectionReason
from dermfolio.contracts.views.licence import LicenceReason, LicenceState
from dermfolio.gateway.live import hub as hub_module
from dermfolio.gateway.live import outgoing as outgoing_module
from dermfolio.gateway.live import socket as socket_module

from .conftest import Browser, World, until
from .hearing import Open, ingested
from .owner import ELSEWHERE, HOME

NewBrowser = Callable[..., Awaitable[Browser]]


@pytest.fixture
def patient(world: World) -> UUID:
    return world.patients.add("p-1").id


@pytest.mark.req("API-2")
async def test_who_follows_a_patient_is_told_what_changes(world: World, browser: Browser, patient: UUID) -> None:
    async with browser.socket() as ws:
        socket = Open(ws)
        confirmed = await socket.follow(patient)
        assert (confirmed["type"], confirmed["patient"]) == ("subscribed", str(patient))
        event = ingested(patient)
        [seq] = await world.say(event)
        heard = await socket.hear()
    epoch = confirmed["cursor"].partition(":")[0]
    assert heard == {
        "type": "event",
        "cursor": f"{epoch}:{seq}",
        "event": "images.ingested",
        "patient": str(patient),
        "data": {"image": str(event.image), "version": 2, "revision": 1},
    }


async def test_only_facts_of_change_are_told_and_never_who_read_what(
    world: World, browser: Browser, patient: UUID
) -> None:
    image, common = uuid4(), {"patient": patient, "site": HOME}
    told: list[Event] = [
        ImageRegistered(image=image, version=1, uploaded_at=now(), **common),
        ImageIngested(image=image, version=2, revision=1, **common),
        ImageRejected(image=image, version=3, reason=RejectionReason.CORRUPT, **common),
        ImageFailed(image=image, version=4, **common),
        ImageRetried(image=image, version=5, **common),
        DuplicateRefused(image=image, upload=uuid4(), **common),
        PatientCreated(**common),
        PatientCounted(image_count=3, version=6, **common),
    ]
    untold: list[Event] = [
        ObjectSwept(image=image, **common),
        PatientCreated(patient=uuid4(), site=HOME),
    ]
    assert not any(kind.broadcast() for kind in (ImageViewed, PoolViewed, PatientViewed)), "the bus has none of these"
    async with browser.socket() as ws:
        socket = Open(ws)
        await socket.follow(patient)
        await world.say(*untold, *told, *untold)
        heard = [await socket.hear() for _ in told]
        assert await socket.silent()
    assert [h["event"] for h in heard] == [e.subject.removeprefix("evt.") for e in told]
    for message in heard:
        assert set(message["data"]) <= {
            "image",
            "version",
            "revision",
            "reason",
            "upload",
            "uploaded_at",
            "image_count",
        }


async def test_a_foreign_patient_answers_like_one_that_does_not_exist(world: World, browser: Browser) -> None:
    foreign, missing = world.patients.add("p-2", ELSEWHERE).id, uuid4()
    async with browser.socket() as ws:
        socket = Open(ws)
        answers = [await socket.follow(who) for who in (foreign, missing)]
        await world.say(ingested(foreign, site=ELSEWHERE))
        assert await socket.silent()
    assert [a.pop("patient") for a in answers] == [str(foreign), str(missing)]
    assert answers[0] == answers[1]
    assert (answers[0]["type"], answers[0]["code"]) == ("problem", "not_found")


async def test_an_event_of_a_site_that_may_not_be_seen_is_not_told(
    world: World, browser: Browser, patient: UUID
) -> None:
    async with browser.socket() as ws:
        socket = Open(ws)
        await socket.follow(patient)
        await world.say(ingested(patient, site=ELSEWHERE))
        assert await socket.silent()


@pytest.mark.req("ORG-1")
async def test_a_right_that_is_lost_is_told_and_counts_from_the_next_event(
    world: World, browser: Browser, patient: UUID
) -> None:
    async with browser.socket() as ws:
        socket = Open(ws)
        await socket.follow(patient)
        [(sha256, facts)] = world.identity.sessions.items()
        world.identity.sessions[sha256] = facts.model_copy(update={"site_roles": {HOME: [Role.ADMIN]}})
        await world.say(RolesChanged(user=facts.user, site=HOME, roles=[]), ingested(patient))
        assert await socket.hear() == {"type": "rights_changed"}
        assert (await socket.hear())["code"] == "not_found"
        assert await socket.silent()


@pytest.mark.req("ORG-1")
async def test_who_sees_a_patient_because_it_is_shared_is_told_until_it_is_shared_no_longer(
    world: World, browser: Browser
) -> None:
    patient = world.patients.add("far", ELSEWHERE).id
    world.patients.shared[patient] = [HOME]
    async with browser.socket() as ws:
        socket = Open(ws)
        assert (await socket.follow(patient))["type"] == "subscribed"
        await world.say(ingested(patient, site=ELSEWHERE))
        assert (await socket.hear())["event"] == "images.ingested"
        world.patients.shared[patient] = []
        unshared = PatientUnshared(patient=patient, site=ELSEWHERE, with_site=HOME)
        await world.say(unshared, ingested(patient, site=ELSEWHERE))
        told = await socket.hear()
        assert (told["type"], told["code"], told["patient"]) == ("problem", "not_found", str(patient))
        assert await socket.silent()


@pytest.mark.req("ORG-8")
async def test_emergency_access_is_told_of_until_it_ends(world: World, browser: Browser) -> None:
    patient = world.patients.add("far", ELSEWHERE).id
    world.patients.opened[patient] = now() + timedelta(hours=1)
    async with browser.socket() as ws:
        socket = Open(ws)
        assert (await socket.follow(patient))["type"] == "subscribed"
        await world.say(ingested(patient, site=ELSEWHERE))
        assert (await socket.hear())["event"] == "images.ingested"
        world.patients.opened[patient] = now()
        ended = OpeningEnded(patient=patient, site=ELSEWHERE, opening=uuid4(), user=uuid4())
        await world.say(ended, ingested(patient, site=ELSEWHERE))
        assert (await socket.hear())["code"] == "not_found"
        assert await socket.silent()


@pytest.mark.req("ORG-8")
async def test_when_emergency_access_ends_by_itself_its_browser_is_told(world: World, browser: Browser) -> None:
    patient = world.patients.add("far", ELSEWHERE).id
    world.patients.opened[patient] = now() + timedelta(seconds=1)
    async with browser.socket() as ws:
        socket = Open(ws)
        assert (await socket.follow(patient))["type"] == "subscribed"
        assert (await socket.hear())["code"] == "not_found"
        assert await socket.silent()


@pytest.mark.req("LIC-1")
async def test_everybody_is_told_that_the_licence_is_in_another_state(world: World, browser: Browser) -> None:
    changed = LicenceStateChanged(licence=uuid4(), state=LicenceState.EXPIRED, reason=LicenceReason.EXPIRED)
    async with browser.socket() as one, browser.socket() as another:
        sockets = [Open(one), Open(another)]
        for socket in sockets:
            assert await socket.silent(0.0)
        await world.say(changed)
        for socket in sockets:
            assert await socket.hear() == {"type": "licence_changed"}


@pytest.mark.req("CON-2")
async def test_everybody_is_told_that_a_missing_consent_means_something_else(world: World, browser: Browser) -> None:
    renamed = SiteChanged(site=HOME, fields=["name"], version=2)
    decided = SiteChanged(site=HOME, fields=["consent_enforcement"], version=3, consent_enforcement="required")
    settings = SettingsChanged(fields=["consent_enforcement"], version=1, consent_enforcement="advisory")
    async with browser.socket() as ws:
        socket = Open(ws)
        assert await socket.silent(0.0)
        for changed in (renamed, decided):
            await world.say(changed)
        assert await socket.hear() == {"type": "consent_enforcement_changed"}
        await world.say(settings)
        assert await socket.hear() == {"type": "consent_enforcement_changed"}
        assert await socket.silent()


@pytest.mark.req("CON-2")
async def test_who_follows_a_patient_is_told_of_the_consent_by_ids_alone(
    world: World, browser: Browser, patient: UUID
) -> None:
    event = uuid4()
    async with browser.socket() as ws:
        socket = Open(ws)
        await socket.follow(patient)
        facts = {"patient": patient, "site": HOME, "consent": event, "purposes": [], "version": 2}
        await world.say(ConsentRevoked(kind="revoked", **facts))
        told = await socket.hear()
    assert (told["event"], told["data"]) == ("patients.consent_revoked", {"consent": str(event), "version": 2})


@pytest.mark.req("TAG-1")
async def test_everybody_is_told_that_tags_are_others_and_whose(world: World, browser: Browser) -> None:
    about = {"tag": uuid4(), "category": uuid4(), "version": 1}
    async with browser.socket() as one, browser.socket() as another:
        sockets = [Open(one), Open(another)]
        for socket in sockets:
            assert await socket.silent(0.0)
        for site in (None, ELSEWHERE):
            await world.say(TagCreated(**about, site=site, list_version=1))
            for socket in sockets:
                told = {"type": "tags_changed", "site": None if site is None else str(site)}
                assert await socket.hear() == told


@pytest.mark.req("TAG-2")
async def test_who_follows_a_patient_is_told_of_tags_of_the_patient_and_of_photographs(
    world: World, browser: Browser, patient: UUID
) -> None:
    tag, image = uuid4(), uuid4()
    async with browser.socket() as ws:
        socket = Open(ws)
        await socket.follow(patient)
        await world.say(ImageTagged(image=image, patient=patient, site=HOME, tags=[tag], version=2))
        told = await socket.hear()
        assert (told["event"], told["data"]) == (
            "images.tagged",
            {"image": str(image), "tags": [str(tag)], "version": 2},
        )
        await world.say(PatientTagged(patient=patient, site=HOME, own=[], tags=[tag], version=1))
        told = await socket.hear()
        assert (told["event"], told["data"]) == ("patients.tagged", {"tags": [str(tag)], "version": 1})


async def test_rights_that_stay_the_same_are_not_told(world: World, browser: Browser, patient: UUID) -> None:
    async with browser.socket() as ws:
        socket = Open(ws)
        await socket.follow(patient)
        [facts] = world.identity.sessions.values()
        await world.say(RolesChanged(user=facts.user, site=HOME, roles=[Role.CLINICIAN]))
        assert await socket.silent()


@pytest.mark.req("API-2")
async def test_an_answer_says_where_to_follow_from(world: World, browser: Browser, patient: UUID) -> None:
    async with browser.socket() as ws:  # so that this gateway reads
        here = (await Open(ws).follow(patient))["cursor"]
    shown = await browser.get(f"/patients/{patient}")
    assert shown.headers["Live-Cursor"] == here
    assert "Live-Cursor" not in (await browser.get(f"/patients/{uuid4()}")).headers
    await world.say(ingested(patient, 2))
    async with browser.socket() as ws:
        socket = Open(ws)
        await socket.follow(patient, shown.headers["Live-Cursor"])
        assert (await socket.hear())["data"]["version"] == 2
        assert await socket.silent()


@pytest.mark.req("API-2")
async def test_a_cursor_of_one_gateway_resumes_on_another(world: World, new_browser: NewBrowser, patient: UUID) -> None:
    first = await new_browser()
    async with first.socket() as ws:
        socket = Open(ws)
        await socket.follow(patient)
        await world.say(ingested(patient, 2))
        cursor = (await socket.hear())["cursor"]
    await world.say(*(ingested(patient, n) for n in (3, 4)), ingested(uuid4(), 9))
    async with world.gateway() as second:
        there = await new_browser("clinician", second)
        async with there.socket() as ws:
            socket = Open(ws)
            assert await socket.follow(patient, cursor) == {
                "type": "subscribed",
                "patient": str(patient),
                "cursor": cursor,
            }
            assert [(await socket.hear())["data"]["version"] for _ in range(2)] == [3, 4]
            await world.say(ingested(patient, 5))
            assert (await socket.hear())["data"]["version"] == 5
            assert await socket.silent()


async def test_a_cursor_that_cannot_be_honoured_means_fetching_again(world: World, patient: UUID) -> None:
    async with world.gateway(ring_events=5) as running:
        browser = Browser(running)
        await browser.sign_in()
        async with browser.socket() as ws:
            socket = Open(ws)
            here = (await socket.follow(patient))["cursor"]
            epoch, _, seq = here.partition(":")
            await world.say(*(ingested(patient, n) for n in range(6)))
            for _ in range(6):
                await socket.hear()
            for cursor in (here, f"{epoch}:{int(seq) + 10**6}", f"otherepoch:{seq}"):
                confirmed = await socket.follow(patient, cursor)
                assert (confirmed["type"], confirmed["cursor"]) == ("subscribed", cursor), "cut off now, it asks again"
                assert await socket.hear() == {
                    "type": "resync",
                    "patient": str(patient),
                    "cursor": f"{epoch}:{int(seq) + 6}",
                }
            for cursor in ("", ":", "x", f"{epoch}:-1", f"{epoch}:٣", f"{epoch}:1:2", "x" * 61, f"{epoch}:" + "9" * 30):
                assert (await socket.follow(patient, cursor))["code"] == "invalid_request"
        await browser.close()


async def test_too_much_to_replay_means_fetching_again(
    world: World, browser: Browser, patient: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket_module, "REPLAYED", 3)
    async with browser.socket() as ws:
        socket = Open(ws)
        here = (await socket.follow(patient))["cursor"]
        await world.say(*(ingested(patient, n) for n in range(4)))
        for _ in range(4):
            await socket.hear()
        assert (await socket.follow(patient, here))["type"] == "subscribed"
        assert (await socket.hear())["type"] == "resync"


async def test_who_does_not_keep_up_is_told_once_to_fetch_again(
    world: World, browser: Browser, patient: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing_module, "WAITING", 4)
    sent = asyncio.Event()
    original = socket_module.Socket._send_next

    async def held(self: socket_module.Socket) -> None:
        await sent.wait()
        await original(self)

    async with browser.socket() as ws:
        socket = Open(ws)
        await socket.follow(patient)
        monkeypatch.setattr(socket_module.Socket, "_send_next", held)
        places = await world.say(*(ingested(patient, n) for n in range(100, 120)))
        await until(lambda: browser.running.made.hub.position.seq >= places[-1])
        sent.set()
        resync = await socket.hear()
        assert (resync["type"], resync["patient"]) == ("resync", None)
        reached = int(resync["cursor"].partition(":")[2])
        assert places[4] <= reached <= places[-1]
        await world.say(ingested(patient, 200))
        heard = [await socket.hear() for _ in range(places[-1] - reached + 1)]
        assert {h["type"] for h in heard} == {"event"}, "one resync is enough"
        assert [h["data"]["version"] for h in heard] == [*range(120 - (places[-1] - reached), 120), 200]


async def test_a_stream_made_anew_means_fetching_again(world: World, browser: Browser, patient: UUID) -> None:
    async with browser.socket() as ws:
        socket = Open(ws)
        before = (await socket.follow(patient))["cursor"]
        await world.say(ingested(patient))
        await socket.hear()
        await _with_setup(world, lambda js: js.delete_stream(EVENTS.name))
        await setup.apply(world.nats.url, world.nats.passwords[SETUP_USER])
        resync = await socket.hear()
        assert (resync["type"], resync["patient"]) == ("resync", None)
        assert resync["cursor"].partition(":")[0] != before.partition(":")[0]
        await world.say(ingested(patient, 7))
        assert (await socket.hear())["data"]["version"] == 7
        assert (await socket.follow(patient, resync["cursor"]))["cursor"] == resync["cursor"]
        assert (await socket.hear())["data"]["version"] == 7


async def test_a_stream_that_was_emptied_means_fetching_again(
    world: World, browser: Browser, new_browser: NewBrowser, patient: UUID
) -> None:
    async with browser.socket() as ws:
        cursor = (await Open(ws).follow(patient))["cursor"]
    await world.say(ingested(patient, 2), ingested(patient, 3))
    await _with_setup(world, lambda js: js.purge_stream(EVENTS.name))
    await world.say(ingested(patient, 4))
    async with world.gateway() as second:
        there = await new_browser("clinician", second)
        async with there.socket() as ws:
            socket = Open(ws)
            assert (await socket.follow(patient, cursor))["type"] == "subscribed"
            assert (await socket.hear())["type"] == "resync"


async def test_an_outage_of_the_bus_leaves_connections_open_and_nothing_out(
    world: World, browser: Browser, patient: UUID
) -> None:
    async with browser.socket() as ws:
        socket = Open(ws)
        await socket.follow(patient)
        world.nats.kill()
        await ws.send_json({"type": "ping"})
        assert (await socket.hear())["type"] == "pong"
        world.nats.start()
        await world.connections["images"].wait(10)
        await world.say(ingested(patient, 3))
        assert (await socket.hear())["data"]["version"] == 3


@pytest.mark.req("ORG-5")
async def test_a_connection_ends_with_its_session(world: World, browser: Browser, patient: UUID) -> None:
    async with browser.socket() as ws:
        socket = Open(ws)
        await socket.follow(patient)
        [facts] = world.identity.sessions.values()
        world.identity.end(facts.session)
        await world.say(SessionEnded(session=facts.session, user=facts.user))
        closed = await ws.receive(timeout=20)
        assert closed.type is aiohttp.WSMsgType.CLOSE
        assert closed.data == 4401


async def test_a_silent_connection_asks_for_its_session_without_keeping_it_alive(
    world: World, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dermfolio.gateway.sessions.REMEMBERED_SECONDS", 0.3)
    async with browser.socket() as ws:
        asked = len(world.identity.of(GetSession))
        await until(lambda: len(world.identity.of(GetSession)) >= asked + 3)
        assert not any(r.in_use for r in world.identity.of(GetSession)[asked:])
        world.identity.sessions.clear()
        assert (await ws.receive(timeout=20)).data == 4401


async def test_clocks_that_differ_do_not_make_it_ask_without_a_pause(world: World, browser: Browser) -> None:
    world.identity.clock_is_behind = True
    [(sha256, facts)] = world.identity.sessions.items()
    world.identity.sessions[sha256] = facts.model_copy(update={"expires_at": now() - timedelta(minutes=1)})
    async with browser.socket() as ws:
        asked = len(world.identity.of(GetSession))
        await asyncio.sleep(1.0)
        assert len(world.identity.of(GetSession)) - asked <= 5
        assert await Open(ws).silent(0)


async def test_while_the_session_cannot_be_asked_for_nothing_is_told(
    world: World, browser: Browser, patient: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(GetSession, "timeout", 0.2)
    monkeypatch.setattr(socket_module, "RETRY_SECONDS", 0.05)
    async with browser.socket() as ws:
        socket = Open(ws)
        await socket.follow(patient)
        [facts] = world.identity.sessions.values()
        world.identity.down = True
        await world.say(
            SessionEnded(session=uuid4(), user=facts.user), SessionEnded(session=facts.session, user=uuid4())
        )
        await world.say(ingested(patient, 8))
        with pytest.raises(TimeoutError):
            await ws.receive(timeout=1.0)
        world.identity.down = False
        assert (await socket.hear())["data"]["version"] == 8


async def test_another_site_and_nobody_at_all_are_refused_at_the_door(
    world: World, browser: Browser, new_browser: NewBrowser
) -> None:
    for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}):
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await browser.socket(headers=headers)
        assert refused.value.status == 403
    assert {r.event for r in world.audit.records} == {"gateway.csrf_failed"}
    async with browser.socket(headers={"Origin": browser.running.url}) as ws:
        assert await Open(ws).silent(0)
    nobody = await new_browser(None)
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await nobody.socket()
    assert refused.value.status == 401
    newcomer = await new_browser("newcomer")
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await newcomer.socket()
    assert refused.value.status == 403


async def test_a_message_that_makes_no_sense_is_a_problem_and_the_connection_goes_on(
    browser: Browser, patient: UUID
) -> None:
    async with browser.socket() as ws:
        socket = Open(ws)
        for text in (
            "",
            "nonsense",
            "[]",
            '{"type": "shout"}',
            '{"type": "subscribe"}',
            '{"type": "subscribe", "patient": "x"}',
            json.dumps({"type": "subscribe", "patient": str(patient), "site": "mine"}),
            '{"type": "ping", "type": "ping"}',
            "[" * 3000,
        ):
            await ws.send_str(text)
            heard = await socket.hear()
            assert (heard["type"], heard["code"]) == ("problem", "invalid_request")
        await ws.send_bytes(b'{"type": "ping"}')
        assert (await socket.hear())["code"] == "invalid_request"
        assert await socket.silent(0)


async def test_a_message_that_is_too_large_ends_the_connection(browser: Browser) -> None:
    async with browser.socket() as ws:
        await ws.send_str("x" * 10_000)
        assert (await ws.receive(timeout=20)).data == 1009


async def test_who_asks_without_listening_is_not_heard_meanwhile(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing_module, "WAITING", 8)
    async with browser.socket() as ws:
        for _ in range(500):
            await ws.send_json({"type": "ping"})
        for _ in range(500):
            assert (await ws.receive_json(timeout=20)) == {"type": "pong"}


async def test_following_ends_when_asked_to_and_is_bounded(
    world: World, browser: Browser, patient: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket_module, "PATIENTS", 2)
    second, third = world.patients.add("p-2").id, world.patients.add("p-3").id
    async with browser.socket() as ws:
        socket = Open(ws)
        await socket.follow(patient)
        await socket.follow(second)
        assert (await socket.follow(third))["code"] == "too_many_subscriptions"
        assert (await socket.follow(second))["type"] == "subscribed"
        await ws.send_json({"type": "unsubscribe", "patient": str(patient)})
        assert (await socket.follow(third))["type"] == "subscribed"
        await world.say(ingested(patient), ingested(third, 3))
        assert (await socket.hear())["patient"] == str(third)
        assert await socket.silent()


async def test_a_gateway_that_has_not_begun_to_read_says_so(
    world: World, patient: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_module, "CATCH_UP_SECONDS", 0.2)
    await _with_setup(world, lambda js: js.delete_stream(EVENTS.name))
    async with world.gateway() as running:
        browser = Browser(running)
        await browser.sign_in()
        async with browser.socket() as ws:
            assert (await Open(ws).follow(patient))["code"] == "unavailable"
        await browser.close()


async def test_a_hundred_connections_hear_within_a_moment(world: World, browser: Browser, patient: UUID) -> None:
    opened = [Open(await browser.socket()) for _ in range(100)]
    await asyncio.gather(*(socket.follow(patient) for socket in opened))
    clock = asyncio.get_running_loop()
    began = clock.time()
    await world.say(ingested(patient, 5))
    heard = await asyncio.gather(*(socket.hear() for socket in opened))
    assert {h["data"]["version"] for h in heard} == {5}
    assert clock.time() - began < 10
    await asyncio.gather(*(socket.ws.close() for socket in opened))
    await until(lambda: not browser.running.made.hub._following)


async def _with_setup(world: World, do: Callable[[Any], Awaitable[Any]]) -> None:
    from dermfolio.common.bus import Connection

    async with Connection(world.nats.url, SETUP_USER, world.nats.passwords[SETUP_USER]) as connection:
        await do(connection.client.jetstream(timeout=10))
