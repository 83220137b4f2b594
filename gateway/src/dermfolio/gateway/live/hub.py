"""The live feed of this gateway: the newest events kept for those who resume, and everyone who is to be told.

Every gateway reads the whole stream, so a cursor given out by one is understood by all.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Iterator
from itertools import takewhile
from typing import Protocol
from uuid import UUID

import structlog
from pydantic import ValidationError

from dermfolio.common.bus import Feed, FeedItem, Position
from dermfolio.common.errors import Unavailable
from dermfolio.contracts.account import SecondFactorRemoved
from dermfolio.contracts.identity import PasswordChanged, SessionEnded
from dermfolio.contracts.licence import LicenceInstalled, LicenceStateChanged
from dermfolio.contracts.merging import PatientMerged, PatientUnmerged
from dermfolio.contracts.organisation import RolesChanged, UserDisabled
from dermfolio.contracts.own import TokenRevoked
from dermfolio.contracts.settings import SettingsChanged
from dermfolio.contracts.sharing import OpeningEnded, PatientOpened, PatientShared, PatientUnshared
from dermfolio.contracts.tags import CATALOGUE, AboutTags
from dermfolio.gateway.installation_settings import InstallationSettings
from dermfolio.gateway.live.alerts import Alert, alert
from dermfolio.gateway.live.shown import Shown, shown
from dermfolio.gateway.metrics import RESYNCS
from dermfolio.gateway.sessions import Sessions

log = structlog.get_logger()

RETRY_SECONDS = 0.5
CATCH_UP_SECONDS = 2.0
"""How long a resuming client may be ahead of this gateway before its cursor is not believed."""

_CATCH_UP_STEP = 0.02

_RIGHTS_OF_A_USER: dict[str, type[PasswordChanged | SecondFactorRemoved | RolesChanged | UserDisabled]] = {
    news.subject: news for news in (PasswordChanged, SecondFactorRemoved, RolesChanged, UserDisabled)
}
"""After these facts, what is known of a user's sessions may not be so any more."""


_SIGHT_OF_A_PATIENT: dict[
    str, type[PatientShared | PatientUnshared | PatientOpened | OpeningEnded | PatientMerged | PatientUnmerged]
] = {
    news.subject: news
    for news in (PatientShared, PatientUnshared, PatientOpened, OpeningEnded, PatientMerged, PatientUnmerged)
}
"""After these facts, other people may see a patient than before."""


_OF_THE_LICENCE = frozenset({LicenceInstalled.subject, LicenceStateChanged.subject})
"""After these facts, whether photographs may be added may be another matter than before."""


_WHICH_TAGS_THERE_ARE: dict[str, type[AboutTags]] = {news.subject: news for news in CATALOGUE}
"""After these facts, tags are called otherwise, look otherwise, or are others."""


class Listener(Protocol):
    """Somebody who is told."""

    def tell(self, event: Shown) -> None:
        """Take an event of a patient that is followed; must not block."""

    def alert(self, news: Alert) -> None:
        """Take news of an emergency access, whether or not it concerns this listener; must not block."""

    def resync(self, position: Position) -> None:
        """Events up to this position may be missing."""

    def recheck(self, *, session: UUID | None = None, user: UUID | None = None) -> None:
        """This session, or every session of this user, may be over."""

    def look_again(self, patient: UUID) -> None:
        """This patient, if followed or about to be, may not be seen any more."""

    def licence_changed(self) -> None:
        """The licence is another one, or in another state."""

    def tags_changed(self, site: UUID | None) -> None:
        """There are other tags, at a site or in the installation."""


class Hub:
    """Follows the feed and tells listeners."""

    def __init__(self, feed: Feed, sessions: Sessions, settings: InstallationSettings, *, ring: int) -> None:
        self._feed = feed
        self._sessions = sessions
        self._settings = settings
        self._size = ring
        self._ring: deque[Shown] = deque()
        self._position = Position("", 0)
        self._floor = 0
        self._everyone: set[Listener] = set()
        self._following: dict[UUID, set[Listener]] = {}

    @property
    def position(self) -> Position:
        """How far this gateway has read."""
        return self._position

    @contextlib.contextmanager
    def connected(self, listener: Listener) -> Iterator[None]:
        """Count a listener in for the length of the block."""
        self._everyone.add(listener)
        try:
            yield
        finally:
            self._everyone.discard(listener)
            for patient in [p for p, who in self._following.items() if listener in who]:
                self.unfollow(patient, listener)

    def follow(self, patient: UUID, listener: Listener) -> None:
        """Tell this listener about this patient from now on."""
        self._following.setdefault(patient, set()).add(listener)

    def unfollow(self, patient: UUID, listener: Listener) -> None:
        """Tell it no longer."""
        who = self._following.get(patient, set())
        who.discard(listener)
        if not who:
            self._following.pop(patient, None)

    async def reached(self, cursor: Position | None) -> None:
        """Wait a moment for this gateway to read as far as the one that gave the cursor out.

        Raises Unavailable when it has not begun to read.
        """
        for _ in range(round(CATCH_UP_SECONDS / _CATCH_UP_STEP)):
            behind = cursor is not None and cursor.epoch == self._position.epoch and cursor.seq > self._position.seq
            if self._position.epoch and not behind:
                return
            await asyncio.sleep(_CATCH_UP_STEP)
        if not self._position.epoch:
            raise Unavailable("bus: the stream of events has not been read yet")

    def since(self, cursor: Position, patient: UUID) -> list[Shown] | None:
        """The events of a patient after a cursor, oldest first; None when they are not all known any more."""
        if cursor.epoch != self._position.epoch or not self._floor <= cursor.seq <= self._position.seq:
            return None
        newest_first = takewhile(lambda event: event.seq > cursor.seq, reversed(self._ring))
        return [event for event in newest_first if event.patient == patient][::-1]

    async def run(self) -> None:
        """Follow the feed, for ever; outages are waited out."""
        end = await self._end()
        self._begin(Position(end.epoch, max(0, end.seq - self._size)))
        async for found in self._feed.follow(self._position):
            if isinstance(found, Position):
                log.warning("live.stream_anew", epoch=found.epoch, seq=found.seq)
                self._begin(found)
                continue
            for item in found:
                self._take(item)

    async def _end(self) -> Position:
        while True:
            try:
                return await self._feed.end()
            except Unavailable:
                await asyncio.sleep(RETRY_SECONDS)

    def _begin(self, position: Position) -> None:
        """What was before this position is not known here: whoever listens has to look for themselves."""
        RESYNCS.inc()
        self._ring.clear()
        self._position, self._floor = position, position.seq
        for listener in tuple(self._everyone):
            listener.resync(position)

    def _take(self, item: FeedItem) -> None:
        if item.position.seq != self._position.seq + 1:
            # the stream no longer has what lay between: it was emptied, or outlived its time
            self._begin(Position(item.position.epoch, item.position.seq - 1))
        self._position = item.position
        try:
            self._enforce(item)
            event, news = shown(item), alert(item)
        except ValidationError:
            log.error("live.event_not_valid", subject=item.subject, seq=item.position.seq)
            return
        self._forget_old()
        if event is not None:
            self._ring.append(event)
            for listener in tuple(self._following.get(event.patient, ())):
                listener.tell(event)
        if news is not None:
            for listener in tuple(self._everyone):
                listener.alert(news)

    def _forget_old(self) -> None:
        """Keep as many places of the stream as the ring's size, whatever stands there."""
        self._floor = max(self._floor, self._position.seq - self._size)
        while self._ring and self._ring[0].seq <= self._floor:
            self._ring.popleft()

    def _enforce(self, item: FeedItem) -> None:
        """What ends a session, changes somebody's rights, a patient's sites or the settings is in force here as soon
        as it is read.
        """
        if item.subject == SessionEnded.subject:
            self._end_session(SessionEnded.model_validate_json(item.payload).session)
        elif item.subject == TokenRevoked.subject:
            self._end_session(TokenRevoked.model_validate_json(item.payload).token)
        elif item.subject == SettingsChanged.subject:
            self._settings.forget()
        elif item.subject in _OF_THE_LICENCE:
            for listener in tuple(self._everyone):
                listener.licence_changed()
        elif (catalogue := _WHICH_TAGS_THERE_ARE.get(item.subject)) is not None:
            site = catalogue.model_validate_json(item.payload).site
            for listener in tuple(self._everyone):
                listener.tags_changed(site)
        elif (news := _RIGHTS_OF_A_USER.get(item.subject)) is not None:
            user = news.model_validate_json(item.payload).user
            self._sessions.forget(user=user)
            for listener in tuple(self._everyone):
                listener.recheck(user=user)

        elif (changed := _SIGHT_OF_A_PATIENT.get(item.subject)) is not None:
            patient = changed.model_validate_json(item.payload).patient
            if patient is not None:
                for listener in tuple(self._everyone):
                    listener.look_again(patient)

    def _end_session(self, session: UUID) -> None:
        """Believe a session, or an API token that stands for one, no longer."""
        self._sessions.forget(session=session)
        for listener in tuple(self._everyone):
            listener.recheck(session=session)
