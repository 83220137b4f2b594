"""registration in miniature: it keeps the comparisons that it is told of."""
# ruff: noqa: ARG002 - handlers take what handlers take

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from dermfolio.common.auth import Call
from dermfolio.common.bus import Answer, Handler
from dermfolio.common.errors import Refused
from dermfolio.contracts import comparisons
from dermfolio.contracts.messages import Nothing, Request, now
from dermfolio.contracts.views.comparisons import ComparisonList, ComparisonView

from .owner import Owner


class RegistrationOwner(Owner):
    name = "registration"

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[UUID, ComparisonView] = {}
        self.deleted: dict[UUID, ComparisonView] = {}

    def handlers(self) -> Mapping[type[Request[Any]], Handler]:
        return {
            comparisons.CreateComparison: self.create,
            comparisons.ListComparisons: self.list,
            comparisons.GetComparison: self.get,
            comparisons.ChangeComparison: self.change,
            comparisons.DeleteComparison: self.delete,
            comparisons.RestoreComparison: self.restore,
        }

    async def create(self, request: comparisons.CreateComparison, call: Call) -> Answer[ComparisonView]:
        made = ComparisonView(
            id=request.comparison,
            entry=request.entry,
            patient=request.patient,
            version=1,
            created_by=call.user(),
            created_at=now(),
            changed_by=call.user(),
            changed_at=now(),
            **request.new.model_dump(),
        )
        return _answer(self.kept.setdefault(request.comparison, made), 201)

    async def list(self, request: comparisons.ListComparisons, call: Call) -> ComparisonList:
        return ComparisonList(comparisons=[one for one in self.kept.values() if one.entry == request.entry])

    async def get(self, request: comparisons.GetComparison, call: Call) -> Answer[ComparisonView]:
        return _answer(self._there(request.comparison))

    async def change(self, request: comparisons.ChangeComparison, call: Call) -> Answer[ComparisonView]:
        before = self._there(request.comparison)
        if before.version != request.version:
            raise Refused("stale_version", version=before.version)
        changes = request.changes.model_dump(exclude_none=True)
        self.kept[before.id] = before.model_copy(update={"version": before.version + 1, **changes})
        return _answer(self.kept[before.id])

    async def delete(self, request: comparisons.DeleteComparison, call: Call) -> Nothing:
        self.deleted[request.comparison] = self.kept.pop(request.comparison)
        return Nothing()

    async def restore(self, request: comparisons.RestoreComparison, call: Call) -> Answer[ComparisonView]:
        self.kept[request.comparison] = self.deleted.pop(request.comparison)
        return _answer(self.kept[request.comparison])

    def _there(self, comparison: UUID) -> ComparisonView:
        if comparison not in self.kept:
            raise Refused("not_found")
        return self.kept[comparison]


def _answer(view: ComparisonView, status: int = 200) -> Answer[ComparisonView]:
    return Answer(view.model_dump_json().encode(), status, view.version)
