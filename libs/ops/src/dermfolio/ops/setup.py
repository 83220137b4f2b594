"""`setup`: streams and consumers of the bus, made or brought up to date. Safe to repeat."""

import argparse
import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING

from dermfolio.common import logs, setup
from dermfolio.contracts.permissions import SETUP_USER

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

PATIENCE_SECONDS = 60.0


def add_parser(commands: "Commands") -> None:
    """Add `setup` to the commands; `run` of the parsed arguments carries it out."""
    command = commands.add_parser(
        "setup",
        help="streams and consumers of the bus",
        description=f"Needs DERMFOLIO_NATS_URL, and in DERMFOLIO_SECRETS_DIR the nats_password of '{SETUP_USER}'.",
    )
    command.add_argument("--replicas", type=int, default=1, help="copies of each stream (default %(default)s)")
    command.set_defaults(run=_run)


def _run(chosen: argparse.Namespace) -> int:
    logs.configure("setup", fmt="console")
    try:
        url = os.environ["DERMFOLIO_NATS_URL"]
        password = (Path(os.environ["DERMFOLIO_SECRETS_DIR"]) / "nats_password").read_text().strip()
    except (KeyError, OSError) as error:
        raise SystemExit(f"setup: missing {error}") from None
    asyncio.run(_apply(url, password, chosen.replicas))
    return 0


async def _apply(url: str, password: str, replicas: int) -> None:
    """Apply the setup step; a bus that cannot be reached in time is an error."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        await setup.apply(url, password, replicas=replicas)
