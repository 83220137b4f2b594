"""Details to be found again: SIFT (Lowe, IJCV 2004), described as RootSIFT (Arandjelović, Zisserman, CVPR 2012)."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from dermfolio.registration.geometry.rendition import Rendition
from dermfolio.registration.geometry.values import Points

_CONTRAST = 0.01
"""Instead of SIFT's 0.04, which finds next to nothing on skin."""


@dataclass(frozen=True)
class Features:
    """n details of one rendition."""

    places: Points
    angles: NDArray[np.float64]
    """Radians."""
    scales: NDArray[np.float64]
    """Diameters, in pixels."""
    described: NDArray[np.float32]
    """n by 128; each row has the length 1."""

    def __len__(self) -> int:
        return len(self.places)


def features(of: Rendition, most: int) -> Features:
    """At most this many, those with the strongest contrast."""
    detector = cv2.SIFT.create(nfeatures=most, contrastThreshold=_CONTRAST)
    keypoints, found = detector.detectAndCompute(of.evened, None)
    if not keypoints:
        nothing = np.empty(0)
        return Features(np.empty((0, 2)), nothing, nothing, np.empty((0, 128), dtype=np.float32))
    keypoints, described = keypoints[:most], np.asarray(found, dtype=np.float32)[:most]  # of equals it gives all
    root = np.sqrt(described / np.maximum(described.sum(axis=1, keepdims=True), 1e-9))
    return Features(
        places=np.array([k.pt for k in keypoints], dtype=np.float64),
        angles=np.radians([k.angle for k in keypoints]),
        scales=np.array([k.size for k in keypoints], dtype=np.float64),
        described=np.asarray(root, dtype=np.float32),
    )
