"""Many originals on their way out as one ZIP archive: one is open at a time, and nothing is held but one segment."""

import asyncio
import zipfile
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from uuid import UUID

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from dermfolio.common.blobs import Blobs
from dermfolio.common.bus import Requests
from dermfolio.common.data_keys import DataKeys
from dermfolio.common.errors import Refused
from dermfolio.contracts.images import OBJECT_OWNER, LocateOriginal, StoredObject
from dermfolio.contracts.messages import now
from dermfolio.gateway.archive_names import names_in_archive
from dermfolio.gateway.downloads import STALL_SECONDS
from dermfolio.gateway.file_names import attachment
from dermfolio.gateway.rates import Rate, Rates
from dermfolio.gateway.visits import Visit, Visits

RATE = Rate(per_second=1 / 6, burst=60)
"""How often one user may begin an archive."""

AT_ONCE = 2
"""Archives of one user under way."""

LOCATED_AT_ONCE = 8
LARGEST = 4 * 2**30
"""Bytes of all originals of an archive together."""

RECHECKED_SECONDS = 5.0
"""How long an original may go on being sent before the session is looked at again."""

_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The archive's own time stamps say nothing: ZIP has no time zones."""


class Archives:
    """Sends originals together."""

    def __init__(self, requests: Requests, visits: Visits, blobs: Blobs, data_keys: DataKeys) -> None:
        self.requests = requests
        self.visits = visits
        self.under_way: Counter[UUID] = Counter()
        self._blobs = blobs
        self._data_keys = data_keys
        self._rates = Rates(RATE)

    async def answer(self, visit: Visit, patient: UUID, images: Sequence[UUID]) -> Response:
        """The answer that sends these originals, in this order. Refused as `rate_limited` or `too_many_archives`;
        sending it is refused as what `locate` is refused as.
        """
        user = visit.call.user()
        await self.visits.limit(self._rates, user, visit.call)
        if self.under_way[user] >= AT_ONCE:
            raise await self.visits.record("gateway.rate_limited", Refused("too_many_archives"), visit.call)
        return _Sending(self, visit, patient, images)

    async def locate(self, visit: Visit, patient: UUID, images: Sequence[UUID]) -> list[StoredObject]:
        """Where the originals lie; each is recorded as a download. Refused as `not_found` when one of them is not
        there for this user, and as `archive_too_large`.
        """
        found: list[StoredObject] = []
        for start in range(0, len(images), LOCATED_AT_ONCE):
            some = images[start : start + LOCATED_AT_ONCE]
            asked = [LocateOriginal(patient=patient, image=image) for image in some]
            found += await asyncio.gather(*(self.requests.ask(one, visit.call) for one in asked))
            if sum(stored.bytes for stored in found) > LARGEST:
                raise Refused("archive_too_large")
        return found

    async def segments(self, stored: StoredObject) -> AsyncGenerator[bytes, None]:
        """The bytes of an original. Raises what `Blobs.get` and iterating over what it opened raise."""
        seal = await self._data_keys.seal(
            stored.patient, owner=OBJECT_OWNER, key=stored.key, revision=stored.context_revision
        )
        async with await self._blobs.get(seal, None) as opened:
            async for segment in opened:
                yield segment


class _Sending(Response):
    """An answer whose body is an archive. What goes wrong before the first original is open is an answer of its own;
    what goes wrong later cuts the connection: neither the archive's directory nor the last chunk ever comes.
    """

    def __init__(self, archives: Archives, visit: Visit, patient: UUID, images: Sequence[UUID]) -> None:
        self.background = None
        self.status_code = 200
        self._archives = archives
        self._visit = visit
        self._patient = patient
        self._images = images
        self._sink = _Sink()
        self._begun = False
        self.init_headers(
            {
                "Content-Type": "application/zip",
                "Content-Disposition": attachment(f"photographs-{now():%Y-%m-%d}.zip"),
                "Cache-Control": "no-store",
            }
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        user = self._visit.call.user()
        self._archives.under_way[user] += 1
        try:
            found = await self._archives.locate(self._visit, self._patient, self._images)
            await self._send(found, Request(scope, receive), send)
        finally:
            self._archives.under_way.subtract([user])
            if not self._archives.under_way[user]:
                del self._archives.under_way[user]

    async def _send(self, found: Sequence[StoredObject], request: Request, send: Send) -> None:
        archive = zipfile.ZipFile(self._sink, "w", zipfile.ZIP_STORED)
        for stored, name in zip(found, names_in_archive([stored.file_name for stored in found]), strict=True):
            await self._add(archive, name, stored, request, send)
        archive.close()
        await self._flush(send)
        await send({"type": "http.response.body", "body": b""})

    async def _add(
        self, archive: zipfile.ZipFile, name: str, stored: StoredObject, request: Request, send: Send
    ) -> None:
        clock = asyncio.get_running_loop().time
        self._visit = await self._archives.visits.again(self._visit)
        checked = clock()
        entry = zipfile.ZipInfo(name, _EARLIEST)
        entry.file_size = stored.bytes  # by it the archive knows whether this needs ZIP64
        with archive.open(entry, "w") as file:
            async with aclosing(self._archives.segments(stored)) as segments:
                async for segment in segments:
                    file.write(segment)
                    await self._flush(send)
                    if await request.is_disconnected():
                        raise ClientDisconnect
                    if clock() - checked > RECHECKED_SECONDS:
                        self._visit = await self._archives.visits.again(self._visit)
                        checked = clock()
        await self._flush(send)

    async def _flush(self, send: Send) -> None:
        """Send what the archive wrote; the answer begins with the first of it."""
        if not self._begun:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            self._begun = True
        async with asyncio.timeout(STALL_SECONDS):
            await send({"type": "http.response.body", "body": self._sink.taken(), "more_body": True})


class _Sink:
    """Where the archive is written to: a file that cannot be wound back."""

    def __init__(self) -> None:
        self._written = bytearray()

    def write(self, data: bytes) -> int:
        """Take a piece."""
        self._written += data
        return len(data)

    def flush(self) -> None:
        """Nothing: pieces are taken away as they come."""

    def close(self) -> None:
        """Nothing: there is nothing to give back."""

    def taken(self) -> bytes:
        """What was written since the last time."""
        taken = bytes(self._written)
        self._written.clear()
        return taken
