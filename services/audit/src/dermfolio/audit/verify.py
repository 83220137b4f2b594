"""Verifying the trail: what is stored, what was signed of it, and what is still to come."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, dataclass

import structlog

from dermfolio.audit import repository
from dermfolio.audit.keys import ChainKeys
from dermfolio.audit.note_store import NoteStore
from dermfolio.audit.proof import Proof
from dermfolio.audit.signing import CheckpointKeys
from dermfolio.audit.walk import Count, walk
from dermfolio.common.bus import Requests
from dermfolio.common.db import Database
from dermfolio.common.errors import Refused, Unavailable
from dermfolio.contracts.replay import REPLAYS
from dermfolio.contracts.views.audit import CheckpointsView, VerificationView

log = structlog.get_logger()

ASK_SECONDS = 5.0
"""The verdict does not wait longer for a producer that may be down."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """Verifies one trail."""

    db: Database
    requests: Requests
    chain_keys: ChainKeys
    checkpoint_keys: CheckpointKeys
    store: NoteStore

    async def verify(self, outside: str = "") -> VerificationView:
        """Verify every record up to the newest one of this moment, and compare with checkpoints; `outside` is text with
        some that were kept elsewhere. Raises Unavailable when the database is not there.
        """
        count = Count()
        async with self.db.read() as rows:
            standing = await repository.standing(rows)
            broken = await walk(rows, standing, self.chain_keys.every, count)
        upto = broken.position - 1 if broken else standing.head.position
        proof = Proof(self.db, await self.checkpoint_keys.verifier(), upto=upto, whole=broken is None)
        found = [broken, await proof.of_database(), await proof.of_store(self.store), await proof.of_outside(outside)]
        finding = min((fault for fault in found if fault is not None), key=lambda fault: fault.position, default=None)
        records = upto if finding is None else min(upto, finding.position - 1)
        if finding is not None:
            log.error("trail.broken", position=finding.position, kind=finding.kind)
        reached = standing.taken_up if broken else count.seqs
        heads = await asyncio.gather(*(_head(self.requests, name, reached.get(name, 0)) for name in REPLAYS))
        gaps = {p: head - reached.get(p, 0) for p, head in zip(REPLAYS, heads, strict=True) if head is not None}
        return VerificationView(
            intact=finding is None,
            records=records,
            first_broken=finding.position if finding else None,
            kind=finding.kind if finding else None,
            finding=finding.sentence if finding else _all_holds(records, count.missed, gaps),
            gaps={producer: gap for producer, gap in gaps.items() if gap},
            not_asked=[producer for producer in REPLAYS if producer not in gaps],
            checkpoints=CheckpointsView(**asdict(proof.compared), verifier_keys=await self.checkpoint_keys.known()),
        )


async def _head(requests: Requests, producer: str, reached: int) -> int | None:
    """How many facts a producer has given out; None when it cannot be asked."""
    try:
        async with asyncio.timeout(ASK_SECONDS):
            found = await requests.ask(REPLAYS[producer](after=reached, limit=1))
    except (Unavailable, Refused, TimeoutError) as error:
        log.warning("trail.producer_not_asked", producer=producer, cause=str(error))
        return None
    return found.head


def _all_holds(records: int, missed: int, gaps: Mapping[str, int]) -> str:
    sentences = [
        {0: "The trail is empty.", 1: "The only record verifies."}.get(records, f"All {records:,} records verify.")
    ]
    if missed:
        sentences.append(f"{missed:,} facts were no longer to be had when the trail asked; its records say which.")
    sentences += [
        f"{producer} has forgotten {-gap:,} facts that the trail holds: it was restored from an older backup."
        for producer, gap in gaps.items()
        if gap < 0
    ]
    return " ".join(sentences)
