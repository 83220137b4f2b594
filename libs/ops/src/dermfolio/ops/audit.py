"""`python -m dermfolio.ops audit verify [--checkpoints FILE…]`: have the audit trail verified. Ends with 0 when it is
intact, 1 when it is not, 2 when it could not be verified.
"""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from dermfolio.common.settings import load
from dermfolio.contracts.audit import VerifyTrail
from dermfolio.contracts.signed_notes import newest_of
from dermfolio.contracts.views.audit import CheckpointsView, VerificationView
from dermfolio.ops.asking import NotAnsweredError, OperatorSettings, answered, asked

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

INTACT, BROKEN, NOT_VERIFIED = 0, 1, 2


def add_parser(commands: "Commands") -> None:
    """Add `audit verify` to the commands; `run` of the parsed arguments carries it out."""
    audit = commands.add_parser("audit", help="the audit trail")
    verify = audit.add_subparsers(metavar="COMMAND", required=True).add_parser(
        "verify", help="verify every record and name the first one that is broken"
    )
    verify.add_argument(
        "--checkpoints",
        nargs="+",
        type=Path,
        default=[],
        metavar="FILE",
        help="signed checkpoints that were kept outside, or logs with them, to compare the trail with",
    )
    verify.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Ask for the verdict, print it, return the exit code."""
    try:
        outside = newest_of("\n".join(file.read_text(errors="replace") for file in arguments.checkpoints))
    except OSError as error:
        print(f"The trail was not verified: {error.filename}: {error.strerror}.", file=sys.stderr)
        return NOT_VERIFIED
    if arguments.checkpoints and not outside:
        print("The trail was not verified: these files hold no signed checkpoint.", file=sys.stderr)
        return NOT_VERIFIED
    try:
        verdict = answered(asked(load(OperatorSettings), VerifyTrail(checkpoints=outside)))
    except NotAnsweredError as error:
        print(f"The trail could not be verified: {error}", file=sys.stderr)
        return NOT_VERIFIED
    for line in _lines(verdict):
        print(line)
    return INTACT if verdict.intact else BROKEN


def _lines(verdict: VerificationView) -> list[str]:
    lines = [verdict.finding]
    if not verdict.intact:
        lines.append(f"First broken record: {verdict.first_broken} ({verdict.kind}).")
    lines.append(_compared(verdict.checkpoints))
    lines += [f"{producer}: {gap:,} facts still to come." for producer, gap in verdict.gaps.items() if gap > 0]
    return lines + [f"{producer}: could not be asked for facts still to come." for producer in verdict.not_asked]


def _compared(checkpoints: CheckpointsView) -> str:
    lock = {True: "locked", False: "not locked", None: "not known whether locked"}[checkpoints.locked]
    store = "store not asked" if checkpoints.store is None else f"{checkpoints.store:,} in the object store ({lock})"
    return (
        f"Checkpoints compared: {checkpoints.database:,} in the database, {store}, "
        f"{checkpoints.outside:,} from outside. "
        f"Verifier key: {checkpoints.verifier_keys[0]}"
    )
