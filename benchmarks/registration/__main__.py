"""The full run: `python -m benchmarks.registration [--pairs N] [--controls N] [--seed N] [--alone]`.

Ends with 1 where a goal is missed.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace

from benchmarks.registration.figures import Figures, auroc, brier, figures, ratio_of_cpu
from benchmarks.registration.measuring import US, Outcome, outcomes
from benchmarks.registration.pairs import PHOTOGRAPHS, STRETCHED, TONE_CLASSES
from benchmarks.registration.peers import PEERS
from dermfolio.ops.tables import table


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.registration", description=__doc__)
    parser.add_argument("--pairs", type=int, default=1000)
    parser.add_argument("--controls", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--alone", action="store_true", help="without peers")
    wanted = parser.parse_args(arguments)
    peers = {} if wanted.alone else PEERS
    measured = list(outcomes(wanted.pairs, wanted.controls, peers, seed=wanted.seed))
    _print_contestants(measured, [US, *peers])
    _print_classes(measured)
    own = [o for o in measured if o.who == US]
    for o in own:
        if o.accepted != (not o.is_control) or (o.accepted and not o.is_right):
            print(f"{o.kind} {o.number}: accepted {o.accepted}, {o.reason}, {o.pixels:.2f} px, {o.confidence:.3f}")
    return 0 if _goals_met(figures(measured), brier(own), auroc(own)) else 1


def _print_contestants(measured: list[Outcome], names: Sequence[str]) -> None:
    cells = []
    for name in names:
        of = figures(measured, name)
        cpu = "" if len(names) == 1 else f"{ratio_of_cpu(_as_ours(measured, name), 'SIFT + RANSAC'):.2f}"
        cells.append(
            [
                name,
                f"{of.success:.1%}",
                f"{of.hardest[1]:.1%}",
                f"{of.stretched:.1%}",
                f"{of.pixels95:.2f}",
                f"{of.wrong_accepted}",
                f"{of.false_accepts}",
                f"{of.cpu_seconds:.3f}",
                cpu,
            ]
        )
    heads = ("By", "Success", "Hardest skin", "Stretched", "px, 95 %", "Wrong", "False", "CPU s", "By SIFT")
    print("\n" + table(heads, cells, right=tuple(range(1, 9))))


def _as_ours(measured: list[Outcome], name: str) -> list[Outcome]:
    """The outcomes with this contestant in our place, and SIFT as it is."""
    ours = [replace(o, who=US) for o in measured if o.who == name]
    return [*ours, *(o for o in measured if o.who == "SIFT + RANSAC")]


def _print_classes(measured: list[Outcome]) -> None:
    own = [o for o in measured if o.who == US and not o.is_control]
    cells = []
    for kind in (*TONE_CLASSES, PHOTOGRAPHS, STRETCHED):
        some = [o for o in own if o.kind == kind]
        right = sum(o.accepted and o.is_right for o in some)
        off = sorted(o.pixels for o in some)
        cells.append([kind, f"{len(some)}", f"{right / len(some):.1%}", f"{off[len(off) // 2]:.2f}", f"{off[-1]:.2f}"])
    print("\n" + table(("Class", "Pairs", "Success", "px, median", "px, worst"), cells, right=(1, 2, 3, 4)))


def _goals_met(ours: Figures, brier_score: float, area: float) -> bool:
    goals = (
        ("success", f"{ours.success:.2%}", ours.success >= 0.995),
        (f"hardest skin class ({ours.hardest[0]})", f"{ours.hardest[1]:.2%}", ours.hardest[1] >= 0.99),
        ("95 % of corner errors, px at 1024", f"{ours.pixels95:.2f}", ours.pixels95 < 2),
        ("wrong but accepted", f"{ours.wrong_accepted}", not ours.wrong_accepted),
        ("accepted controls", f"{ours.false_accepts}", not ours.false_accepts),
        ("Brier score", f"{brier_score:.4f}", brier_score <= 0.05),
        ("AUROC", f"{area:.4f}", area >= 0.99),
    )
    print(
        "\n"
        + table(("Goal", "Value", ""), [[name, told, "✓" if met else "✗"] for name, told, met in goals], right=(1,))
    )
    return all(met for _, _, met in goals)


if __name__ == "__main__":
    sys.exit(main())
