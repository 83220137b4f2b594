"""A figure of a benchmark, as it stands in var/bench.json."""

from typing import Any, Literal

Row = dict[str, Any]
Better = Literal["lower", "higher"]

DIGITS = 4
"""What is measured is known no better than to so many."""


def ratio(name: str, value: float, anchor: str, goal: float, better: Better = "lower") -> Row:
    """A value by that of an anchor, which was measured in the same run."""
    return _row(name, "ratio", value, "x", anchor, goal, better)


def bound(name: str, value: float, unit: str, anchor: str, goal: float, better: Better = "lower") -> Row:
    """A value that has a limit; the anchor says of what it is."""
    return _row(name, "bound", value, unit, anchor, goal, better)


def _row(name: str, kind: str, value: float, unit: str, anchor: str, goal: float, better: Better) -> Row:
    return {
        "name": name,
        "kind": kind,
        "value": float(f"{value:.{DIGITS}g}"),
        "unit": unit,
        "anchor": anchor,
        "goal": goal,
        "better": better,
    }
