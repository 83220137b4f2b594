"""The reconciler: compares the store with the table, both ways, a part at a time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import structlog

from dermfolio.common.auth import Call
from dermfolio.common.blobs import Blobs, Stored
from dermfolio.common.db import Database
from dermfolio.contracts.messages import now
from dermfolio.contracts.reconciling import Lost, Reached, Reconciled, ReconcileImages
from dermfolio.images import findings, keys, reconcile_repository
from dermfolio.images.judging import Claim, Verdict, judged
from dermfolio.images.metrics import FINDINGS, QUARANTINED
from dermfolio.images.sweep import Sweeper
from dermfolio.images.together import Together, foreign, together

log = structlog.get_logger()

OPERATORS = "ops"
"""Who may ask for it."""

IMAGES = 1000
"""Images in one part of a pass: a page of the store's list of originals."""

OBJECTS = 500
"""How many objects are decided on at once."""


class Reconciler:
    """Removes what no image claims, and tells of what images have lost.

    `after` is the age at which unclaimed bytes belong to nothing under way; `grace`, how long what nothing is known of
    is kept then. It is right also where several run at once.
    """

    def __init__(self, db: Database, blobs: Blobs, *, after: timedelta, grace: timedelta) -> None:
        self._db = db
        self._blobs = blobs
        self._after = after
        self._sweeper = Sweeper(db, blobs, grace)
        self._reached: Reached | None = None

    async def __call__(self) -> None:
        """Pass over everything once; a pass that was broken off by an outage goes on where it had come to."""
        while True:
            self._reached = (await self.part(self._reached)).next
            if self._reached is None:
                break
        QUARANTINED.set(await reconcile_repository.in_quarantine(self._db))
        await count_findings(self._db)

    async def answer(self, request: ReconcileImages, call: Call) -> Reconciled:
        """Do a part because operators ask. Refused as `forbidden` for anybody else."""
        call.need_service(OPERATORS)
        return await self.part(request.after, dry_run=request.dry_run)

    async def part(self, reached: Reached | None, *, dry_run: bool = False) -> Reconciled:
        """Compare the images behind what is reached, `IMAGES` of them, and after the last what else there is."""
        if reached is None:
            reached = Reached(began=await reconcile_repository.moment(self._db))
        told, batch = Reconciled(), list[Together]()
        compared = together(
            reconcile_repository.ids(self._db, reached.image),
            self._blobs.stored(keys.ORIGINALS, after=reached.original),
            self._blobs.stored(keys.RENDITIONS, after=reached.rendition),
        )
        async for one in compared:
            batch.append(one)
            reached = _further(reached, one)
            if sum(len(found.objects) + 1 for found in batch) >= OBJECTS:
                await self._decide(batch, told, dry_run=dry_run)
                batch = []
            told.images += one.image is not None
            if told.images >= IMAGES:
                await self._decide(batch, told, dry_run=dry_run)
                told.next = reached
                return told
        async for one in foreign(self._blobs):
            batch.append(one)
            if len(batch) >= OBJECTS:
                await self._decide(batch, told, dry_run=dry_run)
                batch = []
        await self._decide(batch, told, dry_run=dry_run)
        await self._close(reached.began, told, dry_run=dry_run)
        return told

    async def _decide(self, found: Sequence[Together], told: Reconciled, *, dry_run: bool) -> None:
        """Do what is to be done about some images, and add it to what is told."""
        old = now() - self._after
        async with self._db.write() as s:
            claims = await reconcile_repository.claims(s, [one.image for one in found if one.image is not None])
        verdicts = [pair for one in found for pair in judged(one.objects, _claim(claims, one), old)]
        by = {verdict: [stored for stored, its in verdicts if its is verdict] for verdict in Verdict}
        due = await self._sweeper.due(by[Verdict.STRAY], dry_run=dry_run)
        removed = len(by[Verdict.SUPERFLUOUS]) + len(due)
        if removed and not dry_run:
            removed = await self._sweeper.remove(found, due, old)
        told.objects += len(verdicts)
        told.claimed += len(by[Verdict.CLAIMED])
        told.in_flight += len(by[Verdict.IN_FLIGHT])
        told.quarantined += len(by[Verdict.STRAY]) - len(due)
        told.removed += removed
        for one in found:
            claim = _claim(claims, one)
            if isinstance(claim, Claim):
                told.missing += await self._missing(claim, one.objects, dry_run=dry_run)

    async def _missing(self, claim: Claim, objects: Sequence[Stored], *, dry_run: bool) -> list[Lost]:
        absent = await findings.missing(self._blobs, claim, {stored.key for stored in objects})
        if not absent:
            return []
        if dry_run:
            lost = await findings.still_missing(self._db, claim, absent)
        else:
            lost = await findings.record_missing(self._db, claim, absent)
        async with self._db.write() as s:
            known = {one.object: one for one in await reconcile_repository.findings(s, "missing", [claim.image])}
        return [known.get(what, Lost(image=claim.image, object=what, since=None)) for what in lost]

    async def _close(self, began: datetime, told: Reconciled, *, dry_run: bool) -> None:
        async with self._db.write() as s:
            if not dry_run:
                await reconcile_repository.close_pass(s, began)
            told.quarantined_since = await reconcile_repository.quarantined_since(s)
            told.damaged = await reconcile_repository.findings(s, "damaged")


async def count_findings(db: Database) -> None:
    """Bring the gauge up to what is found and not mended."""
    found = await reconcile_repository.open_findings(db)
    for what, finding in (("original", "missing"), ("rendition", "missing"), ("original", "damaged")):
        FINDINGS.labels(what, finding).set(found.get((what, finding), 0))


def _claim(claims: dict[UUID, Claim | Literal["duplicate"]], one: Together) -> Claim | Literal["duplicate"] | None:
    return None if one.image is None else claims.get(one.image)


def _further(reached: Reached, one: Together) -> Reached:
    originals = [stored.key for stored in one.objects if stored.key.startswith(keys.ORIGINALS)]
    renditions = [stored.key for stored in one.objects if stored.key.startswith(keys.RENDITIONS)]
    return Reached(
        began=reached.began,
        image=one.image or reached.image,
        original=originals[-1] if originals else reached.original,
        rendition=renditions[-1] if renditions else reached.rendition,
    )
