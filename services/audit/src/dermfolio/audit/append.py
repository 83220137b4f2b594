"""The one writer: whoever appends holds the lock on the chain's head, so two replicas never fork the chain."""

from collections.abc import Sequence

import structlog

from dermfolio.audit import record, repository
from dermfolio.audit.chain import Place, extend
from dermfolio.audit.keys import ChainKeys
from dermfolio.audit.record import AUDIT, GATEWAY, Draft
from dermfolio.common.db import WriteSession
from dermfolio.contracts.audit import FactsMissed
from dermfolio.contracts.messages import now
from dermfolio.contracts.replay import Fact, Origin

log = structlog.get_logger()


class Writer:
    """Appends records to the trail, in the caller's transaction."""

    def __init__(self, keys: ChainKeys) -> None:
        self._keys = keys

    async def take_up(self, session: WriteSession, producer: str, facts: Sequence[Fact]) -> None:
        """Append a producer's facts, in order; those in the trail already are passed over.

        Facts that the producer no longer has leave a record that says so.
        """
        head = await repository.lock_head(session)
        last = await repository.last_seq(session, producer)
        drafts: list[Draft] = []
        for fact in facts:
            if fact.seq <= last:
                continue
            if fact.seq > last + 1:
                log.error("trail.facts_missed", producer=producer, first=last + 1, last=fact.seq - 1)
                missed = FactsMissed(producer=producer, first=last + 1, last=fact.seq - 1)
                drafts.append(record.of_own(missed, Origin(service=AUDIT)))
            drafts.append(record.of_fact(producer, fact))
            last = fact.seq
        await self._write(session, head, drafts)

    async def keep(self, session: WriteSession, drafts: Sequence[Draft]) -> None:
        """Append what audit counts itself; refusals of the gateway that are in the trail already are passed over."""
        head = await repository.lock_head(session)
        refusals = {draft.id for draft in drafts if draft.producer == GATEWAY}
        known = await repository.known_refusals(session, refusals) if refusals else set()
        new = {draft.id: draft for draft in drafts if draft.id not in known}
        await self._write(session, head, list(new.values()))

    async def _write(self, session: WriteSession, head: Place, drafts: Sequence[Draft]) -> None:
        if not drafts:
            return
        counted = {d.producer for d in drafts if d.seq is None}
        last = {producer: await repository.last_seq(session, producer) for producer in sorted(counted)}
        moment = now()
        records = []
        for draft in drafts:
            seq = draft.seq
            if seq is None:
                seq = last[draft.producer] = last[draft.producer] + 1
            records.append(draft.at_place(seq, moment))
        moments = [record["at"] for record in records]
        await repository.append(session, extend(head, records, self._keys.writing, self._keys.version), moments)
