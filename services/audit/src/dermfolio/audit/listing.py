"""Showing the trail; who looked, and at what, is a record too."""

from dermfolio.audit import record, repository
from dermfolio.audit.keep import Keeper
from dermfolio.common.auth import Call
from dermfolio.common.db import Database
from dermfolio.common.errors import Refused
from dermfolio.contracts.audit import ListTrail, TrailListed
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.views.audit import TrailPage, TrailRecord


async def list_trail(db: Database, keeper: Keeper, request: ListTrail, call: Call) -> TrailPage:
    """A page, newest first: of the whole installation for admins and auditors, else of the caller's own sites.

    Clinicians see it of one patient at a time. Refused as `forbidden` for anybody else. The page is answered once its
    own record is committed.
    """
    permission = Permission.TRAIL_READ if request.patient is None else Permission.TRAIL_OF_PATIENT_READ
    sites = None if call.actor.may(permission) else call.actor.sites(permission)
    if sites == []:
        raise Refused("forbidden")
    async with db.read() as rows:
        bodies = await repository.page(
            rows, before=request.before, limit=request.limit + 1, patient=request.patient, sites=sites
        )
    shown = [TrailRecord.model_validate_json(body) for body in bodies[: request.limit]]
    listed = TrailListed(
        patient=request.patient,
        newest=shown[0].position if shown else None,
        oldest=shown[-1].position if shown else None,
    )
    await keeper.keep(record.of_own(listed, call.origin()))
    return TrailPage(records=shown, next=str(shown[-1].position) if len(bodies) > request.limit else None)
