"""Speaking HTTP with a provider: one bounded answer, no redirects, no cookies."""

import json
from collections.abc import Mapping
from types import TracebackType
from typing import Any

import aiohttp

from dermfolio.identity.oidc.id_token import Disbelieved
from dermfolio.identity.oidc.providers import may_be_asked

MOST_BYTES = 256 * 1024
"""Of one answer. A key set has a few kilobytes; a token with hundreds of groups, some tens."""

_HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "dermfolio"}


class Silent(Exception):  # noqa: N818 - an outcome of speaking with strangers
    """The provider cannot be reached, takes too long, or says that it is out of order."""


class Speaking:
    """An HTTP client for providers; used as a context manager."""

    def __init__(self, *, evaluation: bool) -> None:
        """`evaluation`: providers on this machine may be spoken to without TLS."""
        self._evaluation = evaluation
        self._http: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> "Speaking":
        self._http = aiohttp.ClientSession(
            cookie_jar=aiohttp.DummyCookieJar(),
            headers=_HEADERS,
            auto_decompress=False,
            requote_redirect_url=False,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._http is not None:
            await self._http.close()

    def may_ask(self, url: object) -> bool:
        """Whether this is an address that a provider may live at."""
        return may_be_asked(url, evaluation=self._evaluation)

    async def get(self, url: object) -> dict[str, Any]:
        """The JSON object at an address. Raises Disbelieved or Silent."""
        return await self._ask("GET", url)

    async def post(self, url: object, form: Mapping[str, str], headers: Mapping[str, str]) -> dict[str, Any]:
        """The JSON object that answers a form. Raises Disbelieved or Silent."""
        return await self._ask("POST", url, data=form, headers=headers)

    async def _ask(self, method: str, url: object, **more: Any) -> dict[str, Any]:
        if self._http is None:
            raise RuntimeError("used outside its block")
        if not self.may_ask(url):
            raise Disbelieved("address")
        try:
            async with self._http.request(method, str(url), allow_redirects=False, **more) as answer:
                if answer.status >= 500 or answer.status == 429:
                    raise Silent(f"status {answer.status}")
                if answer.status != 200:
                    raise Disbelieved("status")
                return _object(await _body(answer))
        except (aiohttp.ClientError, OSError) as error:
            raise Silent(type(error).__name__) from error


async def _body(answer: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for piece in answer.content.iter_any():
        body += piece
        if len(body) > MOST_BYTES:
            raise Disbelieved("too_large")
    return bytes(body)


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Disbelieved("no_json") from error
    if not isinstance(found, dict):
        raise Disbelieved("no_object")
    return found
