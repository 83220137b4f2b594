"""One thin function per message."""

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

from dermfolio.audit import export, record
from dermfolio.audit.history import list_history
from dermfolio.audit.keep import Keeper
from dermfolio.audit.listing import list_trail
from dermfolio.audit.verify import Verifier
from dermfolio.common.auth import Call
from dermfolio.common.errors import Refused
from dermfolio.common.host import RECORDED_REFUSALS, Parts
from dermfolio.contracts.audit import (
    AppendRecord,
    AuditAccessDenied,
    BeginExport,
    EndExport,
    ExportPart,
    ListHistory,
    ListTrail,
    ReadExport,
    TrailVerified,
    VerifyTrail,
)
from dermfolio.contracts.messages import Nothing, Request
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.signed_notes import notes_in
from dermfolio.contracts.views.audit import TrailPage, VerificationView
from dermfolio.contracts.views.history import HistoryPage

GATEWAY = "gateway"
OPERATORS = "ops"

EXPORTS_READ = 2
"""Pieces of exports read at once: the rest of the database's connections are for who waits for a page."""

Reply = TypeVar("Reply")


class Handlers:
    """What audit answers. Its refusals go straight into the trail."""

    def __init__(self, parts: Parts, keeper: Keeper, verifier: Verifier) -> None:
        self._db = parts.db
        self._keeper = keeper
        self._verifier = verifier
        self._verifying = asyncio.Lock()
        self._reading = asyncio.Semaphore(EXPORTS_READ)

    async def append(self, request: AppendRecord, call: Call) -> Nothing:
        """Record a refusal of the gateway's."""
        return await self._or_deny(request, call, self._append(request, call))

    async def list(self, request: ListTrail, call: Call) -> TrailPage:
        """Show a page."""
        return await self._or_deny(request, call, list_trail(self._db, self._keeper, request, call))

    async def begin_export(self, request: BeginExport, call: Call) -> Nothing:
        """Begin an export."""
        await self._or_deny(request, call, export.begin(self._db, self._keeper, request, call))
        return Nothing()

    async def read_export(self, request: ReadExport, call: Call) -> ExportPart:
        """Give out a piece of an export."""
        async with self._reading:
            return await self._or_deny(request, call, export.read(self._db, request, call))

    async def end_export(self, request: EndExport, call: Call) -> Nothing:
        """Record how an export ended."""
        return await self._or_deny(request, call, self._end_export(request, call))

    async def history(self, request: ListHistory, call: Call) -> HistoryPage:
        """Show a page of the caller's own security history."""
        return await self._or_deny(request, call, list_history(self._db, self._keeper, request, call))

    async def verify(self, request: VerifyTrail, call: Call) -> VerificationView:
        """Verify the chain."""
        return await self._or_deny(request, call, self._verify(request, call))

    async def _end_export(self, request: EndExport, call: Call) -> Nothing:
        call.need_service(GATEWAY)
        await export.end(self._db, self._keeper, request)
        return Nothing()

    async def _append(self, request: AppendRecord, call: Call) -> Nothing:
        call.need_service(GATEWAY)
        await self._keeper.keep(record.of_refusal(request, call.origin()))
        return Nothing()

    async def _verify(self, request: VerifyTrail, call: Call) -> VerificationView:
        by_operator = call.actor.kind == "service" and call.actor.service == OPERATORS
        if not by_operator and not call.actor.may(Permission.TRAIL_VERIFY):
            raise Refused("forbidden")
        if request.checkpoints and next(notes_in(request.checkpoints), None) is None:
            raise Refused("invalid_request", errors=[{"loc": "checkpoints", "msg": "holds no signed checkpoint"}])
        async with self._verifying:  # one walk over the table at a time is enough
            verdict = await self._verifier.verify(request.checkpoints)
        verified = TrailVerified(intact=verdict.intact, records=verdict.records, first_broken=verdict.first_broken)
        await self._keeper.keep(record.of_own(verified, call.origin()))
        return verdict

    async def _or_deny(self, request: Request[Any], call: Call, answer: Awaitable[Reply]) -> Reply:
        try:
            return await answer
        except Refused as refusal:
            if refusal.code in RECORDED_REFUSALS:
                about = request.filter if isinstance(request, ListTrail | BeginExport) else request
                target = getattr(about, "patient", None)
                denied = AuditAccessDenied(request=request.subject, code=refusal.code, target=target)
                await self._keeper.keep(record.of_own(denied, call.origin()))
            raise
