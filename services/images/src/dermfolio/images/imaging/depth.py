"""Samples of every kind as whole numbers of 8 or 16 bits."""

import pyvips

_WHITE = {"uchar": 255.0, "ushort": 65535.0, "char": 127.0, "short": 32767.0}
_GUESSES = {"int": (255.0, 65535.0, 2.0**31 - 1), "uint": (255.0, 65535.0, 2.0**32 - 1), "float": (255.0, 65535.0)}
_LINEAR = 2.0
"""Largest number of a picture whose samples are taken for light from 0 to 1: highlights exceed it a little."""

_LAB = {pyvips.Interpretation.LAB, pyvips.Interpretation.LABS}


def is_measured(image: pyvips.Image) -> bool:
    """Whether only the picture itself can tell which number is white: no standard does for samples of 32 bits."""
    return image.format in _GUESSES and image.interpretation not in _LAB


def white(image: pyvips.Image) -> float:
    """The number that stands for white; 1 for light. Reads the whole picture where it `is_measured`."""
    if not is_measured(image):
        return _WHITE.get(image.format, 255.0)
    most = float(finite(image).max())
    if image.format == "float" and most <= _LINEAR:
        return 1.0
    return next((guess for guess in _GUESSES[image.format] if most <= guess), most)


def finite(image: pyvips.Image) -> pyvips.Image:
    """Without numbers that are none, and without those that would swallow their neighbours."""
    if image.format != "float":
        return image
    return (abs(image) <= 1e9).ifthenelse(image, 0)


def whole(image: pyvips.Image, white: float) -> pyvips.Image:
    """8- or 16-bit samples of a picture without transparency; light becomes sRGB unless a profile says what it is."""
    if image.format in {"uchar", "ushort"} or image.interpretation in _LAB:
        return image
    if white == 1.0 and image.bands in {1, 3} and image.get_typeof("icc-profile-data") == 0:
        light = image if image.bands == 3 else image.bandjoin([image, image])
        return light.copy(interpretation=pyvips.Interpretation.SCRGB).colourspace(pyvips.Interpretation.RGB16)
    named = pyvips.Interpretation.GREY16 if image.bands == 1 else pyvips.Interpretation.RGB16
    if image.interpretation == pyvips.Interpretation.CMYK:
        named = pyvips.Interpretation.CMYK
    return image.linear(65535 / white, 0.5).cast("ushort").copy(interpretation=named)
