"""`python -m dermfolio.ops COMMAND`: what operators do from a terminal."""

import argparse
import sys
from collections.abc import Sequence

from dermfolio.ops import audit, demo, licence, reconcile, recount, seed, setup

COMMANDS = (demo, audit, licence, reconcile, recount, seed, setup)
"""A module each; `add_parser` describes the command and names the function that runs it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m dermfolio.ops", description="Operators' commands of Dermfolio.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in COMMANDS:
        module.add_parser(commands)
    chosen = parser.parse_args(arguments)
    return int(chosen.run(chosen))


if __name__ == "__main__":
    sys.exit(main())
