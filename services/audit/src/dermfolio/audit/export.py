"""Exporting the trail, piece by piece: what may be seen, as it was when the export began, oldest first.

What is exported stands in the trail before the first piece is given out, and nowhere else: whichever replica is asked
for a piece reads it there.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from pydantic_core import to_json

from dermfolio.audit import record, repository, search
from dermfolio.audit.forms import FORMS, Form
from dermfolio.audit.keep import Keeper
from dermfolio.audit.listing import said, scope
from dermfolio.audit.search import Place
from dermfolio.common.auth import Call
from dermfolio.common.db import Database, ReadConnection
from dermfolio.common.errors import Refused
from dermfolio.contracts.audit import (
    BeginExport,
    EndExport,
    ExportPart,
    ExportPlace,
    ReadExport,
    TrailExported,
    TrailExportEnded,
)
from dermfolio.contracts.messages import now
from dermfolio.contracts.replay import Origin
from dermfolio.contracts.views.audit import TrailFilter, TrailRecord

LIFETIME = timedelta(days=1)
"""How long an export may take."""

RECORDS = 500
"""Records in a piece, at most."""

BYTES = 600_000
"""Bytes of a piece on the bus, unless one record alone has more."""


async def begin(db: Database, keeper: Keeper, request: BeginExport, call: Call) -> None:
    """Record that somebody exports what they may list, up to the newest record. Refused as `forbidden`."""
    sites = scope(request.filter, call)
    async with db.read() as rows:
        if await _record(rows, TrailExported, request.export) is not None:
            return
        upto = (await repository.standing(rows)).head.position
    exported = TrailExported(
        site=request.filter.site,
        patient=request.filter.patient,
        export=request.export,
        form=request.form,
        filter=said(request.filter) or None,
        sites=None if sites is None else sorted(sites),
        upto=upto,
    )
    await keeper.keep(record.of_own(exported, call.origin()))


async def read(db: Database, request: ReadExport, call: Call) -> ExportPart:
    """The next piece. Refused as `not_found` where the caller began no such export, as `forbidden` where they may not
    see any more what they began to export, as `search_too_broad` where it takes too long.
    """
    async with db.read() as rows:
        begun = await _record(rows, TrailExported, request.export)
        if begun is None or begun.user != call.user():
            raise Refused("not_found")
        wanted, sites = _wanted(begun), _still_seen(begun, call)
        behind = None if request.after is None else Place(request.after.at, request.after.position)
        upto = begun.detail["upto"]
        found, following = await search.oldest(rows, wanted, sites, upto=upto, after=behind, limit=RECORDS)
    form, before = FORMS[begun.detail["form"]], 0 if request.after is None else request.after.records
    lines = _fitting(form, found)
    if len(lines) < len(found):
        last = found[len(lines) - 1]
        following = Place(last["at"], last["position"])
    records = before + len(lines)
    head = form.head if request.after is None else ""
    tail = form.tail(request.export, records, upto) if following is None else ""
    following_part = following and ExportPlace(at=following.at, position=following.position, records=records)
    return ExportPart(text=head + "".join(lines) + tail, records=records, next=following_part)


async def end(db: Database, keeper: Keeper, request: EndExport) -> None:
    """Record how an export ended. Refused as `not_found` where none began."""
    async with db.read() as rows:
        begun = await _record(rows, TrailExported, request.export)
        if begun is None:
            raise Refused("not_found")
        if await _record(rows, TrailExportEnded, request.export) is not None:
            return
    ended = TrailExportEnded(
        site=begun.site,
        patient=begun.patient,
        export=request.export,
        records=request.records,
        sha256=request.sha256,
        outcome="success" if request.complete else "failure",
    )
    by = Origin.model_validate(begun.model_dump(include=set(Origin.model_fields)))
    await keeper.keep(record.of_own(ended, by))


async def _record(
    rows: ReadConnection, event: type[TrailExported | TrailExportEnded], export: UUID
) -> TrailRecord | None:
    """What the trail says of an export."""
    wanted = TrailFilter(since=now() - LIFETIME, event=event.subject.removeprefix("evt."), object_id=str(export))
    found = await search.newest(rows, wanted, None, before=None, limit=1)
    return TrailRecord.model_validate_json(found[0]) if found else None


def _wanted(begun: TrailRecord) -> TrailFilter:
    about = {"site": begun.site, "patient": begun.patient}
    return TrailFilter.model_validate({**begun.detail.get("filter", {}), **about})


def _still_seen(begun: TrailRecord, call: Call) -> Sequence[UUID] | None:
    """The sites that are exported, all of which the caller must still see."""
    now_seen = scope(_wanted(begun), call)
    if "sites" not in begun.detail:
        if now_seen is not None:
            raise Refused("forbidden")
        return None
    sites = [UUID(site) for site in begun.detail["sites"]]
    if now_seen is not None and not set(sites) <= set(now_seen):
        raise Refused("forbidden")
    return sites


def _fitting(form: Form, found: Sequence[Any]) -> list[str]:
    """The lines of the first records, as many as a piece may hold."""
    lines: list[str] = []
    size = 0
    for row in found:
        line = form.line(row)
        size += len(to_json(line))
        if lines and size > BYTES:
            break
        lines.append(line)
    return lines
