"""An object being read."""

from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True, repr=False)
class Opened:
    """Plain bytes on their way, the first segment already authentic. Iterate once; close in any case (`async with`).

    Iteration raises `Tampered` at the first segment that is not what was sealed, and `Unavailable` when the store
    fails midway; what was yielded before is genuine and in place, but the rest is missing.
    """

    first: bytes
    rest: AsyncGenerator[bytes, None]

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if self.first:
            yield self.first
        async for part in self.rest:
            yield part

    async def aclose(self) -> None:
        """Give the connection up; it is given back already when the last byte was read."""
        await self.rest.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()
