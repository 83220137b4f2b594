"""Signing in by a provider: two addresses that a browser is sent to (decision 0012).

Whatever goes wrong, the person at the browser lands on the sign-in page with a code of ours. Nothing that a provider
or another site wrote gets into an address, and nobody is sent anywhere but to the provider or the start page.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

import structlog
from pydantic import SecretStr
from starlette.requests import Request
from starlette.responses import Response

from dermfolio.common.auth import Call
from dermfolio.common.bus import Requests
from dermfolio.common.errors import Refused, Unavailable
from dermfolio.contracts.oidc import ATTEMPT_SECONDS, BeginSignIn, FinishSignIn
from dermfolio.gateway.asking import NO_STORE
from dermfolio.gateway.operations import PREFIX, Operation, Success
from dermfolio.gateway.parameters import PROVIDER
from dermfolio.gateway.rates import Rate, Rates
from dermfolio.gateway.visits import Visits

log = structlog.get_logger()

STRANGERS = Rate(2.0, 200)
"""Steps of sign-ins from one address: a whole clinic shares one, and all of it comes at eight."""

_PAGE: Final = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=/">'
    '<title>Dermfolio</title><a href="/">Dermfolio</a></html>'
)
"""A redirect would go on in the provider's name, and the Strict cookie would stay behind; this page is ours."""

_VALUE = re.compile(r"[\x20-\x7e]{1,4096}")
_READ = ("state", "code", "iss", "error")
_MOST_FIELDS = 20


@dataclass(frozen=True)
class _Returned:
    """What a browser brought back from a provider."""

    state: str
    code: str | None
    issuer: str | None


class OidcApi:
    """Sign-in by a provider."""

    def __init__(self, requests: Requests, visits: Visits, *, public_url: str, secure: bool) -> None:
        self._requests = requests
        self._visits = visits
        self._public_url = public_url.rstrip("/")
        self._secure = secure
        self._strangers = Rates(STRANGERS)
        self._cookie = "__Host-dermfolio-oidc" if secure else "dermfolio_oidc"

    def operations(self) -> Sequence[Operation]:
        """What this part of the API offers."""
        away = Success("Away to the provider, or to the sign-in page, which says what is wrong.", headers=_LOCATION)
        return (
            Operation(
                "sign_in_by_provider",
                "GET",
                "/session/oidc/{provider}",
                "Sign in by a provider. For browsers to go to: the answer sends them to the provider.",
                self.begin,
                {303: away},
                ("invalid_request", "unavailable"),
                takes=(PROVIDER,),
            ),
            Operation(
                "finish_sign_in_by_provider",
                "GET",
                "/session/oidc/{provider}/callback",
                "Where the provider sends browsers back to, with `state` and `code` or `error` in the query. Sets the "
                "session's cookie and goes on to the start page.",
                self.finish,
                {
                    200: Success(
                        "Signed in: a page that goes on to the start page.",
                        media_types=("text/html",),
                        headers={"Set-Cookie": "The session's cookie: HttpOnly."},
                    ),
                    303: Success("To the sign-in page, which says what is wrong.", headers=_LOCATION),
                },
                ("invalid_request", "unavailable"),
                takes=(PROVIDER,),
            ),
        )

    async def begin(self, request: Request) -> Response:
        """Send a browser to a provider."""
        provider, call = PROVIDER.of(request), self._visits.stranger(request)
        try:
            if request.headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}:
                raise await self._visits.record("gateway.csrf_failed", Refused("csrf_failed"), call)
            await self._visits.limit(self._strangers, call.address, call)
            begun = await self._requests.ask(
                BeginSignIn(provider=provider, returns_to=self._returns_to(provider)), call
            )
        except (Refused, Unavailable) as error:
            return _to_sign_in(error, call)
        answer = _redirect(begun.address)
        answer.set_cookie(
            self._cookie, begun.browser, max_age=ATTEMPT_SECONDS, secure=self._secure, httponly=True, samesite="lax"
        )
        return answer

    async def finish(self, request: Request) -> Response:
        """Open a session for who comes back."""
        provider, call = PROVIDER.of(request), self._visits.stranger(request)
        try:
            await self._visits.limit(self._strangers, call.address, call)
            returned = _returned(request)
            if returned is None:
                refusal = Refused("provider_sign_in_failed")
                raise await self._visits.record("gateway.provider_sign_in_failed", refusal, call)
            signed_in = await self._requests.ask(
                FinishSignIn(
                    provider=provider,
                    browser=SecretStr(request.cookies.get(self._cookie, "")),
                    state=SecretStr(returned.state),
                    code=None if returned.code is None else SecretStr(returned.code),
                    issuer=returned.issuer,
                ),
                call,
            )
        except (Refused, Unavailable) as error:
            answer = _to_sign_in(error, call)
        else:
            answer = Response(_PAGE, 200, NO_STORE, "text/html")
            self._visits.set_cookie(answer, self._visits.cookie_name, signed_in.token)
        answer.delete_cookie(self._cookie, secure=self._secure, httponly=True, samesite="lax")
        return answer

    def _returns_to(self, provider: str) -> str:
        return f"{self._public_url}{PREFIX}/session/oidc/{provider}/callback"


_LOCATION = {"Location": "Where the browser goes."}


def _returned(request: Request) -> _Returned | None:
    """What the query says; None when it is no answer of a provider (RFC 6749, 4.1.2: nothing more than once)."""
    try:
        pairs = parse_qsl(request.scope["query_string"].decode("latin-1"), True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return None
    read = [(name, value) for name, value in pairs if name in _READ]
    given = dict(read)
    if len(given) != len(read) or not all(map(_VALUE.fullmatch, given.values())):
        return None
    if "state" not in given or ("code" in given) == ("error" in given):
        return None
    return _Returned(given["state"], given.get("code"), given.get("iss"))


def _to_sign_in(error: Refused | Unavailable, call: Call) -> Response:
    """To the sign-in page. The code is one of our catalogue's."""
    code = error.code if isinstance(error, Refused) else "unavailable"
    log.info("oidc.refused", code=code, request_id=call.request_id)
    return _redirect(f"/sign-in?problem={code}")


def _redirect(address: str) -> Response:
    return Response(None, 303, NO_STORE | {"Location": address})
