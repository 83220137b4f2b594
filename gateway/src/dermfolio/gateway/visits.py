"""Who makes a request, and whether they may make it: session or API token, CSRF, what has to be done first.

What is refused here, before any owner of data is asked, is recorded here (AUD-1).
"""

import hmac
import math
import re
from collections.abc import Hashable
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID, uuid4

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import Response

from dermfolio.common.auth import Actor, Call
from dermfolio.common.bus import Requests
from dermfolio.common.errors import Refused
from dermfolio.contracts.audit import AppendRecord, GatewayEvent
from dermfolio.contracts.vocabulary import OF_GATEWAY
from dermfolio.gateway.origin import Origin
from dermfolio.gateway.proxies import Proxies
from dermfolio.gateway.rates import Rate, Rates
from dermfolio.gateway.sessions import NotSignedIn, Sessions, Visitor, is_api_token, token_sha256

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
REQUEST_ID = "dermfolio.request_id"
"""Where the request's id lies in the ASGI scope."""

UNKNOWN_CREDENTIALS = Rate(per_second=0.5, burst=60)
"""What one address may try of cookies and tokens that nobody knows; a clinic may stand behind one address."""

NOTED = Rate(per_second=1 / 60, burst=1)

_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,200}")


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of a signed-in user."""

    visitor: Visitor
    call: Call
    credential: str
    """The cookie's token, or the API token."""


class Visits:
    """Admits requests."""

    def __init__(
        self, requests: Requests, sessions: Sessions, origin: Origin, proxies: Proxies, *, per_second: float
    ) -> None:
        self._requests = requests
        self._sessions = sessions
        self._origin = origin
        self._proxies = proxies
        self._visitors = Rates(Rate(per_second, round(per_second * 10)))
        self._unknown = Rates(UNKNOWN_CREDENTIALS)
        self._noted = Rates(NOTED)
        self.cookie_name = "__Host-dermfolio" if origin.secure else "dermfolio_session"
        self.device_cookie_name = "__Host-dermfolio-device" if origin.secure else "dermfolio_device"
        self._secure = origin.secure
        self._nobody = Actor("service", "gateway")

    async def admit(
        self, request: HTTPConnection, *, before_password_change: bool = False, before_second_factor: bool = False
    ) -> Visit:
        """Return who asks. `before_password_change`: also users who must choose a password first, or set up a second
        factor; `before_second_factor`: also those who must do the latter.

        Refused as `not_signed_in`, `csrf_failed`, `password_change_required`, `second_factor_setup_required` or
        `rate_limited`, once that is recorded.
        """
        headers = request.headers
        credential = self._credential(headers)
        if credential is None:
            raise Refused("not_signed_in")
        stranger = self.stranger(request)
        # pages open their sockets anew by themselves: that is no use of the session
        visitor = await self._visitor(credential, stranger, in_use=request.scope["type"] != "websocket")
        call = replace(stranger, actor=visitor.actor, token=visitor.token)
        await self.limit(self._visitors, visitor.facts.session, call)
        if is_api_token(credential):
            genuine = True  # no browser adds it by itself
        elif request.scope["type"] == "websocket":
            genuine = self._origin.named(headers)
        else:
            genuine = request.scope["method"] in SAFE_METHODS or self._confirmed(headers, visitor)
        if not genuine:
            raise await self.record("gateway.csrf_failed", Refused("csrf_failed"), call)
        if visitor.facts.password_change_required and not before_password_change:
            refused = Refused("password_change_required")
            raise await self.record("gateway.password_change_required", refused, call)
        if visitor.facts.second_factor_setup_required and not (before_second_factor or before_password_change):
            refused = Refused("second_factor_setup_required")
            raise await self.record("gateway.second_factor_setup_required", refused, call)
        return Visit(visitor, call, credential)

    async def admit_stranger(self, request: HTTPConnection) -> Call:
        """Admit somebody who signs in. Refused as `csrf_failed` when another site's page asks."""
        call = self.stranger(request)
        if not self._origin.sent(request.headers):
            raise await self.record("gateway.csrf_failed", Refused("csrf_failed"), call)
        return call

    def set_cookie(self, answer: Response, name: str, token: str, kept: timedelta | None = None) -> None:
        """Have the browser keep a token; without a time, for as long as it is open."""
        seconds = None if kept is None else int(kept.total_seconds())
        answer.set_cookie(name, token, seconds, secure=self._secure, httponly=True, samesite="strict")

    async def limit(self, rates: Rates, key: Hashable, call: Call) -> None:
        """Count one more of something. Refused as `rate_limited`."""
        if (wait := rates.take(key)) is not None:
            raise await self.too_often(wait, key, call)

    async def too_often(self, wait: float, key: Hashable, call: Call) -> Refused:
        """The refusal of what may be done after so many seconds; of many with the same key one a minute is recorded."""
        refusal = Refused("rate_limited", retry_after=math.ceil(wait))
        if self._noted.take(key) is None:
            await self.record("gateway.rate_limited", refusal, call)
        return refusal

    async def again(self, visit: Visit) -> Visit:
        """The same visit some time later, with the rights of now. Refused as `not_signed_in`."""
        visitor = await self._visitor(visit.credential, replace(visit.call, actor=self._nobody, token=None))
        return Visit(visitor, replace(visit.call, actor=visitor.actor, token=visitor.token), visit.credential)

    async def record(
        self,
        event: GatewayEvent,
        refusal: Refused,
        call: Call,
        *,
        patient: UUID | None = None,
        image: UUID | None = None,
    ) -> Refused:
        """Record a refusal, of a session or of an image's upload, and return it. Raises Unavailable when it cannot be
        recorded.
        """
        meaning, about = OF_GATEWAY[event], image or call.actor.session
        await self._requests.ask(
            AppendRecord(
                id=uuid4(),
                event=event,
                action=meaning.action,
                outcome="denied",
                object_kind=meaning.about,
                object_id=None if about is None else str(about),
                patient=patient,
                code=refusal.code,
            ),
            call,
        )
        return refusal

    def stranger(self, request: HTTPConnection) -> Call:
        """The circumstances of a request that nobody's name can be put to; the gateway asks for itself."""
        return Call(
            self._nobody,
            request.scope[REQUEST_ID],
            self._proxies.address(request),
            request.headers.get("user-agent"),
        )

    def device_sha256(self, request: HTTPConnection) -> str | None:
        """What identity knows the browser by, if it carries the token of a trusted one."""
        token = _cookie(request.headers, self.device_cookie_name)
        return None if token is None else token_sha256(token)

    async def _visitor(self, credential: str, stranger: Call, *, in_use: bool = True) -> Visitor:
        try:
            return await self._sessions.visitor(credential, in_use=in_use)
        except NotSignedIn as refusal:
            if refusal.news:
                await self.limit(self._unknown, stranger.address, stranger)
                await self.record("gateway.session_refused", refusal, stranger)
            raise

    def _credential(self, headers: Headers) -> str | None:
        """What a request is to be admitted by: an API token that is named, else the cookie that a browser adds."""
        named = headers.get("authorization")
        if named is None:
            cookie = _cookie(headers, self.cookie_name)
            return None if cookie is None or is_api_token(cookie) else cookie
        scheme, _, token = named.partition(" ")
        known = scheme.lower() == "bearer" and _TOKEN.fullmatch(token) and is_api_token(token)
        return token if known else None

    def _confirmed(self, headers: Headers, visitor: Visitor) -> bool:
        sent = headers.get("x-csrf-token", "")
        return self._origin.sent(headers) and hmac.compare_digest(
            sent.encode("latin-1", "replace"), visitor.facts.view.csrf_token.encode()
        )


def _cookie(headers: Headers, wanted: str) -> str | None:
    for header in headers.getlist("cookie"):
        for pair in header.split(";"):
            name, _, value = pair.strip().partition("=")
            if name == wanted:
                return value if _TOKEN.fullmatch(value) else None
    return None
