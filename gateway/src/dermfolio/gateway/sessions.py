"""Who a session cookie or an API token stands for: asked of identity, remembered for at most half a minute.

Any gateway may be asked; nothing here is needed by another one. What ends a session elsewhere is heard on the live
feed and forgotten at once; should that be lost, after `REMEMBERED_SECONDS`.
"""

import asyncio
import hashlib
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Literal, TypeVar
from uuid import UUID

from dermfolio.common.auth import SPEAKS_FOR_USERS, Actor, ActorSigner
from dermfolio.common.bus import Requests
from dermfolio.common.errors import Refused
from dermfolio.contracts.identity import GetSession, SessionFacts
from dermfolio.contracts.messages import now
from dermfolio.contracts.own import CREDENTIAL_MARK

REMEMBERED_SECONDS = 30.0
"""An Actor lives 60 s, so a remembered one is believed for 30 s more at least."""

REMEMBERED = 10_000

T = TypeVar("T")


class NotSignedIn(Refused):
    """Identity knows no live session of this token. `news` is False where this was found out a moment ago already."""

    def __init__(self, *, news: bool) -> None:
        super().__init__("not_signed_in")
        self.news = news


@dataclass(frozen=True, slots=True)
class Visitor:
    """A signed-in user. `until` is the monotonic time up to which this is believed without asking again."""

    facts: SessionFacts
    actor: Actor
    token: str
    """The signed actor, for requests in the user's name."""
    until: float
    in_use: bool
    """Whether identity was told that the session is in use."""


class Sessions:
    """Visitors by the SHA-256 of their cookie's or API token."""

    def __init__(self, requests: Requests, signer: ActorSigner) -> None:
        self._requests = requests
        self._signer = signer
        self._known: OrderedDict[str, Visitor] = OrderedDict()
        self._refused: OrderedDict[str, float] = OrderedDict()
        self._under_way: dict[GetSession, asyncio.Task[Visitor]] = {}
        self._forgotten = 0

    async def visitor(self, credential: str, *, in_use: bool = True) -> Visitor:
        """The visitor of a cookie's token or an API token; `in_use` is False where nobody acts.

        Raises NotSignedIn, or Unavailable when identity cannot be asked.
        """
        sha256 = token_sha256(credential)
        known = self._known.get(sha256)
        if known is not None and known.until > time.monotonic() and (known.in_use or not in_use):
            return known
        if self._refused.get(sha256, 0.0) > time.monotonic():
            raise NotSignedIn(news=False)
        kind: Literal["session", "token"] = "token" if is_api_token(credential) else "session"
        return await self._ask_once(GetSession(token_sha256=sha256, kind=kind, in_use=in_use))

    def forget(self, *, session: UUID | None = None, user: UUID | None = None) -> None:
        """Ask identity again before believing this session, or any session of this user."""
        self._forgotten += 1
        gone = [k for k, v in self._known.items() if v.facts.session == session or v.facts.user == user]
        for sha256 in gone:
            del self._known[sha256]

    async def _ask_once(self, asked: GetSession) -> Visitor:
        """Ask identity; requests that come meanwhile wait for the same answer."""
        task = self._under_way.get(asked)
        if task is not None:
            try:
                return await asyncio.shield(task)
            except NotSignedIn:
                raise NotSignedIn(news=False) from None
        task = asyncio.create_task(self._ask(asked))
        self._under_way[asked] = task

        def answered(_: asyncio.Task[Visitor]) -> None:
            del self._under_way[asked]
            if not task.cancelled():
                task.exception()  # seen, also where everybody who waited for it has hung up

        task.add_done_callback(answered)
        return await asyncio.shield(task)

    async def _ask(self, asked: GetSession) -> Visitor:
        forgotten, sha256 = self._forgotten, asked.token_sha256
        try:
            facts = await self._requests.ask(asked)
        except Refused as refusal:
            if refusal.code != "not_signed_in":
                raise
            self._known.pop(sha256, None)
            _remember(self._refused, sha256, time.monotonic() + REMEMBERED_SECONDS)
            raise NotSignedIn(news=True) from None
        # what was forgotten meanwhile counts for this once; and what had to be done first, and was just done on another
        # gateway, must not be held up by this one's memory
        to_do = facts.password_change_required or facts.second_factor_setup_required
        lasting = self._forgotten == forgotten and not to_do
        visitor = self._made(facts, asked.in_use, REMEMBERED_SECONDS if lasting else 0.0)
        if lasting:
            _remember(self._known, sha256, visitor)
        return visitor

    def _made(self, facts: SessionFacts, in_use: bool, seconds: float) -> Visitor:
        actor = Actor(
            "user",
            SPEAKS_FOR_USERS,
            user=facts.user,
            session=facts.session,
            site_roles={site: frozenset(roles) for site, roles in facts.site_roles.items()},
            installation_roles=frozenset(facts.installation_roles),
            scopes=None if facts.scopes is None else frozenset(facts.scopes),
        )
        left = (facts.expires_at - now()).total_seconds()
        until = time.monotonic() + min(seconds, left)
        return Visitor(facts, actor, self._signer.sign(actor), until, in_use)


def is_api_token(credential: str) -> bool:
    """Whether this is an API token rather than a session's cookie."""
    return credential.startswith(CREDENTIAL_MARK)


def token_sha256(token: str) -> str:
    """What identity knows a token by."""
    return hashlib.sha256(token.encode()).hexdigest()


def _remember(memory: OrderedDict[str, T], key: str, value: T) -> None:
    memory[key] = value
    memory.move_to_end(key)
    if len(memory) > REMEMBERED:
        memory.popitem(last=False)
