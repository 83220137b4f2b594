"""Showing users the security history of their own account (AUD-4); that they looked is a record too."""

from uuid import UUID

from dermfolio.audit import record, search
from dermfolio.audit.keep import Keeper
from dermfolio.common.auth import Call
from dermfolio.common.db import Database
from dermfolio.contracts.audit import HistoryListed, ListHistory
from dermfolio.contracts.views.audit import TrailRecord
from dermfolio.contracts.views.history import HistoryPage, HistoryRecord


async def list_history(db: Database, keeper: Keeper, request: ListHistory, call: Call) -> HistoryPage:
    """A page, newest first, of the caller's own account. Refused as `session_required` to API tokens.

    The page is answered once its own record is committed; that one is in the trail, and not in the history.
    """
    user = call.user_in_person()
    async with db.read() as rows:
        bodies = await search.history(rows, user, before=request.before, limit=request.limit + 1)
    shown = [_shown(TrailRecord.model_validate_json(body), user) for body in bodies[: request.limit]]
    listed = HistoryListed(
        user=user,
        newest=shown[0].position if shown else None,
        oldest=shown[-1].position if shown else None,
    )
    await keeper.keep(record.of_own(listed, call.origin()))
    return HistoryPage(records=shown, next=str(shown[-1].position) if len(bodies) > request.limit else None)


def _shown(found: TrailRecord, user: UUID) -> HistoryRecord:
    """The record as its user may see it: where administrators sit and what they work with is their own."""
    administrator = found.user if found.user != user else None
    own = administrator is None
    return HistoryRecord.model_validate(
        {
            **found.model_dump(include={"position", "at", "event", "outcome", "site"}),
            "code": found.detail.get("code"),
            "by": "oneself" if found.user == user else "system" if own else "administrator",
            "administrator": administrator,
            "address": found.address if own else None,
            "user_agent": found.user_agent if own else None,
            "roles": found.detail.get("roles"),
        }
    )
