"""Bytes on their way out: opened segment by segment, whole or in part."""

import asyncio
from collections.abc import Mapping
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from dermfolio.common.blobs import Blobs, Opened
from dermfolio.common.data_keys import DataKeys
from dermfolio.contracts.images import OBJECT_OWNER, StoredObject
from dermfolio.gateway import conditions

STALL_SECONDS = 30.0
"""Longest time in which a client takes nothing; it holds one of the store's connections meanwhile."""


class Downloads:
    """Sends stored objects."""

    def __init__(self, blobs: Blobs, data_keys: DataKeys) -> None:
        self._blobs = blobs
        self._data_keys = data_keys

    async def answer(self, request: Request, stored: StoredObject, headers: Mapping[str, str]) -> Response:
        """The answer that sends an object, or says that the client has it. Its first segment is
        authentic before the answer begins.

        Raises:
            Unsatisfiable: the range asked for lies outside the object.
            BlobMissing: there is no such object (any more).
            Tampered: the object is not what was stored.
            Unavailable: the store or the key's owner does not answer.
        """
        sent = {"ETag": stored.etag, "Accept-Ranges": "bytes", **headers}
        if conditions.unchanged(request.headers, stored.etag):
            return Response(None, HTTPStatus.NOT_MODIFIED, sent)
        span = conditions.wanted(request.headers, stored.etag, stored.bytes)
        seal = await self._data_keys.seal(
            stored.patient, owner=OBJECT_OWNER, key=stored.key, revision=stored.context_revision
        )
        opened = await self._blobs.get(seal, span)
        sent["Content-Type"] = stored.media_type
        sent["Content-Length"] = str(stored.bytes if span is None else len(span))
        if span is None:
            return _Sending(opened, HTTPStatus.OK, sent)
        sent["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{stored.bytes}"
        return _Sending(opened, HTTPStatus.PARTIAL_CONTENT, sent)


class _Sending(Response):
    """An answer whose body is an object being opened. What goes wrong midway cuts the connection: the announced length
    tells the client that bytes are missing.
    """

    def __init__(self, opened: Opened, status: HTTPStatus, headers: Mapping[str, str]) -> None:
        self.background = None
        self.status_code = int(status)
        self._opened = opened
        self.init_headers(headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - as ASGI calls it
        async with self._opened:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            async for part in self._opened:
                async with asyncio.timeout(STALL_SECONDS):
                    await send({"type": "http.response.body", "body": part, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
