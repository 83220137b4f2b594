"""How well, how honestly and at what cost two photographs are laid on each other.

`rows()` is the sample of `make bench`: sixty pairs whose alignment is known and sixty controls that nothing aligns.
`python -m benchmarks.registration` is the full run of `make bench-registration`.
"""

from typing import Any

from benchmarks.registration.figures import figures, ratio_of_cpu
from benchmarks.registration.measuring import outcomes
from benchmarks.registration.memory import peak_megabytes
from benchmarks.registration.peers import PEERS
from benchmarks.rows import row

SAMPLE = 60
ANCHOR = "SIFT + RANSAC"
_TRUTH = f"known truth of {SAMPLE} made pairs"


def rows() -> list[dict[str, Any]]:
    """The figures of the sample."""
    measured = list(outcomes(SAMPLE, SAMPLE, {ANCHOR: PEERS[ANCHOR]}))
    ours = figures(measured)
    ratio = ratio_of_cpu(measured, ANCHOR)
    return [
        row("registration.failures", "bound", ours.failures, "pairs", _TRUTH, 1, "lower"),
        row("registration.wrong_accepted", "bound", ours.wrong_accepted, "pairs", _TRUTH, 0, "lower"),
        row("registration.false_accepts", "bound", ours.false_accepts, "pairs", f"{SAMPLE} controls", 0, "lower"),
        row(
            "registration.cpu_vs_sift", "ratio", round(ratio, 3), "x", "default SIFT + RANSAC, full size", 1.0, "lower"
        ),
        row("registration.rss_mb", "bound", round(peak_megabytes()), "MB", "two photographs of 12 MP", 500, "lower"),
    ]
