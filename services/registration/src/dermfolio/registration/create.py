"""Creating and restoring comparisons: both need their photographs to be in the workspace of the entry."""

from uuid import UUID

from dermfolio.common import faults
from dermfolio.common.auth import Call
from dermfolio.common.bus import Answer
from dermfolio.common.db import Database, WriteSession
from dermfolio.common.errors import Refused
from dermfolio.common.idempotency import digest
from dermfolio.contracts.comparisons import (
    ComparisonCreated,
    ComparisonRestored,
    CreateComparison,
    RestoreComparison,
)
from dermfolio.contracts.entries import EntrySight
from dermfolio.contracts.messages import now
from dermfolio.contracts.views.comparisons import COMPARISONS_AT_MOST, ComparisonView
from dermfolio.registration import repository
from dermfolio.registration.change import answered, facts_of, of_entry
from dermfolio.registration.holding import Holding
from dermfolio.registration.models import Comparison
from dermfolio.registration.sight import Sight


class Creator:
    """Has comparisons be there."""

    def __init__(self, db: Database, sight: Sight, holding: Holding) -> None:
        self._db = db
        self._sight = sight
        self._holding = holding

    async def create(self, request: CreateComparison, call: Call) -> Answer[ComparisonView]:
        """Create a comparison; the same request made it before. Refused as `not_found`, also where the id is another
        entry's comparison or a photograph is none of the patient, `forbidden`, `comparison_id_used`,
        `image_not_in_workspace` or `too_many_comparisons`.
        """
        seen = await self._sight.look(call, request.patient, request.entry)
        await self._sight.need_write(call, request.patient, request.entry)
        new = Comparison(
            id=request.comparison,
            entry=request.entry,
            patient=seen.patient,
            name=request.new.name,
            images=request.new.images,
            reference=request.new.reference,
            hold=None,
            made_of=digest(request.new),
            created_by=call.user(),
            changed_by=call.user(),
        )
        async with self._db.write() as s:
            made = await _made_before(s, new)
        if made is None:
            async with self._holding.held(call, request, seen, new.images) as hold:
                made = await self._write(call, seen, new, hold)
        return answered(made, 201)

    async def _write(self, call: Call, seen: EntrySight, new: Comparison, hold: UUID) -> Comparison:
        new.hold, new.changed_at = hold, new.created_at
        async with self._db.write() as s:
            await repository.hold_entry(s, new.entry)
            made = await _made_before(s, new)
            if made is None:
                await _need_room(s, new.entry)
                await self._holding.take(s, hold)
                if not await repository.add(s, new):
                    raise Refused("not_found")  # it became another entry's at this moment
                s.say(ComparisonCreated(**facts_of(new, seen)), call.origin())
                faults.point("comparison.written")
        if made is None:
            return new
        await self._holding.give_up(hold)  # the same request, asked twice at once, made it first
        return made

    async def restore(self, request: RestoreComparison, call: Call) -> Answer[ComparisonView]:
        """Have a deleted comparison be there again; one that is there stays as it is. Refused as `not_found`,
        `forbidden`, `stale_version`, `image_not_in_workspace` or `too_many_comparisons`.
        """
        seen = await self._sight.look(call, request.patient, request.entry)
        async with self._db.write() as s:
            found = of_entry(await repository.by_id(s, request.comparison), request.entry)
        await self._sight.need_write(call, request.patient, request.entry)
        if found.deleted_at is not None:
            async with self._holding.held(call, request, seen, found.images) as hold:
                found = await self._restore(call, seen, found, hold)
        return answered(found)

    async def _restore(self, call: Call, seen: EntrySight, deleted: Comparison, hold: UUID) -> Comparison:
        async with self._db.write() as s:
            await repository.hold_entry(s, deleted.entry)
            comparison = await repository.held(s, deleted.id)
            if comparison.version == deleted.version:
                await _need_room(s, comparison.entry)
                await self._holding.take(s, hold)
                comparison.hold, comparison.deleted_at = hold, None
                comparison.version += 1
                comparison.changed_by, comparison.changed_at = call.user(), now()
                s.add(comparison)
                s.say(ComparisonRestored(**facts_of(comparison, seen)), call.origin())
            elif comparison.deleted_at is not None:
                raise Refused("stale_version", version=comparison.version)
        if comparison.hold != hold:
            await self._holding.give_up(hold)  # somebody else restored it first
        return comparison


async def _made_before(s: WriteSession, new: Comparison) -> Comparison | None:
    """The comparison that the same request made before."""
    found = await repository.by_id(s, new.id)
    if found is None:
        return None
    of_entry(found, new.entry)
    if found.created_by != new.created_by or found.made_of != new.made_of or found.deleted_at is not None:
        raise Refused("comparison_id_used")
    return found


async def _need_room(s: WriteSession, entry: UUID) -> None:
    if await repository.count(s, entry) >= COMPARISONS_AT_MOST:
        raise Refused("too_many_comparisons")
