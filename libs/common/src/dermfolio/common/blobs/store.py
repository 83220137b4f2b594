"""The objects of one bucket: every one sealed, under a key that is never used twice."""

import asyncio
import re
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from http import HTTPStatus
from itertools import islice
from typing import Self, TypeVar
from urllib.parse import urlsplit

import aiohttp
import structlog
import urllib3
from minio import Minio
from minio.deleteobjects import DeleteError, DeleteObject
from minio.error import MinioException, S3Error
from prometheus_client import Counter

from dermfolio.common.blobs.opened import Opened
from dermfolio.common.blobs.transfers import CONNECT_SECONDS, URL_LIFETIME, Transfers
from dermfolio.common.errors import Unavailable
from dermfolio.common.sealing import HEADER_BYTES, Seal, Tampered

log = structlog.get_logger()
T = TypeVar("T")

TAMPERED = Counter("dermfolio_blobs_tampered", "Objects that are not what was sealed; each is an alarm")

THREADS = 4
"""Listings, deletions and readiness checks at once."""
MANAGEMENT_SECONDS = 8.0
PAGE = 1000
BATCH = 200
"""Deletions in one request: SeaweedFS takes about 2 ms for each."""

# One '/' between names: SeaweedFS stores 'a//b' as 'a/b', over what is there.
_KEY = re.compile(r"(?=.{1,512}\Z)[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
_CONTENT_RANGE = re.compile(r"bytes \d+-\d+/(\d+)")


@dataclass(frozen=True, slots=True)
class Stored:
    """One object as the store lists it; `size` is in sealed bytes."""

    key: str
    size: int
    modified: datetime


class Blobs:
    """The objects of one bucket. An async context manager; one value serves a whole process.

    The object key is the one in the seal's context: an object cannot be stored or read under another.
    Every method raises `Unavailable` when the store does not answer, refuses us, or lets no byte move for
    `stall_seconds`.
    """

    def __init__(
        self,
        endpoint: str,
        bucket: str,
        *,
        access_key: str,
        secret_key: str,
        region: str = "us-east-1",
        stall_seconds: float = 30.0,
    ) -> None:
        address = urlsplit(endpoint)
        self._bucket = bucket
        self._stall_seconds = stall_seconds
        self._tls = ssl.create_default_context() if address.scheme == "https" else None
        self._sdk = Minio(
            address.netloc,
            access_key=access_key,
            secret_key=secret_key,
            secure=self._tls is not None,
            region=region,  # unknown, it would be asked of the store while signing
            http_client=urllib3.PoolManager(
                timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=min(MANAGEMENT_SECONDS, stall_seconds)),
                maxsize=THREADS,
                retries=False,
                ssl_context=self._tls,
            ),
        )
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="blobs")

    async def __aenter__(self) -> Self:
        self._transfers = Transfers(self._presigned, self._tls, self._stall_seconds)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._transfers.close()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def put(self, seal: Seal, plain: AsyncIterator[bytes], plain_length: int) -> None:
        """Seal and store a stream of exactly `plain_length` bytes; returns once the store has it whole.

        Whatever `plain` raises is raised here, and then, as after `WrongLength` or a cancellation before the stream
        ended, nothing is visible in the store. After `Unavailable` it may be there all the same: use another key.

        Raises:
            BlobExists: the key is taken.
            WrongLength: the stream is shorter or longer than declared.
        """
        headers = {
            "Content-Length": str(seal.sealed_length(plain_length)),
            "Content-Type": "application/octet-stream",
            "If-None-Match": "*",
        }
        loop = asyncio.get_running_loop()
        failures: list[Exception] = []

        def allow(seconds: float | None) -> None:
            """Let the clock run while the store takes bytes, and stand while the source is awaited."""
            if not stall.expired():
                stall.reschedule(None if seconds is None else loop.time() + seconds)

        async def body() -> AsyncIterator[bytes]:
            try:
                async for segment in seal.seal(plain, plain_length):
                    allow(self._stall_seconds)
                    yield segment
                    allow(None)
            except Exception as error:
                failures.append(error)
                raise

        try:
            async with (
                asyncio.timeout(None) as stall,
                self._transfers.answer("PUT", seal.context.key, headers=headers, body=body()),
            ):
                pass
        except (Unavailable, TimeoutError) as error:
            if failures:  # the HTTP client hides it behind an error of its own
                raise failures[0] from None
            if isinstance(error, TimeoutError):
                raise Unavailable("the object store stopped taking bytes") from error
            raise

    async def write(self, seal: Seal, plain: bytes) -> None:
        """Seal and store bytes at hand; see `put`."""

        async def at_once() -> AsyncIterator[bytes]:
            yield plain

        await self.put(seal, at_once(), len(plain))

    async def get(self, seal: Seal, span: range | None = None) -> Opened:
        """Begin to read an object, or the plain bytes `span` of it; returns once the first segment is authentic.

        Raises:
            BlobMissing: there is no such object.
            Tampered: it is not what was sealed, or ends before `span` does.
        """
        rest = self._opened(seal, span)
        return Opened(await anext(rest, b""), rest)

    async def read(self, seal: Seal) -> bytes:
        """The plain bytes of a whole object; see `get`."""
        async with await self.get(seal) as opened:
            return b"".join([part async for part in opened])

    async def delete(self, keys: Iterable[str]) -> None:
        """Remove objects; those that are not there are no error."""
        await self._delete([_checked(key) for key in keys])

    async def delete_listed(self, objects: Iterable[Stored]) -> None:
        """Remove objects under the keys that the store lists, also such as we would give none; see `delete`."""
        await self._delete([stored.key for stored in objects])

    async def _delete(self, keys: Sequence[str]) -> None:
        doomed = iter([DeleteObject(key) for key in keys])
        while batch := [*islice(doomed, BATCH)]:
            errors = await self._managed(partial(self._removed, batch))
            if errors:
                raise Unavailable(f"the object store keeps {len(errors)} objects: {errors[0].code}")

    async def stored(self, prefix: str = "", *, after: str = "") -> AsyncIterator[Stored]:
        """Every object whose key begins with `prefix` and sorts after `after`, in the order of the keys' bytes."""
        found = self._sdk.list_objects(self._bucket, prefix, recursive=True, start_after=after or None)
        while page := await self._managed(lambda: [*islice(found, PAGE)]):
            for item in page:
                yield Stored(str(item.object_name), int(item.size or 0), item.last_modified)

    async def check(self) -> None:
        """Return when the store answers and has our bucket."""
        if not await self._managed(lambda: self._sdk.bucket_exists(self._bucket)):
            raise Unavailable("the object store has no such bucket")

    async def _opened(self, seal: Seal, span: range | None) -> AsyncGenerator[bytes, None]:
        key, header = seal.context.key, b""
        held = None if span is None else seal.sealed_span(span)
        try:
            if held is not None and held.start > 0:
                async with self._transfers.answer("GET", key, headers=_range(range(HEADER_BYTES))) as answer:
                    _sealed_length(answer, partial=True)
                    header = await answer.read()
            async with self._transfers.answer("GET", key, headers={} if held is None else _range(held)) as answer:
                sealed, sealed_length = answer.content.iter_any(), _sealed_length(answer, partial=held is not None)
                async with aclosing(seal.unseal(sealed, sealed_length, span=span, header=header)) as parts:
                    async for part in parts:
                        yield part
        except Tampered as error:
            TAMPERED.inc()
            log.error("blob.tampered", key=key, what=str(error))
            raise

    def _removed(self, batch: list[DeleteObject]) -> list[DeleteError]:
        return [*self._sdk.remove_objects(self._bucket, batch)]

    async def _managed(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        except (MinioException, urllib3.exceptions.HTTPError) as error:
            what = error.code if isinstance(error, S3Error) else type(error).__name__
            raise Unavailable(f"the object store fails: {what}") from error

    def _presigned(self, method: str, key: str) -> str:
        return self._sdk.get_presigned_url(method, self._bucket, _checked(key), expires=URL_LIFETIME)


def _checked(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise ValueError(f"not an object key: {key!r}")
    return key


def _range(span: range) -> dict[str, str]:
    return {"Range": f"bytes={span.start}-{span.stop - 1}"}


def _sealed_length(answer: aiohttp.ClientResponse, *, partial: bool) -> int:
    """The length of the whole object, as the store says it (RFC 9110, 14.4)."""
    if not partial and answer.content_length is not None:
        return answer.content_length
    found = _CONTENT_RANGE.fullmatch(answer.headers.get("Content-Range", ""))
    if answer.status != HTTPStatus.PARTIAL_CONTENT or not found:
        raise Unavailable("the object store does not tell an object's length, or ignores ranges")
    return int(found[1])
