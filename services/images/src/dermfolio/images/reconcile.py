"""The reconciler: compares the store with the table, both ways, a part at a time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import structlog

from dermfolio.common.auth import Call
from dermfolio.common.blobs import Blobs
from dermfolio.common.db import Database
from dermfolio.contracts.messages import now
from dermfolio.contracts.reconciling import Reached, Reconciled, ReconcileImages
from dermfolio.images import findings, keys, reconcile_repository
from dermfolio.images.judging import Claim, Verdict, judged
from dermfolio.images.losses import MISSING_AT_MOST, Loss, Losses
from dermfolio.images.sweep import STRAYS_AT_MOST, Sweeper
from dermfolio.images.together import Together, foreign, together

log = structlog.get_logger()

OPERATORS = "ops"
"""Who may ask for it."""

IMAGES = 1000
"""Images in one part of a pass: a page of the store's list of originals."""

AT_MOST = 10 * IMAGES
"""Objects in one part, whatever they belong to."""

OBJECTS = 500
"""How many objects are decided on at once."""

Claims = dict[UUID, Claim | Literal["duplicate"]]


class Reconciler:
    """Removes what no image claims, and tells of what images have lost.

    `after` is the age at which unclaimed bytes belong to nothing under way; `grace`, how long what nothing is known of
    is kept then. It is right also where several run at once.
    """

    def __init__(
        self,
        db: Database,
        blobs: Blobs,
        *,
        after: timedelta,
        grace: timedelta,
        missing_at_most: int = MISSING_AT_MOST,
        strays_at_most: int = STRAYS_AT_MOST,
    ) -> None:
        self._db = db
        self._blobs = blobs
        self._after = after
        self._losses = Losses(db, blobs, at_most=missing_at_most)
        self._sweeper = Sweeper(db, blobs, grace, at_most=strays_at_most)
        self._reached: Reached | None = None

    async def __call__(self) -> None:
        """Pass over everything once; a pass that was broken off by an outage goes on where it had come to."""
        while True:
            self._reached = (await self.part(self._reached)).next
            if self._reached is None:
                return

    async def answer(self, request: ReconcileImages, call: Call) -> Reconciled:
        """Do a part because operators ask. Refused as `forbidden` for anybody else."""
        call.need_service(OPERATORS)
        return await self.part(request.after, dry_run=request.dry_run)

    async def part(self, reached: Reached | None, *, dry_run: bool = False) -> Reconciled:
        """Compare the images behind what is reached, `IMAGES` of them, and after the last what else there is."""
        if reached is None:
            reached = Reached(began=await reconcile_repository.moment(self._db))
        told, batch, before, images = Reconciled(), list[Together](), reached.missing, 0
        compared = together(
            reconcile_repository.ids(self._db, reached.image),
            self._blobs.stored(keys.ORIGINALS, after=reached.original),
            self._blobs.stored(keys.RENDITIONS, after=reached.rendition),
        )
        async for one in compared:
            batch.append(one)
            reached = _further(reached, one)
            if sum(len(found.objects) + 1 for found in batch) >= OBJECTS:
                await self._decide(batch, told, before, dry_run=dry_run)
                batch = []
            images += one.image is not None
            if images >= IMAGES or told.objects >= AT_MOST:
                await self._decide(batch, told, before, dry_run=dry_run)
                told.next = reached.model_copy(update={"missing": before + _lost(told)})
                return told
        async for one in foreign(self._blobs):
            batch.append(one)
            if len(batch) >= OBJECTS:
                await self._decide(batch, told, before, dry_run=dry_run)
                batch = []
        await self._decide(batch, told, before, dry_run=dry_run)
        await self._close(reached.began, told, dry_run=dry_run)
        return told

    async def _decide(self, found: Sequence[Together], told: Reconciled, before: int, *, dry_run: bool) -> None:
        """Do what is to be done about some images, and add it to what is told. `before` is how many images lost
        something in the parts before this one.
        """
        old = now() - self._after
        async with self._db.write() as s:
            claims = await reconcile_repository.claims(s, [one.image for one in found if one.image is not None])
        await self._miss(found, claims, told, before, dry_run=dry_run)
        verdicts = [pair for one in found for pair in judged(one.objects, _claim(claims, one), old)]
        by = {verdict: [stored for stored, its in verdicts if its is verdict] for verdict in Verdict}
        due = await self._sweeper.due(by[Verdict.STRAY], dry_run=dry_run)
        removed = len(by[Verdict.SUPERFLUOUS]) + len(due)
        if removed and (told.unnamed or await self._losses.store_fails(before)):
            due, removed = set(), 0
        if removed and not dry_run:
            removed = await self._sweeper.remove(found, due, old)
        told.images += sum(isinstance(claim, Claim) for claim in claims.values())
        told.objects += len(verdicts)
        told.claimed += len(by[Verdict.CLAIMED])
        told.in_flight += len(by[Verdict.IN_FLIGHT])
        told.quarantined += len(by[Verdict.STRAY]) - len(due)
        told.removed += removed

    async def _miss(
        self, found: Sequence[Together], claims: Claims, told: Reconciled, before: int, *, dry_run: bool
    ) -> None:
        losses = list[Loss]()
        for one in found:
            claim = _claim(claims, one)
            if isinstance(claim, Claim):
                absent = await findings.missing(self._blobs, claim, {stored.key for stored in one.objects})
                losses += [Loss(claim, absent)] if absent else []
        named = await self._losses.record(losses, besides=before + _lost(told), dry_run=dry_run)
        told.missing += named or []
        told.unnamed += len(losses) if named is None else 0

    async def _close(self, began: datetime, told: Reconciled, *, dry_run: bool) -> None:
        async with self._db.write() as s:
            if not dry_run:
                await reconcile_repository.close_pass(s, began)
            told.quarantined_since = await reconcile_repository.quarantined_since(s)
            told.damaged = await reconcile_repository.findings(s, "damaged")


def _claim(claims: Claims, one: Together) -> Claim | Literal["duplicate"] | None:
    return None if one.image is None else claims.get(one.image)


def _lost(told: Reconciled) -> int:
    return len({lost.image for lost in told.missing}) + told.unnamed


def _further(reached: Reached, one: Together) -> Reached:
    originals = [stored.key for stored in one.objects if stored.key.startswith(keys.ORIGINALS)]
    renditions = [stored.key for stored in one.objects if stored.key.startswith(keys.RENDITIONS)]
    return Reached(
        began=reached.began,
        missing=reached.missing,
        image=one.image or reached.image,
        original=originals[-1] if originals else reached.original,
        rendition=renditions[-1] if renditions else reached.rendition,
    )
