"""Patients' data keys in a process that moves bytes: asked of their owner, kept for at most a minute, never stored."""

import base64
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from uuid import UUID

from dermfolio.common.sealing import Context, DataKey, Seal

KEPT_SECONDS = 60.0
KEPT_KEYS = 2048


class DataKeys:
    """Keys by patient. `ask(patient)` answers the base64url of a key, or raises Refused or Unavailable."""

    def __init__(self, ask: Callable[[UUID], Awaitable[str]]) -> None:
        self._ask = ask
        self._kept: OrderedDict[UUID, tuple[float, DataKey]] = OrderedDict()

    async def seal(self, patient: UUID, *, owner: str, key: str, revision: int = 0) -> Seal:
        """The seal of one of the patient's objects."""
        return Seal(await self._key(patient), Context(owner=owner, key=key, revision=revision))

    async def _key(self, patient: UUID) -> DataKey:
        known = self._kept.get(patient)
        if known is not None and known[0] > time.monotonic():
            return known[1]
        key = DataKey(base64.urlsafe_b64decode(await self._ask(patient)))
        self._kept[patient] = (time.monotonic() + KEPT_SECONDS, key)
        self._kept.move_to_end(patient)
        if len(self._kept) > KEPT_KEYS:
            self._kept.popitem(last=False)
        return key
