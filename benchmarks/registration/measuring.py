"""Pairs and controls, one after the other, by us and by peers, each with the CPU that it took."""

import math
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import cv2
import numpy as np

from benchmarks.registration.pairs import Matrix, Pair, control, corner_error, pair
from benchmarks.registration.peers import Answer, Peer
from benchmarks.registration.sources import Picture
from dermfolio.registration.geometry import align

US = "Dermfolio"
SUCCESS = 0.01
"""Of the reference's diagonal: the mean corner error from which on an alignment is wrong."""


@dataclass(frozen=True)
class Outcome:
    """What one contestant made of one pair."""

    who: str
    kind: str
    number: int
    is_control: bool
    accepted: bool
    confidence: float | None
    """Of ours alone."""
    part: float
    """Mean corner error as a part of the diagonal; infinite without a matrix, and of controls."""
    pixels: float
    """The same, in pixels of a reference whose long edge has 1024."""
    cpu_seconds: float
    reason: str

    @property
    def is_right(self) -> bool:
        """Whether the matrix is, accepted or not."""
        return self.part < SUCCESS


def outcomes(pairs: int, controls: int, peers: Mapping[str, Peer], *, seed: int = 0) -> Iterator[Outcome]:
    """By everybody, pair after pair; who begins changes from pair to pair."""
    cv2.setNumThreads(1)
    contestants: dict[str, Peer | None] = {US: None, **peers}
    names = list(contestants)
    for make, count in ((pair, pairs), (control, controls)):
        for number in range(count):
            made = make(number, seed)
            first = number % len(names)
            for name in names[first:] + names[:first]:
                yield _of(name, contestants[name], made, number)
            if sys.stderr.isatty():
                print(f"\r{make.__name__} {number + 1} of {count}", end="", file=sys.stderr)


def _of(who: str, peer: Peer | None, made: Pair, number: int) -> Outcome:
    begun = time.process_time()
    answer, confidence, reason = _ours(made.reference, made.moving) if peer is None else _theirs(peer, made)
    cpu = time.process_time() - begun
    off = math.inf if made.truth is None or answer.matrix is None else corner_error(answer.matrix, made)
    rows, columns = made.reference.shape[:2]
    return Outcome(
        who=who,
        kind=made.kind,
        number=number,
        is_control=made.truth is None,
        accepted=answer.accepted,
        confidence=confidence,
        part=off / math.hypot(rows, columns),
        pixels=off * 1024 / max(rows, columns),
        cpu_seconds=cpu,
        reason=reason,
    )


def _ours(reference: Picture, moving: Picture) -> tuple[Answer, float, str]:
    found = align(reference, moving)
    matrix: Matrix | None = None if found.matrix is None else np.asarray(found.matrix)
    return Answer(matrix, found.accepted), found.confidence, found.reason or ""


def _theirs(peer: Peer, made: Pair) -> tuple[Answer, None, str]:
    return peer(made.reference, made.moving), None, ""
