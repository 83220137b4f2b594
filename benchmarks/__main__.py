"""`python -m benchmarks [NAME…]`: run benchmarks, print a table, write var/bench.json. Ends with 1 where one misses its
goal.

A row is `{name, kind: ratio|bound, value, unit, anchor, goal, better: lower|higher}`. With names, only those folders
run, and the other rows of var/bench.json stay.
"""

import argparse
import importlib
import json
import pkgutil
import sys
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

import benchmarks
from benchmarks.rows import Row
from dermfolio.ops.tables import table

RESULTS = Path(__file__).parents[1] / "var" / "bench.json"
_HEADS = ("Figure", "Value", "Unit", "Goal", "Better", "Against", "")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run benchmarks; returns the exit code."""
    names = sorted(module.name for module in pkgutil.iter_modules(benchmarks.__path__) if module.ispkg)
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure, compare with the goals.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of: {', '.join(names)} (default: all)")
    wanted = parser.parse_args(arguments).names or names
    if unknown := set(wanted) - set(names):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    rows: list[Row] = []
    broken: list[str] = []
    for name in wanted:
        began = time.monotonic()
        print(f"{name} …", flush=True)
        try:
            rows += importlib.import_module(f"benchmarks.{name}").rows()
        except Exception:  # noqa: BLE001 - one that breaks must not hide the figures of the others
            traceback.print_exc()
            broken.append(name)
        print(f"{name}: {time.monotonic() - began:.0f} s", flush=True)
    _write(rows, keep=wanted != names)
    if rows:
        print("\n" + table(_HEADS, [_cells(row) for row in rows], right=(1, 3)))
    missed = [row["name"] for row in rows if not is_met(row)]
    for name in missed:
        print(f"Missed: {name}")
    for name in broken:
        print(f"Broke: {name}")
    return 1 if missed or broken else 0


def is_met(row: Row) -> bool:
    """Whether the value is at its goal or better."""
    value, goal = float(row["value"]), float(row["goal"])
    return value <= goal if row["better"] == "lower" else value >= goal


def _cells(row: Row) -> list[str]:
    sign = "≤" if row["better"] == "lower" else "≥"
    mark = "✓" if is_met(row) else "✗"
    return [
        row["name"],
        f"{row['value']:g}",
        row["unit"],
        f"{sign} {row['goal']:g}",
        row["better"],
        row["anchor"],
        mark,
    ]


def _write(rows: Sequence[Row], *, keep: bool) -> None:
    before: list[Row] = json.loads(RESULTS.read_text()) if keep and RESULTS.exists() else []
    measured = {row["name"] for row in rows}
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    kept = [row for row in before if row["name"] not in measured]
    RESULTS.write_text(json.dumps([*kept, *rows], indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    sys.exit(main())
