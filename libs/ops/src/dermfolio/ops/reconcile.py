"""`python -m dermfolio.ops reconcile [--dry-run]`: compare the object store with the table of photographs now. Ends
with 0 when every object is there and whole as far as is known, 1 when not, 2 when it could not be compared.
"""

import argparse
import sys
from typing import TYPE_CHECKING

from dermfolio.common.settings import load
from dermfolio.contracts.messages import now
from dermfolio.contracts.reconciling import Lost, Reconciled, ReconcileImages
from dermfolio.ops.asking import NotAnsweredError, OperatorSettings, answered, asking
from dermfolio.ops.tables import table

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

WHOLE, LOST, NOT_COMPARED = 0, 1, 2


def add_parser(commands: "Commands") -> None:
    """Add `reconcile` to the commands; `run` of the parsed arguments carries it out."""
    reconcile = commands.add_parser("reconcile", help="compare the object store with the table of photographs")
    reconcile.add_argument("--dry-run", action="store_true", help="change nothing, only tell what would be done")
    reconcile.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Compare, print what was found, return the exit code."""
    try:
        found = answered(_reconciled(load(OperatorSettings), dry_run=arguments.dry_run))
    except NotAnsweredError as error:
        print(f"It could not be compared: {error}", file=sys.stderr)
        return NOT_COMPARED
    print(summary(found, dry_run=arguments.dry_run))
    return LOST if found.missing or found.unnamed or found.damaged else WHOLE


def summary(found: Reconciled, *, dry_run: bool) -> str:
    """A table of the counts, and one of what is lost, if anything is."""
    removed = "would be removed" if dry_run else "removed"
    counts = (
        ("photographs", found.images, ""),
        ("objects", found.objects, ""),
        ("claimed", found.claimed, ""),
        ("in flight", found.in_flight, ""),
        ("in quarantine", found.quarantined, _oldest(found)),
        (removed, found.removed, ""),
        ("missing", len(found.missing) + found.unnamed, _unnamed(found)),
        ("damaged", len(found.damaged), ""),
    )
    text = table(("what", "how many", ""), [(what, f"{count:,}", note) for what, count, note in counts], right=(1,))
    lost = [_row("missing", one) for one in found.missing] + [_row("damaged", one) for one in found.damaged]
    return text if not lost else f"{text}\n\n{table(('photograph', 'object', 'finding', 'since'), lost)}"


def _oldest(found: Reconciled) -> str:
    if not found.quarantined or found.quarantined_since is None:
        return ""
    return f"the oldest for {(now() - found.quarantined_since).total_seconds() / 86400:.1f} days"


def _unnamed(found: Reconciled) -> str:
    return "more than are named: the store fails, nothing is removed" if found.unnamed else ""


def _row(finding: str, one: Lost) -> tuple[object, ...]:
    return one.image, one.object, finding, "now" if one.since is None else f"{one.since:%Y-%m-%d %H:%M} UTC"


async def _reconciled(settings: OperatorSettings, *, dry_run: bool) -> Reconciled:
    async with asking(settings) as requests:
        total = part = await requests.ask(ReconcileImages(dry_run=dry_run))
        while part.next is not None:
            part = await requests.ask(ReconcileImages(after=part.next, dry_run=dry_run))
            total = _sum(total, part)
        return total


def _sum(total: Reconciled, part: Reconciled) -> Reconciled:
    return Reconciled(
        images=total.images + part.images,
        objects=total.objects + part.objects,
        claimed=total.claimed + part.claimed,
        in_flight=total.in_flight + part.in_flight,
        quarantined=total.quarantined + part.quarantined,
        quarantined_since=part.quarantined_since,
        removed=total.removed + part.removed,
        missing=total.missing + part.missing,
        unnamed=total.unnamed + part.unnamed,
        damaged=part.damaged,
    )
