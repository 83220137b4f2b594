"""Two photographs in, one alignment or the reason for none out."""

from collections.abc import Callable, Iterator

import numpy as np

from dermfolio.registration.geometry import acceptance, planes, search
from dermfolio.registration.geometry.acceptance import Verdict
from dermfolio.registration.geometry.consensus import consensus
from dermfolio.registration.geometry.features import features
from dermfolio.registration.geometry.matching import matches
from dermfolio.registration.geometry.refinement import LONG_EDGE, Refined, refined
from dermfolio.registration.geometry.rendition import Rendition, rendition
from dermfolio.registration.geometry.values import Alignment, Matrix, Picture, Refusal, fixed

_SMALLEST = 64
"""Pixels along the short edge of the bounded rendition."""
_FLAT = 0.02
"""Part of a rendition that must show any texture at all."""
_CONVINCING = 0.9
"""Confidence, from which on no other way is tried."""
_DETAILS_EDGE, _DETAILS = 384, 1500
"""Long edge and number of details of the attempt by details; more of either find no more."""

Attempt = Callable[[Rendition, Rendition], Matrix | None]
"""A first movement, moving to reference, at full resolution."""


def align(reference: Picture, moving: Picture) -> Alignment:
    """How to lay `moving` on `reference`: two photographs, rows by columns by 3 of uint8, sRGB.

    It works on renditions of at most 512 pixels, whatever the size; what it gives holds at the size of the arrays. The
    same arrays give the same alignment. A photograph that is mirrored, shows something else, or fits in several ways is
    refused with its reason. Raises ValueError for arrays of another shape or type.
    """
    target, source = rendition(reference, LONG_EDGE), rendition(moving, LONG_EDGE)
    if min(*target.size, *source.size) < _SMALLEST:
        return _refused(Refusal.TOO_SMALL)
    if not (_is_textured(target) and _is_textured(source)):
        return _refused(Refusal.FEATURELESS)
    best: tuple[Refined, Verdict] | None = None
    reason = Refusal.NO_CONSENSUS
    for found in movements(target, source):
        if isinstance(found, Refusal):
            reason = found if found is Refusal.IMPLAUSIBLE else reason
            continue
        verdict = acceptance.judged(found)
        if best is None or _rank(verdict) > _rank(best[1]):
            best = (found, verdict)
        if verdict.reason is None and verdict.confidence >= _CONVINCING:
            break
    return _refused(reason) if best is None else _told(*best)


def movements(reference: Rendition, moving: Rendition) -> Iterator[Refined | Refusal]:
    """What each way leads to, the cheapest first."""
    attempts: tuple[Attempt, ...] = (_by_area(search.NEAR), _by_details, _by_area(search.ROUND))
    for attempt in attempts:
        first = attempt(reference, moving)
        yield Refusal.NO_CONSENSUS if first is None else refined(reference, moving, first)


def _by_area(turns: tuple[float, ...]) -> Attempt:
    def attempt(reference: Rendition, moving: Rendition) -> Matrix:
        small, other = reference.at_most(search.LONG_EDGE), moving.at_most(search.LONG_EDGE)
        peaks = search.searched(small, other, turns)
        return np.asarray(small.to_full @ peaks[0].matrix @ planes.inverse(other.to_full))

    return attempt


def _by_details(reference: Rendition, moving: Rendition) -> Matrix | None:
    small, other = reference.at_most(_DETAILS_EDGE), moving.at_most(_DETAILS_EDGE)
    matrix = consensus(matches(features(other, _DETAILS), features(small, _DETAILS)))
    return None if matrix is None else small.to_full @ matrix @ planes.inverse(other.to_full)


def _rank(verdict: Verdict) -> tuple[bool, float]:
    return verdict.reason is None, verdict.confidence


def _is_textured(of: Rendition) -> bool:
    small = of.at_most(search.LONG_EDGE)
    return float((np.abs(small.normalised) > 0.5).mean()) > _FLAT


def _told(found: Refined, verdict: Verdict) -> Alignment:
    return Alignment(
        accepted=verdict.reason is None,
        matrix=fixed(found.matrix),
        model=found.fit.model,
        confidence=verdict.confidence,
        residual=found.residual,
        overlap=found.overlap,
        inliers=found.evidence.agreeing,
        reason=verdict.reason,
    )


def _refused(reason: Refusal) -> Alignment:
    return Alignment(
        accepted=False,
        matrix=None,
        model=None,
        confidence=0.0,
        residual=None,
        overlap=0.0,
        inliers=0,
        reason=reason,
    )
