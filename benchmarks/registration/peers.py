"""What others would do: details of OpenCV and a robust homography, accepted by the rule of panoramas."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from benchmarks.registration.pairs import Matrix
from benchmarks.registration.sources import Picture

_RATIO = 0.75
_TOLERANCE = 3.0
_MOST = 5000


@dataclass(frozen=True)
class Answer:
    """What a peer says of a pair: moving to reference, and whether it believes so."""

    matrix: Matrix | None
    accepted: bool


Peer = Callable[[Picture, Picture], Answer]


def sift_ransac(reference: Picture, moving: Picture) -> Answer:
    """Default SIFT at full resolution, ratio 0.75, RANSAC: the anchor of `registration.cpu_vs_sift`."""
    return _by_details(cv2.SIFT.create(), cv2.NORM_L2, cv2.RANSAC, _grey(reference), _grey(moving))


def sift_magsac(reference: Picture, moving: Picture) -> Answer:
    """The same with MAGSAC++."""
    return _by_details(cv2.SIFT.create(), cv2.NORM_L2, cv2.USAC_MAGSAC, _grey(reference), _grey(moving))


def orb_ransac(reference: Picture, moving: Picture) -> Answer:
    """ORB with 5,000 details."""
    return _by_details(cv2.ORB.create(_MOST), cv2.NORM_HAMMING, cv2.RANSAC, _grey(reference), _grey(moving))


def tuned_sift(reference: Picture, moving: Picture) -> Answer:
    """For faint details: CLAHE, contrast threshold 0.01, RootSIFT, ratio 0.85, 3,000 at half resolution, MAGSAC++."""
    evened = cv2.createCLAHE(2.0, (8, 8))
    half = [
        np.asarray(evened.apply(cv2.resize(_grey(p), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)), np.uint8)
        for p in (reference, moving)
    ]
    detector = cv2.SIFT.create(3000, contrastThreshold=0.01)
    answer = _by_details(detector, cv2.NORM_L2, cv2.USAC_MAGSAC, half[0], half[1], ratio=0.85, rooted=True)
    if answer.matrix is None:
        return answer
    back = np.array([[2, 0, 0.5], [0, 2, 0.5], [0, 0, 1]])
    matrix = back @ answer.matrix @ np.linalg.inv(back)
    return Answer(np.asarray(matrix / matrix[2, 2]), answer.accepted)


PEERS: dict[str, Peer] = {
    "SIFT + RANSAC": sift_ransac,
    "SIFT + MAGSAC++": sift_magsac,
    "ORB + RANSAC": orb_ransac,
    "SIFT tuned for skin": tuned_sift,
}


def _grey(picture: Picture) -> Picture:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def _by_details(
    detector: cv2.Feature2D,
    norm: int,
    method: int,
    reference: Picture,
    moving: Picture,
    *,
    ratio: float = _RATIO,
    rooted: bool = False,
) -> Answer:
    there, described_there = detector.detectAndCompute(reference, None)
    here, described_here = detector.detectAndCompute(moving, None)
    if len(there) < 2 or len(here) < 2:
        return Answer(None, accepted=False)
    a, b = np.asarray(described_here), np.asarray(described_there)
    if rooted:
        a, b = (np.sqrt(d / np.maximum(d.sum(axis=1, keepdims=True), 1e-9)).astype(np.float32) for d in (a, b))
    two = cv2.BFMatcher(norm).knnMatch(a, b, k=2)
    kept = [first for first, second in two if first.distance < ratio * second.distance]
    if len(kept) < 4:
        return Answer(None, accepted=False)
    source = np.array([here[match.queryIdx].pt for match in kept])
    target = np.array([there[match.trainIdx].pt for match in kept])
    matrix, inliers = cv2.findHomography(source, target, method, _TOLERANCE)
    if matrix is None or not np.isfinite(matrix).all() or abs(matrix[2, 2]) < 1e-12:
        return Answer(None, accepted=False)
    # Brown and Lowe, Automatic panoramic image stitching using invariant features, IJCV 2007, 3.2
    believed = int(np.asarray(inliers).sum()) > 8.0 + 0.3 * len(kept)
    return Answer(np.asarray(matrix / matrix[2, 2], dtype=np.float64), accepted=believed)
