"""Cursors of keyset pages: the sort key of the last row shown, signed for one user and one list.

A cursor of somebody else, of another list or another filter, and one that was tampered with, are alike no cursor. All
replicas of a service make the same, from its own key.
"""

import base64
import binascii
import hmac
import json
from datetime import datetime
from typing import Any
from uuid import UUID

from dermfolio.common.auth import Call
from dermfolio.common.errors import Refused

MAX_LENGTH = 200
_SEAL_BYTES = 16


class Cursors:
    """Makes and reads the cursors of one service. `seed` is a secret of the service's."""

    def __init__(self, seed: bytes) -> None:
        self._key = hmac.digest(seed, b"dermfolio cursors", "sha256")

    def of(self, call: Call, *list_and_filter: object) -> "ListCursors":
        """The cursors of a list with its filter, for who asks."""
        bound = "\0".join(map(str, (call.actor.user, *list_and_filter)))
        return ListCursors(hmac.digest(self._key, bound.encode(), "sha256"))


class ListCursors:
    """Cursors of one list, sorted by a time and an id, for one user."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def cursor(self, at: datetime, row: UUID) -> str:
        """Point behind a row."""
        return self.sealed([at.isoformat(), str(row)])

    def behind(self, text: str | None) -> tuple[datetime | None, UUID | None]:
        """Read a cursor. Raises Refused (`invalid_request`) on anything that is not one of this list and user."""
        if text is None:
            return None, None
        if len(text) > MAX_LENGTH:
            raise _not_one()
        at, row = self.opened(text)
        return datetime.fromisoformat(at), UUID(row)

    def sealed(self, place: list[Any]) -> str:
        """Point behind a row of a list in whatever order, by what JSON can say."""
        written = json.dumps(place).encode()
        return base64.urlsafe_b64encode(self._seal(written) + written).decode().rstrip("=")

    def opened(self, text: str) -> list[Any]:
        """What was sealed. Raises Refused (`invalid_request`) on anything that is not of this list and user."""
        try:
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        except (ValueError, binascii.Error) as error:
            raise _not_one() from error
        seal, written = raw[:_SEAL_BYTES], raw[_SEAL_BYTES:]
        if not hmac.compare_digest(seal, self._seal(written)):
            raise _not_one()
        place: list[Any] = json.loads(written)
        return place

    def _seal(self, place: bytes) -> bytes:
        return hmac.digest(self._key, place, "sha256")[:_SEAL_BYTES]


def _not_one() -> Refused:
    return Refused("invalid_request", errors=[{"loc": "cursor", "msg": "is not a cursor of this list"}])
