"""Changing and deleting comparisons."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from dermfolio.common.auth import Call
from dermfolio.common.bus import Answer
from dermfolio.common.db import Database
from dermfolio.common.errors import Refused
from dermfolio.contracts.comparisons import (
    ChangeComparison,
    ComparisonChanged,
    ComparisonDeleted,
    DeleteComparison,
)
from dermfolio.contracts.entries import EntrySight
from dermfolio.contracts.messages import Nothing, now
from dermfolio.contracts.views.comparisons import ComparisonChanges, ComparisonView
from dermfolio.registration import repository
from dermfolio.registration.holding import Holding
from dermfolio.registration.models import Comparison
from dermfolio.registration.sight import Sight


class Editor:
    """Changes what is there."""

    def __init__(self, db: Database, sight: Sight, holding: Holding) -> None:
        self._db = db
        self._sight = sight
        self._holding = holding

    async def change(self, request: ChangeComparison, call: Call) -> Answer[ComparisonView]:
        """Change a comparison. Refused as `not_found`, also where a photograph is none of the patient, `forbidden`,
        `stale_version`, `reference_not_compared` or `image_not_in_workspace`.
        """
        seen = await self._sight.look(call, request.patient, request.entry)
        async with self._db.write() as s:
            before = _there(await repository.by_id(s, request.comparison), request.entry)
        await self._sight.need_write(call, request.patient, request.entry)
        _need_version(before, request.version)
        images = _wanted(before, request.changes)
        if set(images) == set(before.images):
            changed = await self._write(call, seen, request, None)
        else:
            async with self._holding.held(call, request, seen, images) as hold:
                changed = await self._write(call, seen, request, hold)
        return answered(changed)

    async def _write(self, call: Call, seen: EntrySight, request: ChangeComparison, hold: UUID | None) -> Comparison:
        changes = request.changes
        async with self._db.write() as s:
            comparison = _there(await repository.held(s, request.comparison), request.entry)
            _need_version(comparison, request.version)
            before = (comparison.name, comparison.images, comparison.reference)
            comparison.images = [*_wanted(comparison, changes)]
            comparison.name = comparison.name if changes.name is None else changes.name
            comparison.reference = changes.reference or comparison.reference
            if before != (comparison.name, comparison.images, comparison.reference):
                freed = None
                if hold is not None:
                    await self._holding.take(s, hold)
                    freed, comparison.hold = comparison.hold, hold
                comparison.version += 1
                comparison.changed_by, comparison.changed_at = call.user(), now()
                s.add(comparison)
                s.say(ComparisonChanged(**facts_of(comparison, seen), freed=freed), call.origin())
        return comparison

    async def delete(self, request: DeleteComparison, call: Call) -> Nothing:
        """Delete a comparison; one that is deleted stays so. Refused as `not_found` or `forbidden`."""
        seen = await self._sight.look(call, request.patient, request.entry)
        async with self._db.write() as s:
            of_entry(await repository.by_id(s, request.comparison), request.entry)
        await self._sight.need_write(call, request.patient, request.entry)
        async with self._db.write() as s:
            comparison = await repository.held(s, request.comparison)
            if comparison.deleted_at is None:
                freed, comparison.hold = comparison.hold, None
                comparison.version += 1
                comparison.deleted_at = comparison.changed_at = now()
                comparison.changed_by = call.user()
                s.add(comparison)
                s.say(ComparisonDeleted(**facts_of(comparison, seen), freed=freed), call.origin())
        return Nothing()


def facts_of(comparison: Comparison, seen: EntrySight) -> dict[str, Any]:
    """What is said of a comparison as it is now; each fact takes of it what it has."""
    return {
        "comparison": comparison.id,
        "entry": comparison.entry,
        "patient": comparison.patient,
        "site": seen.site,
        "images": comparison.images,
        "reference": comparison.reference,
        "version": comparison.version,
    }


def answered(comparison: Comparison, status: int = 200) -> Answer[ComparisonView]:
    """The answer that shows a comparison."""
    view = ComparisonView.model_validate(comparison, from_attributes=True)
    return Answer(view.model_dump_json().encode(), status, comparison.version)


def of_entry(found: Comparison | None, entry: UUID) -> Comparison:
    """A comparison of this entry, deleted or not. Refused as `not_found`."""
    if found is None or found.entry != entry:
        raise Refused("not_found")
    return found


def _there(found: Comparison | None, entry: UUID) -> Comparison:
    comparison = of_entry(found, entry)
    if comparison.deleted_at is not None:
        raise Refused("not_found")
    return comparison


def _need_version(comparison: Comparison, version: int) -> None:
    if comparison.version != version:
        raise Refused("stale_version", version=comparison.version)


def _wanted(comparison: Comparison, changes: ComparisonChanges) -> Sequence[UUID]:
    """The photographs that it is to have. Refused as `reference_not_compared` where none of them is the reference."""
    images = comparison.images if changes.images is None else changes.images
    if (changes.reference or comparison.reference) not in images:
        raise Refused("reference_not_compared")
    return images
