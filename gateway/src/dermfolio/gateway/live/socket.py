"""One browser's connection: what it follows, where its user is, and whether it may still be told.

Authority is tested for each event at the moment it is sent, on a session that was asked for at most half a minute ago.
"""

import asyncio
import time
from uuid import UUID

import structlog
from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.websockets import WebSocket, WebSocketDisconnect

from dermfolio.common.auth import Call
from dermfolio.common.bus import Position, Requests
from dermfolio.common.errors import Refused, Unavailable
from dermfolio.contracts.entries import MaySeeEntry
from dermfolio.contracts.problems import PROBLEMS
from dermfolio.contracts.views.live import (
    Away,
    ConsentEnforcementChanged,
    Here,
    LicenceChanged,
    Ping,
    Pong,
    Present,
    Resync,
    RightsChanged,
    SocketHears,
    SocketProblem,
    Somebody,
    Subscribe,
    Subscribed,
    TagsChanged,
    Unsubscribe,
)
from dermfolio.gateway.bodies import parse
from dermfolio.gateway.live.alerts import Alert
from dermfolio.gateway.live.hub import Hub
from dermfolio.gateway.live.outgoing import Outgoing
from dermfolio.gateway.live.presence import Presence, PresenceNews
from dermfolio.gateway.live.shown import Shown
from dermfolio.gateway.live.sights import Sights
from dermfolio.gateway.sessions import Sessions, Visitor
from dermfolio.gateway.visits import Visit

log = structlog.get_logger()

REPLAYED = 200
"""Events that a resuming browser is sent; beyond that, fetching again is cheaper."""

PATIENTS = 100
"""Patients that one connection may follow."""

SESSION_OVER = 4401
RETRY_SECONDS = 1.0
BELIEVED_SECONDS = 0.25
"""How long an answer of identity counts at least: clocks that differ must not make us ask without a pause."""

_HEARS: TypeAdapter[Subscribe | Unsubscribe | Here | Away | Ping] = TypeAdapter(SocketHears)


class SessionOver(Exception):  # noqa: N818
    """The session that the connection was opened with has ended."""


class Socket:
    """A connected browser."""

    def __init__(
        self,
        websocket: WebSocket,
        visit: Visit,
        *,
        hub: Hub,
        presence: Presence,
        sessions: Sessions,
        requests: Requests,
    ) -> None:
        self._websocket = websocket
        self._visit = visit
        self._visitor = visit.visitor
        self._until = visit.visitor.until
        self._hub = hub
        self._presence = presence
        self._sessions = sessions
        self._requests = requests
        self._after: dict[UUID, int] = {}
        self._sights = Sights(requests)
        self._outgoing = Outgoing()

    async def serve(self) -> None:
        """Hear and tell until the browser leaves or its session is over."""
        left = False
        with self._hub.connected(self), self._presence.met(self):
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(self._hear())
                    group.create_task(self._speak())
            except* WebSocketDisconnect:
                left = True
            except* SessionOver:
                log.info("socket.session_over", session=str(self._visitor.facts.session))
        if not left:
            await self._websocket.close(SESSION_OVER, "session over")

    def tell(self, event: Shown) -> None:
        """Queue an event of a patient that is followed."""
        if event.seq <= self._after[event.patient]:
            return
        self._take(event)

    def alert(self, news: Alert) -> None:
        """Queue news of an emergency access; whom it concerns is tested when it is sent."""
        self._take(news)

    def _take(self, event: Shown | Alert) -> None:
        if not self._outgoing.take(event):
            self.resync(self._hub.position)

    def resync(self, position: Position) -> None:
        """Drop the events that wait; say once that they are missing."""
        self._sights.doubt_all()
        self._after = dict.fromkeys(self._after, position.seq)
        self._outgoing.miss(position)

    def recheck(self, *, session: UUID | None = None, user: UUID | None = None) -> None:
        """Ask again for the session before anything more is sent."""
        if self._visitor.facts.session == session or self._visitor.facts.user == user:
            self._until = 0.0
            self._outgoing.wake()

    def look_again(self, patient: UUID) -> None:
        """Ask again whether a patient may be seen, before anything more is sent."""
        self._sights.doubt(patient)
        self._outgoing.wake()

    def licence_changed(self) -> None:
        """Say so, once for as many changes as happen before it is heard."""
        self._outgoing.put_once(LicenceChanged())

    def consent_enforcement_changed(self) -> None:
        """Say so, in the same way."""
        self._outgoing.put_once(ConsentEnforcementChanged())

    def tags_changed(self, site: UUID | None) -> None:
        """Say so, once for as many changes of the same tags as happen before it is heard."""
        self._outgoing.put_once(TagsChanged(site=site))

    def present(self, patient: UUID) -> None:
        """Say who has a patient open, once for as many changes as happen before it is heard."""
        self._outgoing.put_once(PresenceNews(patient))

    async def _hear(self) -> None:
        while True:
            received = await self._websocket.receive()
            if received["type"] == "websocket.disconnect":
                raise WebSocketDisconnect(received["code"])
            try:
                message = _HEARS.validate_python(parse((received.get("text") or "").encode()))
            except (Refused, ValidationError):
                await self._say(_problem("invalid_request"))
                continue
            match message:
                case Subscribe():
                    await self._subscribe(message)
                case Unsubscribe():
                    self._hub.unfollow(message.patient, self)
                    self._after.pop(message.patient, None)
                    self._forget_if_unwanted(message.patient)
                case Here():
                    await self._be_here(message)
                case Away():
                    self._be_away()
                case Ping():
                    await self._say(Pong())

    async def _subscribe(self, message: Subscribe) -> None:
        patient = message.patient
        if patient not in self._after and len(self._after) >= PATIENTS:
            await self._say(_problem("too_many_subscriptions", patient))
            return
        try:
            cursor = None if message.cursor is None else Position.parse(message.cursor)
        except ValueError:
            await self._say(_problem("invalid_request", patient))
            return
        try:
            await self._sights.look(patient, self._call())
            await self._hub.reached(cursor)
        except Refused as refusal:
            self._unfollow(patient)
            await self._say(_problem(refusal.code, patient))
            return
        except Unavailable:
            self._forget_if_unwanted(patient)
            await self._say(_problem("unavailable", patient))
            return
        await self._outgoing.room()
        self._begin(patient, cursor)

    def _begin(self, patient: UUID, cursor: Position | None) -> None:
        """Follow a patient from a cursor on. Nothing is awaited here, so no event falls between replay and live."""
        here = self._hub.position
        self._outgoing.drop(patient)
        replayed = [] if cursor is None else self._hub.since(cursor, patient)
        # never a newer cursor than the client's own: cut off before the resync, it would resume behind what it missed
        self._outgoing.put(Subscribed(patient=patient, cursor=str(cursor or here)))
        if replayed is None or len(replayed) > REPLAYED:
            self._outgoing.put(Resync(patient=patient, cursor=str(here)))
        else:
            self._outgoing.replay(replayed)
        self._after[patient] = here.seq
        self._hub.follow(patient, self)

    async def _be_here(self, message: Here) -> None:
        """Show the user at a patient whom they may see, and at an entry only of that patient; in person, as a program
        looks at nothing.
        """
        patient = message.patient
        if self._visitor.actor.scopes is not None:
            await self._say(_problem("session_required", patient))
            return
        self._be_away()
        try:
            await self._sights.look(patient, self._call())
        except Refused as refusal:
            self._unfollow(patient)
            await self._say(_problem(refusal.code, patient))
        except Unavailable:
            self._forget_if_unwanted(patient)
            await self._say(_problem("unavailable", patient))
        else:
            if message.entry is None or await self._is_of(patient, message.entry):
                await self._outgoing.room()
                self._presence.enter(self, patient, Somebody(user=self._visitor.facts.user, entry=message.entry))

    async def _is_of(self, patient: UUID, entry: UUID) -> bool:
        """Whether an entry is one of a patient's. Said where not, and without the patient: that one may be seen."""
        try:
            await self._requests.ask(MaySeeEntry(patient=patient, entry=entry), self._call())
        except Refused as refusal:
            self._forget_if_unwanted(patient)
            await self._say(_problem(refusal.code))
        except Unavailable:
            self._forget_if_unwanted(patient)
            await self._say(_problem("unavailable", patient))
        else:
            return True
        return False

    def _be_away(self) -> None:
        left = self._presence.leave(self)
        if left is not None:
            self._forget_if_unwanted(left)

    def _forget_if_unwanted(self, patient: UUID) -> None:
        """Do not look any more whether a patient may be seen who is neither followed nor open."""
        if patient not in self._after and self._presence.place(self) != patient:
            self._sights.forget(patient)

    def _unfollow(self, patient: UUID) -> None:
        """The patient may not be seen."""
        if self._presence.place(self) == patient:
            self._presence.leave(self)
        self._hub.unfollow(patient, self)
        self._after.pop(patient, None)
        self._sights.forget(patient)

    async def _say(self, message: BaseModel) -> None:
        """Queue an answer; a browser that asks faster than it reads is not heard meanwhile."""
        await self._outgoing.room()
        self._outgoing.put(message)

    async def _speak(self) -> None:
        while True:
            # or for the session or an emergency access to need asking again
            await self._outgoing.something(min(self._until - time.monotonic(), self._sights.next_end()))
            await self._believe()
            await self._look()
            await self._send_next()
            self._outgoing.sent()

    async def _send_next(self) -> None:
        match self._outgoing.next():
            case Shown() as event:
                if event.patient in self._after and self._sights.allow(self._visitor.actor, event):
                    await self._websocket.send_text(event.text)
            case Alert() as alert:
                if alert.concerns(self._visitor.actor):
                    await self._websocket.send_text(alert.text)
            case PresenceNews(patient):
                await self._tell_presence(patient)
            case BaseModel() as message:
                await self._websocket.send_text(message.model_dump_json())

    async def _tell_presence(self, patient: UUID) -> None:
        if self._presence.place(self) == patient and self._sights.sees(self._visitor.actor, patient):
            present = Present(patient=patient, people=self._presence.people(patient))
            await self._websocket.send_text(present.model_dump_json())

    async def _believe(self) -> None:
        """Have a session that was asked for lately. While it cannot be asked for, nothing is sent.

        Raises SessionOver.
        """
        if time.monotonic() < self._until:
            return
        visitor = await self._asked()
        if visitor.facts.password_change_required or visitor.facts.second_factor_setup_required:
            raise SessionOver
        if _rights(visitor) != _rights(self._visitor):
            self._outgoing.put(RightsChanged())
            self._sights.doubt_all()
        self._visitor, self._until = visitor, max(visitor.until, time.monotonic() + BELIEVED_SECONDS)

    async def _look(self) -> None:
        """Know that the patients that are followed may still be seen. While it cannot be asked for, nothing is sent."""
        while doubted := self._sights.doubted():
            [patient, *_] = doubted
            try:
                await self._sights.look(patient, self._call())
            except Refused as refusal:
                self._unfollow(patient)
                self._outgoing.put(_problem(refusal.code, patient))
            except Unavailable:
                await asyncio.sleep(RETRY_SECONDS)
            else:
                if patient in self._sights.doubted():
                    await asyncio.sleep(BELIEVED_SECONDS)

    async def _asked(self) -> Visitor:
        while True:
            try:
                return await self._sessions.visitor(self._visit.credential, in_use=False)
            except Refused:
                raise SessionOver from None
            except Unavailable:
                await asyncio.sleep(RETRY_SECONDS)

    def _call(self) -> Call:
        before = self._visit.call
        actor, token = self._visitor.actor, self._visitor.token
        return Call(actor, before.request_id, before.address, before.user_agent, token)


def _rights(visitor: Visitor) -> tuple[object, object]:
    return visitor.actor.site_roles, visitor.actor.installation_roles


def _problem(code: str, patient: UUID | None = None) -> SocketProblem:
    problem = PROBLEMS[code]
    return SocketProblem(code=code, title=problem.title, detail=problem.detail, patient=patient)
