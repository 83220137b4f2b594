"""Gauges of what the tables say: each replica reads them, so that all of them tell the same."""

from collections.abc import Awaitable, Callable

from dermfolio.common.db import Database
from dermfolio.images import reconcile_repository
from dermfolio.images.metrics import FINDINGS, QUARANTINED


def gauges(db: Database) -> Callable[[], Awaitable[None]]:
    """What brings them up to the tables."""

    async def read() -> None:
        found = await reconcile_repository.open_findings(db)
        for what, finding in (("original", "missing"), ("rendition", "missing"), ("original", "damaged")):
            FINDINGS.labels(what, finding).set(found.get((what, finding), 0))
        FINDINGS.labels("store", "missing").set(await reconcile_repository.store_fails(db))
        QUARANTINED.set(await reconcile_repository.in_quarantine(db))

    return read
