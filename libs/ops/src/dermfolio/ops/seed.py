"""`python -m dermfolio.ops seed --patients N [--images M]`: fill an evaluation with invented patients. It may be
stopped at any time; run again it goes on where it was. Ends with 0 when all is there, 1 when something was refused, 2
when the system could not be reached.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import aiohttp

from dermfolio.common.errors import Refused, Unavailable
from dermfolio.common.settings import load
from dermfolio.contracts.seeding import MOST_PEOPLE, SEEDS, CountSeeded
from dermfolio.ops import signing_in
from dermfolio.ops.api_client import Api, ApiProblem
from dermfolio.ops.asking import OperatorSettings, asking
from dermfolio.ops.live import SocketRefused
from dermfolio.ops.seeding.clinic import make_clinic
from dermfolio.ops.seeding.people import plant
from dermfolio.ops.seeding.photographs import upload

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

THERE, REFUSED, NOT_REACHED = 0, 1, 2
MOST_IMAGES = 100_000


def add_parser(commands: "Commands") -> None:
    """Add `seed` to the commands; `run` of the parsed arguments carries it out."""
    command = commands.add_parser("seed", help="fill an evaluation with invented patients")
    command.add_argument(
        "--patients", type=_upto(MOST_PEOPLE), required=True, metavar="N", help="how many there are to be"
    )
    command.add_argument(
        "--images", type=_upto(MOST_IMAGES), default=0, metavar="M", help="photographs of them (default 0)"
    )
    command.add_argument(
        "--seed", type=_upto(SEEDS - 1), default=1, help="another one, other people (default %(default)s)"
    )
    signing_in.add_arguments(command)
    command.set_defaults(run=run)


def _upto(most: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        value = int(text)
        if not 0 <= value <= most:
            raise argparse.ArgumentTypeError(f"is not between 0 and {most:,}")
        return value

    return number


def run(arguments: argparse.Namespace) -> int:
    """Seed, print what came of it, return the exit code."""
    settings = load(OperatorSettings)
    try:
        return asyncio.run(_seeded(settings, arguments))
    except ApiProblem as problem:
        return _ended(REFUSED, problem)
    except Refused as refusal:
        return _ended(REFUSED, refusal.problem.detail)
    except (Unavailable, SocketRefused, aiohttp.ClientError, TimeoutError) as error:
        return _ended(NOT_REACHED, str(error) or "the system cannot be reached")


def _ended(code: int, why: object) -> int:
    print(f"Seeding ended early: {why}\nWhat was added stays; run it again to go on.", file=sys.stderr)
    return code


async def _seeded(settings: OperatorSettings, wanted: argparse.Namespace) -> int:
    began = time.monotonic()
    async with asking(settings) as requests, Api(wanted.at) as api:
        # asked first: nothing is made where it may not be
        there = (await requests.ask(CountSeeded(seed=wanted.seed))).people
        print(f"{there:,} people of seed {wanted.seed} are there, {wanted.patients:,} are wanted.", flush=True)
        password = signing_in.password_of(wanted.login)
        session = await signing_in.sign_in(api, wanted.login, password, signing_in.chosen_password)
        sites = await make_clinic(api)
        progress = await plant(requests, wanted.seed, wanted.patients, sites, session.user)
        planted = time.monotonic() - progress.began
        came = await upload(api, wanted.seed, wanted.images)
    rate = progress.added / max(planted, 1e-3)
    print(f"{progress.added:,} people added in {planted:.0f} s ({rate:,.0f} a second), at {len(sites)} sites.")
    if wanted.images:
        print(f"Photographs: {', '.join(f'{number:,} {what}' for what, number in sorted(came.items()))}.")
    print(f"Done after {time.monotonic() - began:.0f} s.")
    return REFUSED if came.keys() - {"ready", "there already"} else THERE
