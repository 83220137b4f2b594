"""Colour: whatever the file has, the rendition is 8-bit sRGB (IEC 61966-2-1), so that skin reads true everywhere."""

import pyvips

_CMYK_FALLBACK = "cmyk"
"""libvips' built-in profile for CMYK files without a usable one of their own."""

_PROFILE = "icc-profile-data"


def to_srgb(image: pyvips.Image) -> pyvips.Image:
    """Convert an image of any space and depth to 3-band 8-bit sRGB.

    An embedded profile is honoured (relative colorimetric with black point compensation off, as browsers do); a
    broken one is ignored, and the numbers are taken for sRGB.
    """
    converted = _through_profile(image)
    if converted is None:
        converted = image.colourspace(pyvips.Interpretation.SRGB)
    if converted.bands > 3:
        converted = converted[:3]
    return converted if converted.format == pyvips.BandFormat.UCHAR else converted.cast(pyvips.BandFormat.UCHAR)


def flattened(image: pyvips.Image) -> pyvips.Image:
    """Lay transparent pixels on white: every reader, screen or paper, then sees the same picture."""
    if not image.hasalpha():
        return image
    deep = image.interpretation in {pyvips.Interpretation.RGB16, pyvips.Interpretation.GREY16}
    return image.flatten(background=[65535.0 if deep else 255.0])


def _through_profile(image: pyvips.Image) -> pyvips.Image | None:
    is_cmyk = image.interpretation == pyvips.Interpretation.CMYK
    if image.get_typeof(_PROFILE) == 0 and not is_cmyk:
        return None
    try:
        # evaluated here, on the bounded picture in memory: a profile that cannot be used shows it now
        return image.icc_transform(
            "srgb",
            embedded=True,
            input_profile=_CMYK_FALLBACK if is_cmyk else "srgb",
            intent=pyvips.Intent.RELATIVE,
            depth=8,
        ).copy_memory()
    except pyvips.Error:
        return image.icc_transform("srgb", input_profile=_CMYK_FALLBACK, depth=8) if is_cmyk else None
