"""Cursors of keyset pages: the sort key of the last row shown, in base64url."""

import base64
import binascii
import json
from datetime import datetime
from uuid import UUID

from dermfolio.common.errors import Refused

MAX_LENGTH = 200


def cursor(at: datetime, row: UUID) -> str:
    """Point behind a row of a list that is sorted by a time and an id."""
    return base64.urlsafe_b64encode(json.dumps([at.isoformat(), str(row)]).encode()).decode().rstrip("=")


def behind(text: str | None) -> tuple[datetime | None, UUID | None]:
    """Read a cursor. Raises Refused (`invalid_request`) on anything that is not one."""
    if text is None:
        return None, None
    try:
        if len(text) > MAX_LENGTH:
            raise ValueError("too long")
        at, row = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise ValueError("no time zone")
        return moment, UUID(row)
    except (ValueError, TypeError, AttributeError, binascii.Error) as error:
        raise Refused("invalid_request", errors=[{"loc": "cursor", "msg": "is not a cursor of this list"}]) from error
