"""How well, how honestly and at what cost two photographs are laid on each other.

`rows()` is the sample of `make bench`: sixty pairs whose alignment is known and sixty controls that nothing aligns.
`python -m benchmarks.registration` is the full run of `make bench-registration`.
"""

from benchmarks.registration.figures import figures, ratio_of_cpu
from benchmarks.registration.measuring import outcomes
from benchmarks.registration.memory import peak_megabytes
from benchmarks.registration.peers import PEERS
from benchmarks.rows import Row, bound, ratio

SAMPLE = 60
ANCHOR = "SIFT + RANSAC"
_TRUTH = f"known truth of {SAMPLE} made pairs"


def rows() -> list[Row]:
    """The figures of the sample."""
    measured = list(outcomes(SAMPLE, SAMPLE, {ANCHOR: PEERS[ANCHOR]}))
    ours = figures(measured)
    return [
        bound("registration.failures", ours.failures, "pairs", _TRUTH, 1),
        bound("registration.wrong_accepted", ours.wrong_accepted, "pairs", _TRUTH, 0),
        bound("registration.false_accepts", ours.false_accepts, "pairs", f"{SAMPLE} controls", 0),
        ratio("registration.cpu_vs_sift", ratio_of_cpu(measured, ANCHOR), "default SIFT + RANSAC, full size", 1.0),
        bound("registration.rss_mb", peak_megabytes(), "MB", "two photographs of 12 MP", 500),
    ]
