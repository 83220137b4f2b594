"""Times that people and programs name: with their offset from UTC, within reason."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator

EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def _written(value: object) -> object:
    if isinstance(value, (int, float)):
        raise ValueError("must be a time as RFC 3339 writes it")
    return value


def _plausible(value: datetime) -> datetime:
    if not EARLIEST <= value < LATEST:
        raise ValueError("must be a time from 1900 to 2199")
    return value.astimezone(UTC)


Moment = Annotated[
    AwareDatetime, BeforeValidator(_written, json_schema_input_type=AwareDatetime), AfterValidator(_plausible)
]
"""A time from 1900 to 2199, in UTC."""
