"""Peak memory of a process that does nothing but align two photographs of 12 megapixels.

`python -m benchmarks.registration.memory` is that process; it prints megabytes.
"""

import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np

from dermfolio.registration.geometry import align

_ROWS, _COLUMNS = 3000, 4000


def peak_megabytes() -> float:
    """Of a process of its own: the peak of its resident set, made of two arrays and the work."""
    command = [sys.executable, "-m", "benchmarks.registration.memory"]
    told = subprocess.run(command, cwd=Path(__file__).parents[2], check=True, capture_output=True, text=True)
    return float(told.stdout)


def _pair() -> list[np.ndarray[tuple[int, ...], np.dtype[np.uint8]]]:
    rng = np.random.default_rng(1)
    coarse = rng.integers(60, 200, (_ROWS // 12, _COLUMNS // 12, 3), dtype=np.uint8)
    scene = np.asarray(cv2.resize(coarse, (_COLUMNS, _ROWS), interpolation=cv2.INTER_CUBIC), dtype=np.uint8)
    turned = np.asarray(cv2.getRotationMatrix2D((_COLUMNS / 2, _ROWS / 2), 8, 1.05), dtype=np.float64)
    return [scene, np.asarray(cv2.warpAffine(scene, turned, (_COLUMNS, _ROWS)), dtype=np.uint8)]


if __name__ == "__main__":
    reference, moving = _pair()
    assert align(reference, moving).accepted
    # not ru_maxrss: that starts with the peak of the process it was started by
    peak = Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]
    print(int(peak) / 1024)
