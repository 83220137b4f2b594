"""Every query about what administrators are told of emergency access. The sites are in each."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from dermfolio.common.db import ReadConnection, WriteSession
from dermfolio.common.page_sql import begin
from dermfolio.contracts.messages import now
from dermfolio.contracts.views.alerts import EmergencyAlert
from dermfolio.patients.models import Acknowledgement, Opening

_ALERTS = f"""
WITH page AS (
    SELECT newest.* FROM unnest($1::uuid[]) AS managed(site) CROSS JOIN LATERAL (
        SELECT * FROM openings
        WHERE openings.site = managed.site AND (opened_at, id) < {begin("$2", "$3")}
        ORDER BY opened_at DESC, id DESC LIMIT $4
    ) AS newest
    ORDER BY opened_at DESC, id DESC LIMIT $4
)
SELECT page.*, unique_id, acknowledged_at, name.* FROM page
JOIN patients ON patients.id = page.patient
LEFT JOIN LATERAL (
    SELECT first_name, last_name, preferred_name WHERE deleted_at IS NULL
) AS name ON true
LEFT JOIN acknowledgements AS noted ON noted."user" = $5 AND noted.opening = page.id
ORDER BY opened_at DESC, page.id DESC
"""  # noqa: S608 - constants only
# Each site's newest come from its index, as in the list of patients.

_COUNT = """
SELECT count(*) FROM (
    SELECT FROM openings WHERE site = ANY($1)
    AND NOT EXISTS (SELECT FROM acknowledgements WHERE "user" = $2 AND opening = openings.id)
    LIMIT $3
) AS waiting
"""


async def alerts(
    rows: ReadConnection, user: UUID, sites: Sequence[UUID], behind: tuple[datetime | None, UUID | None], limit: int
) -> list[EmergencyAlert]:
    """Emergency accesses to patients of these sites, newest first, and whether this user has acknowledged them."""
    found = await rows.fetch(_ALERTS, sites, *behind, limit, user)
    return [EmergencyAlert(**row) for row in found]


async def count_unacknowledged(rows: ReadConnection, user: UUID, sites: Sequence[UUID], at_most: int) -> int:
    """How many of them this user has not acknowledged."""
    found: int = await rows.fetchval(_COUNT, sites, user, at_most)
    return found


async def openings_at(s: WriteSession, openings: Collection[UUID], sites: Collection[UUID]) -> Sequence[Opening]:
    """Those of some emergency accesses that are to patients of these sites."""
    wanted = select(Opening).where(col(Opening.id).in_(openings), col(Opening.site).in_(sites))
    return (await s.exec(wanted.order_by(col(Opening.opened_at), col(Opening.id)))).all()


async def acknowledge(s: WriteSession, user: UUID, openings: Collection[UUID]) -> set[UUID]:
    """Keep that a user has taken note of these; returns those that are new."""
    # in one order, so that who does it twice at once waits instead of dying
    rows = [{"user": user, "opening": opening, "acknowledged_at": now()} for opening in sorted(openings)]
    added = insert(Acknowledgement).values(rows).on_conflict_do_nothing().returning(col(Acknowledgement.opening))
    return set((await s.execute(added)).scalars())
