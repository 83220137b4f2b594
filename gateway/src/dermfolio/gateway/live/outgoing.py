"""What waits for one browser. It is bounded: a browser that does not keep up is told once to fetch everything again."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from uuid import UUID

from pydantic import BaseModel

from dermfolio.common.bus import Position
from dermfolio.contracts.views.live import Resync
from dermfolio.gateway.live.alerts import Alert
from dermfolio.gateway.live.presence import PresenceNews
from dermfolio.gateway.live.shown import Shown

WAITING = 256
"""Messages that may wait for one browser."""

Message = Shown | Alert | PresenceNews | BaseModel


class Outgoing:
    """Messages in the order in which they are sent. Events may be dropped; answers and news are not."""

    def __init__(self) -> None:
        self._waiting: deque[Message] = deque()
        self._missed: Position | None = None
        self._something = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()

    def take(self, event: Shown | Alert) -> bool:
        """Queue an event; False where too much waits already."""
        if len(self._waiting) >= WAITING:
            return False
        self._waiting.append(event)
        self._something.set()
        return True

    def put(self, message: PresenceNews | BaseModel) -> None:
        """Queue an answer or news."""
        self._waiting.append(message)
        self._something.set()
        if len(self._waiting) >= WAITING:
            self._room.clear()

    def put_once(self, message: PresenceNews | BaseModel) -> None:
        """Queue it unless it waits already."""
        if message not in self._waiting:
            self.put(message)

    def replay(self, events: Sequence[Shown]) -> None:
        """Queue what happened since a cursor, behind the answer that says so; its number is bounded already."""
        self._waiting.extend(events)

    def miss(self, position: Position) -> None:
        """Drop the events; say once, before any later one, that they are missing up to here."""
        self._drop(lambda _: True)
        self._missed = position
        self._something.set()

    def drop(self, patient: UUID) -> None:
        """Drop a patient's events."""
        self._drop(lambda event: isinstance(event, Shown) and event.patient == patient)

    def wake(self) -> None:
        """Have whoever waits for something look around."""
        self._something.set()

    async def room(self) -> None:
        """Wait until another answer may be queued."""
        await self._room.wait()

    async def something(self, seconds: float) -> None:
        """Wait for a message, for as long as this at most."""
        if self._waiting or self._missed is not None:
            return
        self._something.clear()
        try:
            async with asyncio.timeout(max(0.0, seconds)):
                await self._something.wait()
        except TimeoutError:
            return

    def next(self) -> Message | None:
        """Take the message to be sent next, if any; `sent` tells that it was."""
        head = self._waiting[0] if self._waiting else None
        if self._missed is not None and not isinstance(head, PresenceNews | BaseModel):
            missed, self._missed = self._missed, None
            return Resync(patient=None, cursor=str(missed))
        return self._waiting.popleft() if self._waiting else None

    def sent(self) -> None:
        """Let answers be queued again, if there is room."""
        if len(self._waiting) < WAITING:
            self._room.set()

    def _drop(self, unwanted: Callable[[Shown | Alert], bool]) -> None:
        self._waiting = deque(m for m in self._waiting if not isinstance(m, Shown | Alert) or not unwanted(m))
