"""What has no meaning any more is removed: drained counts of guesses, devices whose trust ran out, sessions long over
with the addresses they were opened from. Who signed in when is in the audit trail.
"""

from datetime import timedelta

from dermfolio.common.db import Database
from dermfolio.contracts.messages import now
from dermfolio.identity import guard_repository, throttle

EVERY_SECONDS = 3600.0
SESSIONS_KEPT = timedelta(days=30)


async def prune(db: Database) -> None:
    """Remove it."""
    async with db.write() as s:
        await guard_repository.prune(s, now() - throttle.KEPT, now() - SESSIONS_KEPT)
