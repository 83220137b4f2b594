"""Single requests for the bytes of one object: presigned here, sent by our own HTTP client, every fault sorted.

The SDK signs but does not send: its upload takes no condition, and it would hold a thread per transfer.
"""

import re
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from http import HTTPStatus

import aiohttp
from yarl import URL

from dermfolio.common.errors import Unavailable
from dermfolio.common.sealing import Tampered

CONNECTIONS = 128
"""Transfers at once; more wait for a free connection."""

CONNECT_SECONDS = 5.0
POOL_SECONDS = 60.0
"""Longest wait for a free connection."""

URL_LIFETIME = timedelta(minutes=5)
"""Validity of a presigned URL: longer than the wait for a connection, and some difference between two clocks."""

# A wrong key, clock or bucket is for operators to mend while we wait; the others mend themselves.
_OPERATORS = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}
_PASSING = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS}

_CODE = re.compile(rb"<Code>(\w{1,64})</Code>")


class BlobMissing(LookupError):  # noqa: N818 - an answer of the store
    """The store has no object under this key."""


class BlobExists(Exception):  # noqa: N818
    """The store has an object under this key already; objects are never overwritten."""


class Transfers:
    """A bounded pool of connections to one store, for the life of an event loop.

    `presign` makes the URL of an HTTP method and an object key; an answer may be silent for `stall_seconds`.
    """

    def __init__(self, presign: Callable[[str, str], str], tls: ssl.SSLContext | None, stall_seconds: float) -> None:
        self._presign = presign
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=CONNECTIONS, ssl=tls or True),
            timeout=aiohttp.ClientTimeout(
                total=None, connect=POOL_SECONDS, sock_connect=CONNECT_SECONDS, sock_read=stall_seconds
            ),
            headers={"Accept-Encoding": "identity"},
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
        )

    async def close(self) -> None:
        """Close every connection."""
        await self._session.close()

    @asynccontextmanager
    async def answer(
        self, method: str, key: str, *, headers: dict[str, str], body: AsyncIterator[bytes] | None = None
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """Send one request and hand out its answer, whose body is then read inside the block.

        Raises:
            BlobMissing: no object under `key`.
            BlobExists: the condition that there be none failed.
            Tampered: the object is shorter than the range asked for.
            Unavailable: no answer, a late or broken one, or one that says to come again.
        """
        url = URL(self._presign(method, key), encoded=True)
        try:
            async with self._session.request(method, url, data=body, headers=headers, allow_redirects=False) as answer:
                if answer.status >= HTTPStatus.MULTIPLE_CHOICES:
                    raise await _fault(answer, key)
                yield answer
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Unavailable(f"the object store does not answer: {type(error).__name__}") from error


async def _fault(answer: aiohttp.ClientResponse, key: str) -> Exception:
    found = _CODE.search(await answer.content.read(4096))
    code = found[1].decode() if found else ""
    status = HTTPStatus(answer.status)
    match status:
        case HTTPStatus.NOT_FOUND if code == "NoSuchKey":
            return BlobMissing(key)
        case HTTPStatus.PRECONDITION_FAILED:
            return BlobExists(key)
        case HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            return Tampered("the object ends before the bytes asked for")
    if status in _OPERATORS or status in _PASSING or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Unavailable(f"the object store refuses: {status} {code}")
    return RuntimeError(f"the object store does not take our request: {status} {code}")
