"""Showing comparisons; what is shown is recorded before it is answered."""

from dermfolio.common.auth import Call
from dermfolio.common.bus import Answer
from dermfolio.common.errors import Refused
from dermfolio.common.host import Parts
from dermfolio.contracts.comparisons import ComparisonsListed, ComparisonViewed, GetComparison, ListComparisons
from dermfolio.contracts.views.comparisons import ComparisonList, ComparisonView
from dermfolio.registration import repository
from dermfolio.registration.sight import Sight


class Reader:
    """What registration answers to who looks."""

    def __init__(self, parts: Parts) -> None:
        self._db = parts.db
        self._reads = parts.reads
        self._sight = Sight(parts.requests)

    async def list(self, request: ListComparisons, call: Call) -> Answer[ComparisonList]:
        """All comparisons of an entry. Refused as `not_found` or `forbidden`."""
        seen = await self._sight.look(call, request.patient, request.entry)
        async with self._db.read() as rows:
            found = await repository.views(rows, request.entry)
        listed = ComparisonsListed(
            patient=seen.patient, site=seen.site, entry=request.entry, comparisons=[id_ for id_, _ in found]
        )
        await self._reads.record(listed, call.origin(seen.opening), shared=bool(seen.shared))
        return Answer(f'{{"comparisons":[{",".join(body for _, body in found)}]}}'.encode())

    async def get(self, request: GetComparison, call: Call) -> Answer[ComparisonView]:
        """One comparison. Refused as `not_found` or `forbidden`."""
        seen = await self._sight.look(call, request.patient, request.entry)
        async with self._db.read() as rows:
            found = await repository.view(rows, request.comparison, request.entry)
        if found is None:
            raise Refused("not_found")
        viewed = ComparisonViewed(
            patient=seen.patient, site=seen.site, entry=request.entry, comparison=request.comparison
        )
        await self._reads.record(viewed, call.origin(seen.opening), shared=bool(seen.shared))
        version, body = found
        return Answer(body.encode(), 200, version)
