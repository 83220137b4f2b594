"""`python -m dermfolio.local run|demo|migration|where`: what the Makefile calls."""

import argparse
import asyncio
import signal
import sys
from collections.abc import Coroutine, Sequence
from pathlib import Path

from dermfolio.local import places
from dermfolio.local.first_admin import USER
from dermfolio.local.scratch import DirectoryInUseError
from dermfolio.local.servers.server import ServerError

FIRST_PORT = 8000


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m dermfolio.local", description="The embedded system.")
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="the whole system, until Ctrl-C")
    run.add_argument("--directory", type=Path, default=places.run_directory(), help="of data, secrets and logs")
    run.add_argument("--replicas", type=int, default=1, help="of every process")
    run.add_argument("--port", type=int, default=FIRST_PORT, help="of the first gateway, or the next free one; 0: any")
    demo = commands.add_parser("demo", help="a demonstration on a scratch system")
    demo.add_argument("photos", nargs="*", type=Path, metavar="PHOTO")
    migration = commands.add_parser("migration", help="write a service's next migration")
    migration.add_argument("service", metavar="SERVICE")
    migration.add_argument("name", metavar="NAME")
    commands.add_parser("where", help="print the directory outside the checkout that holds data, if there is one")
    chosen = parser.parse_args(arguments)
    match chosen.command:
        case "run":
            return _run(chosen.directory, chosen.replicas, chosen.port)
        case "demo":
            return _demo(chosen.photos)
        case "migration":
            return _migration(chosen.service, chosen.name)
        case _:
            return _where()


def _run(directory: Path, replicas: int, port: int) -> int:
    from dermfolio.common import logs
    from dermfolio.local.stack import Stack

    logs.configure("local", fmt="console")

    async def until_told() -> int:
        told = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, told.set)
        stack = Stack(directory, replicas=replicas, http_port=port, log="console")
        starting = asyncio.create_task(stack.start())
        stopping = asyncio.create_task(told.wait())
        await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            starting.result()
            _welcome(stack.gateways, stack.first_admin_password)
            await stopping
            print("Stopping …", flush=True)
            await stack.stop()
        else:
            starting.cancel()
            await asyncio.gather(starting, return_exceptions=True)
        return 0

    return _to_the_end(until_told())


def _welcome(gateways: Sequence[str], password: str | None) -> None:
    print(f"\n  Dermfolio is ready: {'  '.join(gateways)}", flush=True)
    if password is not None:
        print(f"  Sign in as {USER} with the one-time password {password}", flush=True)
    print("  Ctrl-C stops it.\n", flush=True)


def _demo(photos: list[Path]) -> int:
    from dermfolio.common import logs
    from dermfolio.local.demo import demo

    logs.configure("local", fmt="console", level="warning")
    return _to_the_end(demo(photos))


def _to_the_end(work: Coroutine[None, None, int]) -> int:
    from dermfolio.local.stack import StackError

    try:
        return asyncio.run(work)
    except (DirectoryInUseError, ServerError, StackError, TimeoutError) as error:
        print(error, file=sys.stderr)
        return 1


def _migration(service: str, name: str) -> int:
    from dermfolio.local.migration import write_migration

    try:
        print(write_migration(service, name))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _where() -> int:
    outside = places.outside()
    if outside is not None and outside.exists():
        print(outside)
    return 0
