"""Showing the trail; who looked, and at what, is a record too."""

from collections.abc import Sequence
from uuid import UUID

from dermfolio.audit import record, search
from dermfolio.audit.keep import Keeper
from dermfolio.common.auth import Call
from dermfolio.common.db import Database
from dermfolio.common.errors import Refused
from dermfolio.contracts.audit import ListTrail, TrailListed
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.views.audit import TrailFilter, TrailPage, TrailRecord


async def list_trail(db: Database, keeper: Keeper, request: ListTrail, call: Call) -> TrailPage:
    """A page, newest first: of the whole installation for admins and auditors, else of the caller's own sites.

    Clinicians see it of one patient at a time. Refused as `forbidden` for anybody else. The page is answered once its
    own record is committed.
    """
    sites = scope(request.filter, call)
    async with db.read() as rows:
        bodies = await search.newest(rows, request.filter, sites, before=request.before, limit=request.limit + 1)
    shown = [TrailRecord.model_validate_json(body) for body in bodies[: request.limit]]
    listed = TrailListed(
        site=request.filter.site,
        patient=request.filter.patient,
        filter=said(request.filter) or None,
        newest=shown[0].position if shown else None,
        oldest=shown[-1].position if shown else None,
    )
    await keeper.keep(record.of_own(listed, call.origin()))
    return TrailPage(records=shown, next=str(shown[-1].position) if len(bodies) > request.limit else None)


def scope(wanted: TrailFilter, call: Call) -> Sequence[UUID] | None:
    """The sites whose records the caller may see; None means the whole installation. Refused as `forbidden`."""
    permission = Permission.TRAIL_READ if wanted.patient is None else Permission.TRAIL_OF_PATIENT_READ
    if call.actor.may(permission):
        return None
    sites = call.actor.sites(permission)
    if not sites:
        raise Refused("forbidden")
    return sites


def said(wanted: TrailFilter) -> dict[str, str]:
    """The filter as its record says it; site and patient are the record's own."""
    chosen = wanted.model_dump(mode="json", exclude_none=True, exclude={"site", "patient"})
    return {name: str(value) for name, value in chosen.items()}
