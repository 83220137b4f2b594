"""Pieces of the statements that make JSON (decision 7)."""


def instant(column: str) -> str:
    """A time column as the API writes it: RFC 3339, UTC, microseconds, trailing Z; null stays null."""
    return f"to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
