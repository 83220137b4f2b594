"""What the trail can do."""

from typing import Any

from benchmarks.audit import verify

_PARTS = (verify.rows,)


def rows() -> list[dict[str, Any]]:
    """The figures of this benchmark."""
    return [row for part in _PARTS for row in part()]
