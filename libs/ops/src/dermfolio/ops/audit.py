"""`python -m dermfolio.ops audit verify`: have the audit trail verified. Ends with 0 when it is intact, 1 when it is
not, 2 when it could not be verified.
"""

import argparse
import asyncio
import sys
from typing import TYPE_CHECKING

from dermfolio.common.errors import Refused, Unavailable
from dermfolio.common.settings import load
from dermfolio.contracts.audit import VerifyTrail
from dermfolio.contracts.views.audit import VerificationView
from dermfolio.ops.asking import OperatorSettings, asked

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

INTACT, BROKEN, NOT_VERIFIED = 0, 1, 2


def add_parser(commands: "Commands") -> None:
    """Add `audit verify` to the commands; `run` of the parsed arguments carries it out."""
    audit = commands.add_parser("audit", help="the audit trail")
    verify = audit.add_subparsers(metavar="COMMAND", required=True).add_parser(
        "verify", help="verify every record and name the first one that is broken"
    )
    verify.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:  # noqa: ARG001 - every command is run with its arguments
    """Ask for the verdict, print it, return the exit code."""
    try:
        verdict = asyncio.run(asked(load(OperatorSettings), VerifyTrail()))
    except (Unavailable, TimeoutError) as error:
        print(f"The trail could not be verified: {error or 'the bus is not reachable'}.", file=sys.stderr)
        return NOT_VERIFIED
    except Refused as refusal:
        print(f"The trail could not be verified: {refusal.problem.detail}", file=sys.stderr)
        return NOT_VERIFIED
    for line in _lines(verdict):
        print(line)
    return INTACT if verdict.intact else BROKEN


def _lines(verdict: VerificationView) -> list[str]:
    lines = [verdict.finding]
    if not verdict.intact:
        lines.append(f"First broken record: {verdict.first_broken} ({verdict.kind}).")
    lines += [f"{producer}: {gap:,} facts still to come." for producer, gap in verdict.gaps.items() if gap > 0]
    return lines + [f"{producer}: could not be asked for facts still to come." for producer in verdict.not_asked]
