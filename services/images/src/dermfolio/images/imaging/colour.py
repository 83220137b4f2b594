"""Colour: whatever the file has, the rendition is 8-bit sRGB (IEC 61966-2-1), so that skin reads true everywhere."""

import pyvips

from dermfolio.images.imaging.profiles import adobe_rgb

_PROFILE = "icc-profile-data"

_DEEP = {pyvips.Interpretation.RGB16, pyvips.Interpretation.GREY16}


def to_srgb(image: pyvips.Image, interoperability: str | None = None) -> pyvips.Image:
    """Convert an image of any space and depth, without alpha, to 3-band 8-bit sRGB.

    An embedded profile is honoured, relative colorimetric with black point compensation: what sRGB can show stays
    exact. A profile that is broken or meant for another number of channels is ignored, and the numbers are taken for
    sRGB, or for the usual inks where they are CMYK. `interoperability` is the Exif tag: `R03` without a profile is
    Adobe RGB (DCF 2.0).
    """
    if image.get_typeof(_PROFILE) == 0 and interoperability == "R03" and image.bands == 3:
        image = image.copy()
        image.set_type(pyvips.GValue.blob_type, _PROFILE, adobe_rgb())
    converted = _through_profile(image) if image.get_typeof(_PROFILE) else None
    if converted is None:
        converted = _without_profile(image)
    return converted.copy(interpretation=pyvips.Interpretation.SRGB)


def flattened(image: pyvips.Image) -> pyvips.Image:
    """Lay transparent pixels on white: every reader, screen or paper, then sees the same picture."""
    if not image.hasalpha():
        return image
    white = 65535.0 if image.interpretation in _DEEP else 255.0
    return image.flatten(background=[white], max_alpha=white)


def _through_profile(image: pyvips.Image) -> pyvips.Image | None:
    try:
        converted = image.icc_transform(
            "srgb", embedded=True, intent=pyvips.Intent.RELATIVE, black_point_compensation=True, depth=8
        )
    except pyvips.Error:  # a profile that cannot be used shows it here, before a pixel is converted
        return None
    return converted if converted.bands == 3 else None


def _without_profile(image: pyvips.Image) -> pyvips.Image:
    if image.interpretation == pyvips.Interpretation.CMYK:
        image = image.copy()
        image.remove(_PROFILE)
        return image.icc_transform(
            "srgb", input_profile="cmyk", intent=pyvips.Intent.RELATIVE, black_point_compensation=True, depth=8
        )
    if image.interpretation in _DEEP:
        # rounded: libvips' own way from 16 to 8 bits cuts off, half a step darker
        image = image.linear(1 / 257, 0.5, uchar=True)
    return image.colourspace(pyvips.Interpretation.SRGB) if image.bands < 3 else image
