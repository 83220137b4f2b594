"""How near renditions are to the photograph: luma SSIM against a downscale made by neither side."""

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps
from skimage.metrics import structural_similarity

Luma = NDArray[np.uint8]


def similarities(originals: list[Path], renditions: dict[tuple[str, int], Path]) -> list[float]:
    """SSIM (Wang et al. 2004, Gaussian window of 1.5 pixels) of each rendition, keyed by stem and size."""

    def of_one(original: Path) -> list[float]:
        upright = _upright_srgb(original)
        return list(_compared(upright, [path for (stem, _), path in renditions.items() if stem == original.stem]))

    with ThreadPoolExecutor(2) as threads:
        return [value for values in threads.map(of_one, originals) for value in values]


def _compared(upright: Image.Image, renditions: list[Path]) -> Iterator[float]:
    for path in renditions:
        with Image.open(path) as rendition:
            reference = upright.resize(rendition.size, Image.Resampling.LANCZOS)
            similarity = structural_similarity(  # type: ignore[no-untyped-call]
                _luma(reference), _luma(rendition), data_range=255, gaussian_weights=True, use_sample_covariance=False
            )
            yield float(similarity)


def _upright_srgb(original: Path) -> Image.Image:
    with Image.open(original) as stored:
        profile = ImageCms.getOpenProfile(io.BytesIO(stored.info["icc_profile"]))
        upright = ImageOps.exif_transpose(stored)
    converted = ImageCms.profileToProfile(upright, profile, ImageCms.createProfile("sRGB"), outputMode="RGB")
    assert converted is not None
    return converted


def _luma(picture: Image.Image) -> Luma:
    return np.asarray(picture.convert("L"))
