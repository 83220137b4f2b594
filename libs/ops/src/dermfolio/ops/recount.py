"""`python -m dermfolio.ops recount [--check]`: count what is computed of patients anew, and put right what differs;
with `--check` only name it. Ends with 0 when nothing differed, 1 when something did, 2 when it could not be counted.
"""

import argparse
import asyncio
import sys
from typing import TYPE_CHECKING
from uuid import UUID

from dermfolio.common.bus import Requests
from dermfolio.common.settings import load
from dermfolio.contracts.recount import PATIENTS_AT_ONCE, Difference, RecountPatients
from dermfolio.ops.asking import NotAnsweredError, OperatorSettings, answered, asking

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

SAME, DIFFERENT, NOT_COUNTED = 0, 1, 2
LOOKS = 4
PAUSE_SECONDS = 2.0
"""What is on its way between the services arrives meanwhile, and differs no longer."""


def add_parser(commands: "Commands") -> None:
    """Add `recount` to the commands; `run` of the parsed arguments carries it out."""
    recount = commands.add_parser("recount", help="count photographs, entries and tags of every patient anew")
    recount.add_argument("--check", action="store_true", help="change nothing, only name what differs")
    recount.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Count, print what differs, return the exit code."""
    try:
        checked, differences = answered(_recounted(load(OperatorSettings), repair=not arguments.check))
    except NotAnsweredError as error:
        print(f"It could not be counted: {error}", file=sys.stderr)
        return NOT_COUNTED
    for found in differences:
        print(f"{found.patient}: {found.fact} was kept as {found.kept}, and is {found.counted}")
    print(f"{checked:,} patients counted, {len(differences):,} differences.")
    return DIFFERENT if differences else SAME


async def _recounted(settings: OperatorSettings, *, repair: bool) -> tuple[int, list[Difference]]:
    async with asking(settings) as requests:
        checked, differences, after = 0, list[Difference](), None
        while True:
            counted = await requests.ask(RecountPatients(after=after))
            checked += counted.checked
            differences += await _lasting(requests, counted.differences)
            after = counted.next
            if after is None:
                break
        if repair:
            for patients in _batches(differences):
                await requests.ask(RecountPatients(patients=patients, repair=True))
        return checked, differences


async def _lasting(requests: Requests, differences: list[Difference]) -> list[Difference]:
    """Those that still differ after several looks."""
    for _ in range(LOOKS):
        if not differences:
            break
        await asyncio.sleep(PAUSE_SECONDS)
        [patients] = _batches(differences)
        differences = (await requests.ask(RecountPatients(patients=patients))).differences
    return differences


def _batches(differences: list[Difference]) -> list[list[UUID]]:
    patients = sorted({found.patient for found in differences})
    return [patients[n : n + PATIENTS_AT_ONCE] for n in range(0, len(patients), PATIENTS_AT_ONCE)]
