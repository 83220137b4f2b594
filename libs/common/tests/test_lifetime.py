"""A process that cannot begin says why in its log, and ends."""

import asyncio
from contextlib import AbstractAsyncContextManager

import pytest
from structlog.testing import capture_logs

from dermfolio.common.errors import Unavailable
from dermfolio.common.lifetime import until_told


class Hosting(AbstractAsyncContextManager[None]):
    """Cannot be opened."""

    def __init__(self, fault: Exception) -> None:
        self._fault = fault

    async def __aenter__(self) -> None:
        await asyncio.sleep(0)
        raise self._fault

    async def __aexit__(self, *_: object) -> None:
        raise AssertionError("it was never opened")


@pytest.mark.parametrize("fault", [Unavailable("the database does not answer"), OSError(98, "Address already in use")])
def test_what_keeps_it_from_beginning_is_a_line_of_the_log(fault: Exception) -> None:
    with capture_logs() as logs, pytest.raises(SystemExit, match="1"):
        asyncio.run(until_told(Hosting(fault)))
    assert logs == [
        {"event": "service.not_started", "reason": f"{type(fault).__name__}: {fault}", "log_level": "error"}
    ]


def test_a_fault_of_its_own_is_no_such_thing() -> None:
    with pytest.raises(ZeroDivisionError):
        asyncio.run(until_told(Hosting(ZeroDivisionError())))
