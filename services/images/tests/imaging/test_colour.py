"""Skin reads true, whatever colours the file is written in."""

import io
import struct

import numpy as np
import pytest
import pyvips
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from dermfolio.images.imaging.profiles import adobe_rgb

from .colour_science import delta_e, from_adobe_rgb, from_p3
from .samples import SKIN, Rgb, avif, developed, exif, gif, jpeg, middles, patches, pixels, png, texture, tiff, webp

COLOURS = np.array(SKIN, dtype=float)
R03 = {0x0001: "R03", 0x0002: b"0100"}


def p3() -> bytes:
    return bytes(pyvips.Operation.call("profile_load", "p3"))


def srgb() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


EXACT = [(jpeg, 1), (png, 1), (tiff, 1), (webp, 1.5), (avif, 1.5)]
"""How far colours may be away in the mean: eight-bit luma and chroma, which some formats hold, are twice as coarse."""


@pytest.mark.parametrize(("write", "within"), EXACT)
def test_display_p3_becomes_srgb_within_half_a_just_noticeable_difference(write, within) -> None:
    shown = middles(write(patches(), icc_profile=p3()))
    away = delta_e(shown, from_p3(COLOURS))
    assert away.mean() < within
    assert away.max() < 2 * within


@pytest.mark.parametrize(("write", "within"), EXACT)
def test_adobe_rgb_becomes_srgb(write, within) -> None:
    shown = middles(write(patches(), icc_profile=adobe_rgb()))
    away = delta_e(shown, from_adobe_rgb(COLOURS))
    assert away.mean() < within
    assert away.max() < 2 * within


def test_a_camera_that_says_adobe_rgb_in_exif_alone_is_believed() -> None:
    block = Image.Exif()
    block.get_ifd(0xA005).update(R03)
    block.get_ifd(0x8769)[0xA005] = block.get_ifd(0xA005)
    shown = middles(jpeg(patches(), exif=block.tobytes()))
    assert delta_e(shown, from_adobe_rgb(COLOURS)).mean() < 1


def of_primaries(primaries: int) -> bytes:
    """An AVIF that names its primaries (ITU-T H.273) instead of embedding a profile."""
    said, meant = (b"colrnclx" + struct.pack(">H", n) for n in (1, primaries))
    data = avif(patches())
    assert said in data
    return data.replace(said, meant)


def test_an_avif_that_names_display_p3_without_a_profile_is_believed() -> None:
    assert delta_e(middles(of_primaries(12)), from_p3(COLOURS)).mean() < 1.5
    for unremarkable in (1, 2, 65535):
        assert delta_e(middles(of_primaries(unremarkable)), COLOURS).mean() < 2


@pytest.mark.parametrize("bits", [10, 12])
def test_more_bits_than_screens_have_are_rounded(bits) -> None:
    deep = pyvips.Image.new_from_array(np.asarray(patches()).astype(np.uint16) * 257).copy(interpretation="rgb16")
    data = deep.heifsave_buffer(compression="av1", bitdepth=bits, Q=95, effort=0, subsample_mode="off")
    assert delta_e(middles(data), COLOURS).mean() < 1


def test_an_embedded_profile_counts_more_than_what_exif_says() -> None:
    block = Image.Exif()
    block.get_ifd(0x8769)[0xA005] = R03
    shown = middles(jpeg(patches(), exif=block.tobytes(), icc_profile=srgb()))
    assert delta_e(shown, COLOURS).mean() < 1


def test_srgb_stays_as_it_is_with_and_without_its_profile() -> None:
    for profile in (srgb(), None):
        assert delta_e(middles(png(patches(), icc_profile=profile)), COLOURS).mean() < 1


def truncated_profile() -> bytes:
    return p3()[:200]


def profile_of_noise() -> bytes:
    return np.random.default_rng(1).bytes(600)


def profile_for_inks() -> bytes:
    return bytes(pyvips.Operation.call("profile_load", "cmyk"))


def profile_with_a_wrong_tag_table() -> bytes:
    data = bytearray(p3())
    data[128:132] = b"\xff\xff\xff\xff"
    return bytes(data)


@pytest.mark.parametrize(
    "profile", [truncated_profile, profile_of_noise, profile_for_inks, profile_with_a_wrong_tag_table, lambda: b"\0"]
)
@pytest.mark.parametrize("write", [jpeg, webp, tiff])
def test_a_profile_that_cannot_be_used_is_ignored(write, profile) -> None:
    assert delta_e(middles(write(patches(), icc_profile=profile())), COLOURS).mean() < 1


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.integers(0, 600), st.binary(min_size=1, max_size=8))
def test_no_damage_to_a_profile_costs_the_photograph(at, change) -> None:
    profile = bytearray(p3())
    profile[at : at + len(change)] = change
    developed(jpeg(patches(side=8), icc_profile=bytes(profile)))


def test_grey_becomes_three_equal_channels() -> None:
    for write in (jpeg, png):
        data = write(patches().convert("L"))
        shown = middles(data)
        assert np.ptp(shown, axis=1).max() < 2
        assert np.abs(shown[:, 0] - np.asarray(patches().convert("L"))[32, 32::64]).max() < 2


def test_grey_with_a_profile_for_colour_is_shown_without_it() -> None:
    shown = middles(jpeg(patches().convert("L"), icc_profile=p3()))
    assert np.abs(shown[:, 0] - np.asarray(patches().convert("L"))[32, 32::64]).max() < 2


@pytest.mark.parametrize("write", [png, tiff, gif])
def test_a_palette_becomes_its_colours(write) -> None:
    assert delta_e(middles(write(patches().quantize(16))), COLOURS).mean() < 1


def test_one_bit_becomes_black_and_white() -> None:
    shown = middles(png(patches(((0, 0, 0), (255, 255, 255))).convert("1")), 2)
    assert shown[0].max() < 3
    assert shown[1].min() > 252


def test_sixteen_bits_are_rounded_not_cut_off() -> None:
    ramp = np.repeat(np.arange(0, 65536, 257 * 15, dtype=np.uint16)[None, :] + 0, 64, axis=0)
    ramp = np.clip(np.repeat(ramp, 64, axis=1).astype(np.int64) + 100, 0, 65535).astype(np.uint16)
    shown = pixels(developed(png(Image.fromarray(ramp))).renditions[0].data).astype(float)
    assert np.abs(shown[..., 1] - ramp / 257).mean() < 1


def test_sixteen_bit_colour_with_a_profile_is_transformed() -> None:
    data = pyvips.Image.new_from_array(np.asarray(patches()).astype(np.uint16) * 257).copy(interpretation="rgb16")
    data = data.copy()
    data.set_type(pyvips.GValue.blob_type, "icc-profile-data", p3())
    assert delta_e(middles(data.pngsave_buffer()), from_p3(COLOURS)).mean() < 1


def test_sixteen_bit_grey_and_alpha_are_read() -> None:
    grey = pyvips.Image.new_from_array(np.full((64, 64, 2), 65535, np.uint16)).copy(interpretation="grey16")
    assert pixels(developed(grey.pngsave_buffer()).renditions[0].data).min() > 250


@pytest.mark.parametrize("write", [png, webp, avif, tiff])
def test_transparent_pixels_lie_on_white(write) -> None:
    for alpha, expected in ((255, SKIN[2]), (0, (255, 255, 255))):
        picture = Image.new("RGBA", (64, 64), (*SKIN[2], alpha))
        shown = pixels(developed(write(picture)).renditions[0].data)
        assert np.abs(shown[16:-16, 16:-16].reshape(-1, 3).mean(axis=0) - expected).max() < 3


def test_half_transparent_pixels_are_mixed_with_white() -> None:
    shown = pixels(developed(png(Image.new("RGBA", (64, 64), (100, 50, 20, 128)))).renditions[0].data)
    assert np.abs(shown[16:-16, 16:-16].reshape(-1, 3).mean(axis=0) - [177, 152, 137]).max() < 3


@pytest.mark.parametrize("write", [png, gif])
def test_a_transparent_palette_lies_on_white(write) -> None:
    picture = Image.new("P", (64, 64), 0)
    picture.putpalette([10, 20, 30, 200, 100, 50])
    assert pixels(developed(write(picture, transparency=0)).renditions[0].data).min() > 250


INKS: tuple[tuple[tuple[int, int, int, int], Rgb, float], ...] = (
    ((0, 0, 0, 0), (255, 255, 255), 6),
    ((255, 255, 255, 255), (0, 0, 0), 30),
    ((0, 255, 255, 0), (237, 28, 36), 40),
)
"""Paper, all inks, and red as printed; with the distance in each channel that profiles of presses may differ by."""


@pytest.mark.parametrize("profile", [True, False])
@pytest.mark.parametrize(("inks", "colour", "within"), INKS)
def test_cmyk_is_shown_in_the_colours_of_print(inks, colour, within, profile) -> None:
    options = {"icc_profile": profile_for_inks()} if profile else {}
    shown = pixels(developed(jpeg(Image.new("CMYK", (64, 64), inks), **options)).renditions[0].data)
    assert np.abs(shown.reshape(-1, 3).mean(axis=0) - colour).max() <= within


def test_cmyk_with_a_broken_profile_is_shown_like_cmyk_without_one() -> None:
    inks = Image.new("CMYK", (64, 64), (20, 90, 110, 10))
    broken = pixels(developed(jpeg(inks, icc_profile=profile_of_noise())).renditions[0].data)
    assert np.array_equal(broken, pixels(developed(jpeg(inks)).renditions[0].data))


def test_the_mean_colour_of_a_photograph_is_that_of_the_reference_in_every_rendition() -> None:
    picture = texture(1600, 1200)
    truth = from_p3(np.asarray(picture).astype(float)).reshape(-1, 3).mean(axis=0)
    for rendition in developed(jpeg(picture, icc_profile=p3())).renditions:
        shown = pixels(rendition.data).reshape(-1, 3).mean(axis=0)
        assert delta_e(shown, truth) < 1


def test_adobe_rgb_is_a_profile_that_others_read_too() -> None:
    profile = ImageCms.ImageCmsProfile(io.BytesIO(adobe_rgb()))
    assert "Adobe RGB" in ImageCms.getProfileDescription(profile)
    converted = ImageCms.profileToProfile(
        patches(), profile, ImageCms.createProfile("sRGB"), ImageCms.Intent.RELATIVE_COLORIMETRIC
    )
    assert converted is not None
    assert delta_e(np.asarray(converted)[32, 32::64].astype(float), from_adobe_rgb(COLOURS)).max() < 1


def test_exif_that_says_nothing_of_colour_means_srgb() -> None:
    assert delta_e(middles(jpeg(patches(), exif=exif(main={0x010F: "Lumen"}))), COLOURS).mean() < 1
