"""What the effective date of a site's new photographs is taken from, and the time zone that it is told in (POOL-5)."""

from uuid import UUID

from dermfolio.common.auth import Call
from dermfolio.common.db import Database
from dermfolio.common.errors import Refused
from dermfolio.contracts.dating import DatingRule

IMAGES = "images"

_RULE = """
SELECT coalesce((SELECT effective_date_from FROM installation_settings), 'upload') AS effective_date_from, time_zone
FROM sites WHERE id = $1
"""
# before an administrator decided anything, the installation has no row


async def dating_rule(db: Database, call: Call, site: UUID) -> DatingRule:
    """The rule of this moment. It is for images alone. Refused as `not_found`."""
    call.need_service(IMAGES)
    async with db.read() as rows:
        rule = await rows.fetchrow(_RULE, site)
    if rule is None:
        raise Refused("not_found")
    return DatingRule(**rule)
