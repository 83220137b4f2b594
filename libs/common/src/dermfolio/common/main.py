"""The command line of every service: `python -m dermfolio.<service> serve|work|migrate`."""

import asyncio
import signal
import sys
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import structlog
import uvloop

from dermfolio.common import logs, tracing
from dermfolio.common.host import Build, hosted
from dermfolio.common.migrate import newest, upgrade
from dermfolio.common.settings import DatabaseSettings, load

log = structlog.get_logger()


def run(name: str, settings_cls: type[DatabaseSettings], build: Build, migrations: Path) -> None:
    """Run the role that the first argument names, until SIGTERM or SIGINT."""
    role = sys.argv[1] if len(sys.argv) == 2 else ""
    if role not in {"serve", "work", "migrate"}:
        raise SystemExit(f"usage: python -m dermfolio.{name} serve|work|migrate")
    settings = load(settings_cls)
    logs.configure(f"{name}-{role}", fmt=settings.log_format, level=settings.log_level)
    if role == "migrate":
        upgrade(settings, migrations)
        return
    tracing.configure(f"dermfolio-{name}", settings.otlp_endpoint)
    hosting = hosted(name, settings, build, "serve" if role == "serve" else "work", newest(migrations))
    uvloop.run(until_told(hosting))


async def until_told(hosting: AbstractAsyncContextManager[object]) -> None:
    """Hold a context open until SIGTERM or SIGINT; told while it still opens, cut that short."""
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
    opening.result()
    await stop
    await hosting.__aexit__(None, None, None)
    log.info("service.stopped")
