"""How long a process lives: until it is told to stop."""

import asyncio
import gc
import signal
from contextlib import AbstractAsyncContextManager

import structlog

from dermfolio.common.errors import Unavailable

log = structlog.get_logger()

GARBAGE = 10_000
"""Objects made, less those let go, before garbage is looked for; by default 700, which is every other request."""


async def until_told(hosting: AbstractAsyncContextManager[object]) -> None:
    """Hold a context open until SIGTERM or SIGINT; told while it still opens, cut that short. What keeps it
    from opening is logged, and ends the process.
    """
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    stop = asyncio.create_task(told.wait())
    opening = asyncio.create_task(hosting.__aenter__())
    await asyncio.wait({opening, stop}, return_when=asyncio.FIRST_COMPLETED)
    if not opening.done():
        opening.cancel()
        await asyncio.gather(opening, return_exceptions=True)
        return
    try:
        opening.result()
    except (Unavailable, OSError) as error:  # a server is not there, or a port is taken: whoever starts it tries again
        log.error("service.not_started", reason=f"{type(error).__name__}: {error}")
        raise SystemExit(1) from None
    gc.collect()
    gc.freeze()  # what is there now stays: looking through it for garbage again and again would hold up requests
    gc.set_threshold(GARBAGE)
    await stop
    await hosting.__aexit__(None, None, None)
    log.info("service.stopped")
