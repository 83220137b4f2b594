"""Pieces of the statements that make pages of JSON (decision 7)."""


def instant(column: str) -> str:
    """A time column as the API writes it: RFC 3339, UTC, microseconds, trailing Z; null stays null."""
    return f"to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"


def begin(at: str, row: str) -> str:
    """The sort key (time, id) behind which a page begins, newest first; both null on the first page.

    A comparison with it is one range of the index, also where the plan does not know the page.
    """
    return f"(coalesce({at}::timestamptz, 'infinity'), coalesce({row}::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))"
