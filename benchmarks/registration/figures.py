"""What many outcomes come to."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.registration.measuring import US, Outcome
from benchmarks.registration.pairs import STRETCHED, TONE_CLASSES


@dataclass(frozen=True)
class Figures:
    """Of one contestant."""

    pairs: int
    """Stretched ones do not count, here and below, unless it says so."""
    failures: int
    """Pairs that were refused or aligned wrongly."""
    hardest: tuple[str, float]
    """The class of skin with the least success, and that."""
    pixels95: float
    """95th percentile of the corner error over all pairs, in pixels of a reference of 1024."""
    stretched: float
    """Success of stretched ones."""
    wrong_accepted: int
    """Among all pairs, stretched ones too."""
    false_accepts: int
    """Controls that were accepted."""
    cpu_seconds: float
    """Median of the pairs."""

    @property
    def success(self) -> float:
        """Part of the pairs."""
        return 1 - self.failures / self.pairs


def figures(all_outcomes: Sequence[Outcome], who: str = US) -> Figures:
    """Of one contestant's outcomes; asks for at least one pair of each class and one control."""
    own = [o for o in all_outcomes if o.who == who]
    aligned = [o for o in own if not o.is_control]
    rigid = [o for o in aligned if o.kind != STRETCHED]
    classes = {kind: _success([o for o in rigid if o.kind == kind]) for kind in TONE_CLASSES}
    worst = min(classes, key=lambda kind: classes[kind])
    return Figures(
        pairs=len(rigid),
        failures=sum(not (o.accepted and o.is_right) for o in rigid),
        hardest=(worst, classes[worst]),
        pixels95=float(np.percentile([min(o.pixels, 1e6) for o in rigid], 95)),
        stretched=_success([o for o in aligned if o.kind == STRETCHED]),
        wrong_accepted=sum(o.accepted and not o.is_right for o in aligned),
        false_accepts=sum(o.accepted for o in own if o.is_control),
        cpu_seconds=statistics.median(o.cpu_seconds for o in rigid),
    )


def ratio_of_cpu(all_outcomes: Sequence[Outcome], anchor: str) -> float:
    """Median over the pairs, stretched ones too, of our CPU by the anchor's."""
    ours = {o.number: o.cpu_seconds for o in all_outcomes if o.who == US and not o.is_control}
    theirs = {o.number: o.cpu_seconds for o in all_outcomes if o.who == anchor and not o.is_control}
    return statistics.median(ours[number] / theirs[number] for number in ours)


def brier(own: Sequence[Outcome]) -> float:
    """Mean square of confidence less what was true (Brier, 1950): 0 at best."""
    return statistics.fmean(((o.confidence or 0.0) - o.is_right) ** 2 for o in own)


def auroc(own: Sequence[Outcome]) -> float:
    """How often a right one has a higher confidence than a wrong one (Mann and Whitney, 1947): 1 at best."""
    right = np.array([o.confidence or 0.0 for o in own if o.is_right])
    wrong = np.sort([o.confidence or 0.0 for o in own if not o.is_right])
    above = (np.searchsorted(wrong, right, "left") + np.searchsorted(wrong, right, "right")) / 2  # of equals half
    return float(above.mean() / len(wrong))


def _success(some: Sequence[Outcome]) -> float:
    return statistics.fmean(o.accepted and o.is_right for o in some) if some else 1.0
