"""The audit trail on its way out as a file, piece by piece: nothing is held here but the piece that is being sent."""

import asyncio
import hashlib
from collections import Counter
from dataclasses import dataclass
from uuid import UUID, uuid4

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from dermfolio.common.bus import Requests
from dermfolio.common.errors import Refused
from dermfolio.contracts.audit import BeginExport, EndExport, ExportPart, ExportPlace, ReadExport
from dermfolio.contracts.messages import now
from dermfolio.contracts.views.audit import ExportForm, TrailFilter
from dermfolio.gateway.downloads import STALL_SECONDS
from dermfolio.gateway.file_names import attachment
from dermfolio.gateway.rates import Rate, Rates
from dermfolio.gateway.visits import Visit, Visits

RATE = Rate(per_second=1 / 6, burst=10)
"""How often one user may begin an export."""

AT_ONCE = 2
"""Exports of one user under way."""


@dataclass(frozen=True)
class File:
    """What a form is as a file."""

    media_type: str
    ending: str
    parameters: str = ""
    """Of the media type."""


FILES: dict[ExportForm, File] = {
    "csv": File("text/csv", "csv", "; charset=utf-8; header=present"),
    "jsonl": File("application/x-ndjson", "jsonl"),
    "fhir": File("application/fhir+ndjson", "ndjson"),
}


class Exports:
    """Sends the trail."""

    def __init__(self, requests: Requests, visits: Visits) -> None:
        self.requests = requests
        self.visits = visits
        self.under_way: Counter[UUID] = Counter()
        self._rates = Rates(RATE)

    async def answer(self, visit: Visit, form: ExportForm, wanted: TrailFilter) -> Response:
        """The answer that sends what a filter lets through. Refused as `rate_limited` or `too_many_exports`."""
        user = visit.call.user()
        await self.visits.limit(self._rates, user, visit.call)
        if self.under_way[user] >= AT_ONCE:
            raise await self.visits.record("gateway.rate_limited", Refused("too_many_exports"), visit.call)
        return _Sending(self, visit, BeginExport(export=uuid4(), form=form, filter=wanted))


class _Sending(Response):
    """An answer whose body is an export. What goes wrong before the first piece is there is an answer of its own; what
    goes wrong later cuts the connection, and the last chunk never comes.
    """

    def __init__(self, exports: Exports, visit: Visit, begin: BeginExport) -> None:
        self.background = None
        self.status_code = 200
        self._exports = exports
        self._visit = visit
        self._begin = begin
        self._sha256 = hashlib.sha256()
        self._records = 0
        file = FILES[begin.form]
        self.init_headers(
            {
                "Content-Type": file.media_type + file.parameters,
                "Content-Disposition": attachment(f"audit-trail-{now():%Y-%m-%d}.{file.ending}"),
                "Cache-Control": "no-store",
            }
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        user = self._visit.call.user()
        self._exports.under_way[user] += 1
        try:
            await self._exports.requests.ask(self._begin, self._visit.call)
            try:
                await self._send(Request(scope, receive), send)
            except Exception:
                await self._end(complete=False)
                raise
            await self._end(complete=True)
            await send({"type": "http.response.body", "body": b""})
        finally:
            self._exports.under_way.subtract([user])
            if not self._exports.under_way[user]:
                del self._exports.under_way[user]

    async def _send(self, request: Request, send: Send) -> None:
        part = await self._part(None)
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        while True:
            piece = part.text.encode()
            async with asyncio.timeout(STALL_SECONDS):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            self._sha256.update(piece)
            self._records = part.records
            if part.next is None:
                return
            if await request.is_disconnected():
                raise ClientDisconnect
            part = await self._part(part.next)

    async def _part(self, after: ExportPlace | None) -> ExportPart:
        """The next piece, if the user may still have it."""
        self._visit = await self._exports.visits.again(self._visit)
        return await self._exports.requests.ask(ReadExport(export=self._begin.export, after=after), self._visit.call)

    async def _end(self, *, complete: bool) -> None:
        ended = EndExport(
            export=self._begin.export, complete=complete, records=self._records, sha256=self._sha256.hexdigest()
        )
        await self._exports.requests.ask(ended)  # whoever it was for may be signed out by now
