"""A full rendition is made where a browser would not show the original itself as the photograph that it is."""

import io
import zlib

import numpy as np
import pytest
import pyvips
from PIL import Image, ImageOps

from dermfolio.images.imaging import FULL, Developed, Limits, Rendition
from dermfolio.images.imaging.develop import develop

from .samples import avif, corners, developed, exif, gif, jpeg, png, texture, tiff, webp

ORIENTATION, INTEROPERABILITY = 0x0112, 0xA005


def full(data: bytes, limits: Limits | None = None) -> Rendition | None:
    found = [r for r in developed(data, limits).renditions if r.size == FULL]
    return found[0] if found else None


def opened(rendition: Rendition | None) -> Image.Image:
    assert rendition is not None
    picture = Image.open(io.BytesIO(rendition.data))
    assert (picture.format, picture.mode, picture.size) == ("PNG", "RGB", (rendition.width, rendition.height))
    return picture


def adobe_rgb_camera(picture: Image.Image) -> bytes:
    block = Image.Exif()
    block.get_ifd(0x8769)[INTEROPERABILITY] = {0x0001: "R03"}
    return jpeg(picture, exif=block.tobytes())


@pytest.mark.parametrize("write", [jpeg, png, webp, avif])
def test_what_browsers_show_has_none(write) -> None:
    assert full(write(texture())) is None
    grey = write(texture().convert("L"))
    assert full(grey) is None


def test_a_jpeg_that_browsers_turn_themselves_has_none() -> None:
    assert full(jpeg(corners(), exif=exif(main={ORIENTATION: 6}))) is None


@pytest.mark.req("POOL-2")
@pytest.mark.parametrize("write", [tiff, gif])
def test_what_browsers_do_not_show_has_one_with_every_pixel(write) -> None:
    picture = texture(3000, 200).quantize(64).convert("RGB")
    rendition = full(write(picture))
    assert np.array_equal(np.asarray(opened(rendition)), np.asarray(picture))
    assert rendition is not None
    assert rendition.media_type == "image/png"
    assert [r.size for r in developed(write(picture)).renditions] == [2560, 1280, 320, FULL]


def test_inks_and_colours_that_only_cameras_know_have_one() -> None:
    inks = opened(full(jpeg(Image.new("CMYK", (64, 48), (0, 255, 255, 0)))))
    assert np.abs(np.asarray(inks)[20, 20].astype(int) - (237, 28, 36)).max() < 40
    wide = opened(full(adobe_rgb_camera(Image.new("RGB", (64, 48), (199, 134, 108)))))
    red, green, _ = np.asarray(wide)[20, 20]
    assert red > 210
    assert abs(int(green) - 134) < 4


def test_adobe_rgb_with_its_profile_has_none() -> None:
    from dermfolio.images.imaging.profiles import adobe_rgb

    assert full(jpeg(texture(), icc_profile=adobe_rgb())) is None


@pytest.mark.parametrize("orientation", range(2, 9))
@pytest.mark.parametrize("write", [tiff, png, webp])
def test_it_is_upright(write, orientation) -> None:
    data = write(corners(), exif=exif(main={ORIENTATION: orientation}), **({"lossless": True} if write is webp else {}))
    with Image.open(io.BytesIO(data)) as stored:
        expected = np.asarray(ImageOps.exif_transpose(stored).convert("RGB"))
    assert np.array_equal(np.asarray(opened(full(data))), expected)


def test_it_carries_no_metadata() -> None:
    block = exif({0x9003: "2024:05:06 07:08:09"}, main={0x010E: "the patient's name"})
    profile = bytes(pyvips.Operation.call("profile_load", "p3"))
    rendition = full(tiff(texture(), exif=block, icc_profile=profile, description="the patient's name", dpi=(300, 300)))
    assert rendition is not None
    assert kinds(rendition.data) <= {b"IHDR", b"IDAT", b"IEND", b"pHYs"}
    assert b"patient" not in rendition.data


def kinds(data: bytes) -> set[bytes]:
    at, found = 8, set()
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        found.add(data[at + 4 : at + 8])
        assert zlib.crc32(data[at + 4 : at + 8 + size]) == int.from_bytes(data[at + 8 + size : at + 12 + size], "big")
        at += 12 + size
    return found


def test_it_is_left_out_where_it_would_be_too_large() -> None:
    data = tiff(texture(600, 400))
    whole = full(data)
    assert whole is not None
    assert full(data, Limits(full_bytes=len(whole.data))) == whole
    short = develop(data, Limits(full_bytes=len(whole.data) - 1))
    assert isinstance(short, Developed)
    assert [r.size for r in short.renditions] == [2560, 1280, 320]
