"""A figure of a benchmark."""

from typing import Any, Literal


def row(
    name: str,
    kind: Literal["ratio", "bound"],
    value: float,
    unit: str,
    anchor: str,
    goal: float,
    better: Literal["lower", "higher"],
) -> dict[str, Any]:
    """The figure as it stands in var/bench.json."""
    return {
        "name": name,
        "kind": kind,
        "value": value,
        "unit": unit,
        "anchor": anchor,
        "goal": goal,
        "better": better,
    }
