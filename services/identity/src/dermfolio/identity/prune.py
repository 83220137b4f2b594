"""What has no meaning any more is removed: drained counts of guesses, devices whose trust ran out."""

from dermfolio.common.db import Database
from dermfolio.contracts.messages import now
from dermfolio.identity import guard_repository, throttle

EVERY_SECONDS = 3600.0


async def prune(db: Database) -> None:
    """Remove it."""
    async with db.write() as s:
        await guard_repository.prune(s, now() - throttle.KEPT)
