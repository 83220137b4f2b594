"""Colour: whatever the file has, the rendition is 8-bit sRGB (IEC 61966-2-1), so that skin reads true everywhere."""

import pyvips

_PROFILE = "icc-profile-data"

_CMYK = pyvips.Interpretation.CMYK
_DEEP = {pyvips.Interpretation.RGB16, pyvips.Interpretation.GREY16}
_LAB = {pyvips.Interpretation.LAB, pyvips.Interpretation.LABS}
_COLOURS = {_CMYK: 4, pyvips.Interpretation.B_W: 1, pyvips.Interpretation.GREY16: 1}
"""Bands that are colour, where they are not three."""


def to_srgb(image: pyvips.Image, meant: bytes | None = None) -> pyvips.Image:
    """Convert an image of any space, of 8 or 16 bits, without alpha, to 3-band 8-bit sRGB.

    An embedded profile is honoured, relative colorimetric with black point compensation: what sRGB can show stays
    exact. A profile that is broken or meant for another number of channels is ignored, and the numbers are taken for
    sRGB, or for the usual inks where they are CMYK. `meant` is the profile that the file means though it embeds none.
    """
    if image.interpretation in _LAB:
        return _from_lab(image)
    if meant is not None and image.get_typeof(_PROFILE) == 0 and image.bands == 3:
        image = image.copy()
        image.set_type(pyvips.GValue.blob_type, _PROFILE, meant)
    converted = _through_profile(image) if image.get_typeof(_PROFILE) else None
    if converted is None:
        converted = _without_profile(image)
    return converted.copy(interpretation=pyvips.Interpretation.SRGB)


def opaque(image: pyvips.Image, white: float, *, has_alpha: bool = True) -> pyvips.Image:
    """The colours alone, transparent pixels on white: every reader, screen or paper, then sees the same picture."""
    colours = _COLOURS.get(image.interpretation, 3)
    if image.bands > colours + has_alpha:
        image = image.extract_band(0, n=colours + has_alpha)
    if image.bands == colours:
        return image
    paper = 0.0 if image.interpretation == _CMYK else white
    return image.flatten(background=[paper], max_alpha=white)


def lab(image: pyvips.Image) -> pyvips.Image:
    """CIE L*a*b* of three bands of bytes, of which a* and b* are 128 at neutral."""
    return image.linear([100 / 255, 1, 1], [0, -128, -128]).copy(interpretation=pyvips.Interpretation.LAB)


def without_sign(image: pyvips.Image) -> pyvips.Image:
    """L*a*b* in bytes as TIFF has it (TIFF 6.0, section 23), but neutral at 128, so that it can be shrunk."""
    return image.extract_band(0, n=3) ^ [0, 128, 128]


def _from_lab(image: pyvips.Image) -> pyvips.Image:
    """Files hold L*a*b* of the printer's white (D50), which is that of profiles, not of libvips' own conversion."""
    return image.colourspace(pyvips.Interpretation.LAB).icc_export(
        output_profile="srgb", intent=pyvips.Intent.RELATIVE, black_point_compensation=True, depth=8
    )


def _through_profile(image: pyvips.Image) -> pyvips.Image | None:
    try:
        converted = image.icc_transform(
            "srgb", embedded=True, intent=pyvips.Intent.RELATIVE, black_point_compensation=True, depth=8
        )
    except pyvips.Error:  # a profile that cannot be used shows it here, before a pixel is converted
        return None
    return converted if converted.bands == 3 else None


def _without_profile(image: pyvips.Image) -> pyvips.Image:
    if image.interpretation == _CMYK:
        image = image.copy()
        image.remove(_PROFILE)
        return image.icc_transform(
            "srgb", input_profile="cmyk", intent=pyvips.Intent.RELATIVE, black_point_compensation=True, depth=8
        )
    if image.interpretation in _DEEP:
        # rounded: libvips' own way from 16 to 8 bits cuts off, half a step darker
        image = image.linear(1 / 257, 0.5, uchar=True)
    return image.colourspace(pyvips.Interpretation.SRGB) if image.bands < 3 else image
