"""Real photographs and textures: those that the wheel of scikit-image carries, none of them of skin."""

import functools
from pathlib import Path

import cv2
import numpy as np
import skimage
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""Rows of columns of (red, green, blue)."""

NAMES = (
    "astronaut.png",
    "brick.png",
    "camera.png",
    "chelsea.png",
    "coffee.png",
    "coins.png",
    "grass.png",
    "gravel.png",
    "hubble_deep_field.jpg",
    "ihc.png",
    "moon.png",
    "motorcycle_left.png",
    "page.png",
    "retina.jpg",
    "rocket.jpg",
    "text.png",
)


@functools.cache
def source(name: str) -> Picture:
    """The picture, as large as it comes."""
    found = cv2.imread(str(Path(skimage.__file__).parent / "data" / name), cv2.IMREAD_COLOR)
    if found is None:
        raise FileNotFoundError(name)
    return np.asarray(cv2.cvtColor(found, cv2.COLOR_BGR2RGB), dtype=np.uint8)
