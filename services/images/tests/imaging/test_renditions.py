"""Renditions: upright, never enlarged, bare of everything but the picture."""

import io
import struct
import zipfile
from collections.abc import Callable

import numpy as np
import pytest
import pyvips
from PIL import Image, ImageOps, TiffImagePlugin

from dermfolio.images.imaging import CaptureFacts
from dermfolio.images.imaging.develop import SIZES

from .samples import avif, corners, developed, exif, gif, jpeg, pixels, png, texture, tiff, webp
from .tiff_files import directory

ORIENTATION = 0x0112
GPS = 0x8825
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><secret/></x:xmpmeta>'


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("write", [jpeg, png, webp, tiff])
def test_every_orientation_is_turned_upright(write, orientation) -> None:
    data = write(corners(), exif=exif(main={ORIENTATION: orientation}))
    with Image.open(io.BytesIO(data)) as stored:
        upright = np.asarray(ImageOps.exif_transpose(stored).convert("RGB"))
    photograph = developed(data)
    assert (photograph.height, photograph.width) == upright.shape[:2]
    assert photograph.capture.orientation == orientation
    for rendition in photograph.renditions[:3]:
        shown = pixels(rendition.data)
        assert shown.shape == upright.shape == (rendition.height, rendition.width, 3)
        for row, column in ((10, 10), (10, -10), (-10, 10), (-10, -10)):
            assert np.abs(shown[row, column].astype(int) - upright[row, column]).max() < 40


@pytest.mark.parametrize("orientation", range(1, 9))
def test_an_avif_is_turned_by_its_own_properties_and_not_once_more(orientation) -> None:
    data = avif(corners(), exif=exif(main={ORIENTATION: orientation}))  # Pillow writes irot and imir for it
    with Image.open(io.BytesIO(jpeg(corners(), exif=exif(main={ORIENTATION: orientation})))) as stored:
        upright = np.asarray(ImageOps.exif_transpose(stored).convert("RGB"))
    photograph = developed(data)
    shown = pixels(photograph.renditions[0].data)
    assert (photograph.height, photograph.width) == shown.shape[:2] == upright.shape[:2]
    assert photograph.capture.orientation == 1
    for row, column in ((10, 10), (10, -10), (-10, 10), (-10, -10)):
        assert np.abs(shown[row, column].astype(int) - upright[row, column]).max() < 40


def test_what_the_exif_block_of_an_avif_says_of_orientation_counts_for_nothing() -> None:
    resolution_unit = 0x0128
    data = avif(corners(), exif=exif(main={resolution_unit: 2}))  # Pillow itself writes no orientation into it
    said, lied = (struct.pack(">HHIHH", tag, 3, 1, value, 0) for tag, value in ((resolution_unit, 2), (ORIENTATION, 6)))
    assert said in data
    photograph = developed(data.replace(said, lied))
    assert (photograph.width, photograph.height, photograph.capture.orientation) == (96, 64, 1)


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_does_not_exist_turns_nothing(orientation) -> None:
    photograph = developed(jpeg(corners(), exif=exif(main={ORIENTATION: orientation})))
    assert (photograph.width, photograph.height, photograph.capture.orientation) == (96, 64, 1)


def test_each_long_edge_is_the_size_asked_for() -> None:
    photograph = developed(jpeg(texture(3000, 2000)))
    assert [(r.size, r.width, r.height) for r in photograph.renditions] == [
        (2560, 2560, 1707),
        (1280, 1280, 853),
        (320, 320, 213),
    ]
    assert (photograph.width, photograph.height) == (3000, 2000)


def test_a_small_photograph_keeps_its_size_in_each_rendition() -> None:
    photograph = developed(jpeg(texture(200, 300)))
    assert [(r.size, r.width, r.height) for r in photograph.renditions] == [(size, 200, 300) for size in SIZES]
    assert len({r.data for r in photograph.renditions}) == 1


def test_a_photograph_between_two_sizes_is_enlarged_in_none() -> None:
    photograph = developed(jpeg(texture(600, 1000)))
    assert [(r.width, r.height) for r in photograph.renditions] == [(600, 1000), (600, 1000), (192, 320)]


@pytest.mark.parametrize(("width", "height"), [(1, 1), (1, 9000), (9000, 1), (7, 20000)])
def test_the_narrowest_pictures_keep_a_pixel(width, height) -> None:
    for rendition in developed(png(Image.new("RGB", (width, height), (200, 150, 120)))).renditions:
        assert pixels(rendition.data).shape == (rendition.height, rendition.width, 3)
        assert min(rendition.width, rendition.height) >= 1
        assert max(rendition.width, rendition.height) == min(rendition.size, max(width, height))


@pytest.mark.parametrize("write", [jpeg, webp])
def test_a_photograph_that_the_decoder_halves_is_shown_whole(write) -> None:
    side = 5300
    picture = Image.new("RGB", (side, 801), (200, 140, 110))
    picture.paste((90, 40, 30), (side - 400, 0, side, 801))
    photograph = developed(write(picture, quality=85))
    assert (photograph.width, photograph.height) == (side, 801)
    largest = photograph.renditions[0]
    assert (largest.width, largest.height) == (2560, 387)
    shown = pixels(largest.data)
    assert np.abs(shown[:, :2300].reshape(-1, 3).mean(axis=0) - [200, 140, 110]).max() < 2
    assert np.abs(shown[:, -150:].reshape(-1, 3).mean(axis=0) - [90, 40, 30]).max() < 2


def with_everything() -> bytes:
    block = Image.Exif()
    block[0x010E] = "the patient's name"
    block.get_ifd(0x8769)[0x9003] = "2024:05:06 07:08:09"
    block.get_ifd(GPS).update({1: "N", 2: (47.0, 22.0, 40.0)})
    comment = b"a comment"
    data = jpeg(texture(), exif=block.tobytes(), icc_profile=bytes(pyvips.Operation.call("profile_load", "p3")))
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00\x00\x10\x1c\x02\x78\x00\x0bthe patient"
    segments = [
        (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP),
        (0xED, iptc),
        (0xFE, comment),
    ]
    extra = b"".join(bytes([0xFF, kind]) + (len(body) + 2).to_bytes(2, "big") + body for kind, body in segments)
    return data[:2] + extra + data[2:]


def chunks(webp: bytes) -> list[bytes]:
    at, kinds = 12, []
    while at < len(webp):
        kinds.append(webp[at : at + 4])
        size = int.from_bytes(webp[at + 4 : at + 8], "little")
        at += 8 + size + size % 2
    return kinds


PATIENT = b"the patient's name"


def marked(write: Callable[..., bytes]) -> bytes:
    """A file with everything that its format can carry beside the picture, as far as Pillow writes it."""
    block = Image.Exif()
    block[0x010E] = PATIENT.decode()
    block.get_ifd(0x8769)[0x9003] = "2024:05:06 07:08:09"
    block.get_ifd(GPS).update({1: "N", 2: (47.0, 22.0, 40.0)})
    profile = bytes(pyvips.Operation.call("profile_load", "p3"))
    xmp = XMP.replace(b"secret", b'secret name="' + PATIENT + b'"')
    if write is gif:
        return gif(texture(), comment=PATIENT)
    if write is tiff:
        tags = TiffImagePlugin.ImageFileDirectory_v2()
        tags[270], tags[700], tags[33723], tags[34377] = PATIENT.decode(), xmp, PATIENT, b"8BIM\4\4" + PATIENT
        thumbnail = texture(64, 48)
        return tiff(texture(), tiffinfo=tags, icc_profile=profile, save_all=True, append_images=[thumbnail])
    return write(texture(), exif=block.tobytes(), icc_profile=profile, xmp=xmp)


@pytest.mark.parametrize("write", [webp, avif, tiff, gif])
def test_nothing_that_a_file_carries_beside_its_picture_is_in_a_rendition(write) -> None:
    data = marked(write)
    assert PATIENT in data
    for rendition in developed(data).renditions[:3]:
        assert chunks(rendition.data) == [b"VP8 "]


def test_a_rendition_holds_the_picture_and_nothing_else() -> None:
    data = with_everything()
    with Image.open(io.BytesIO(data)) as original:
        assert {"exif", "icc_profile", "xmp", "comment"} <= original.info.keys()
        assert original.getexif().get_ifd(GPS)
    for rendition in developed(data).renditions:
        assert chunks(rendition.data) == [b"VP8 "]


def test_a_thumbnail_in_the_exif_block_is_neither_shown_nor_kept() -> None:
    thumbnail = jpeg(Image.new("RGB", (64, 48), (0, 0, 255)))
    main = directory({ORIENTATION: (3, [1])}, 8, 26)
    behind = len(directory({513: (4, [0]), 514: (4, [0])}, 26, 0)) + 26
    block = b"II*\0\x08\0\0\0" + main + directory({513: (4, [behind]), 514: (4, [len(thumbnail)])}, 26, 0) + thumbnail
    data = jpeg(Image.new("RGB", (400, 300), (200, 140, 110)), exif=b"Exif\0\0" + block)
    assert thumbnail in data
    for rendition in developed(data).renditions:
        assert chunks(rendition.data) == [b"VP8 "]
        assert np.abs(pixels(rendition.data).reshape(-1, 3).mean(axis=0) - (200, 140, 110)).max() < 3


def test_nothing_of_a_png_but_its_picture_is_kept() -> None:
    from PIL.PngImagePlugin import PngInfo

    texts = PngInfo()
    texts.add_text("Author", "the patient's name")
    texts.add_itxt("XML:com.adobe.xmp", XMP.decode())
    data = png(texture(), pnginfo=texts, exif=exif(main={0x010E: "the patient's name"}), dpi=(300, 300))
    for rendition in developed(data).renditions:
        assert chunks(rendition.data) == [b"VP8 "]


def test_a_file_says_what_it_is_by_its_content() -> None:
    for write, media_type in {
        jpeg: "image/jpeg",
        png: "image/png",
        webp: "image/webp",
        avif: "image/avif",
        tiff: "image/tiff",
        gif: "image/gif",
    }.items():
        assert developed(write(texture())).media_type == media_type


@pytest.mark.parametrize("write", [jpeg, png, webp, avif, tiff, gif])
def test_a_file_that_is_something_else_as_well_is_what_it_begins_as(write) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as written:
        written.writestr("index.html", "<script>alert(1)</script>")
    for tail in (archive.getvalue(), b"<script>alert(1)</script>", b"%PDF-1.7\n%%EOF"):
        photograph = developed(write(texture()) + tail)
        assert photograph.media_type.endswith(write.__name__)
        for rendition in photograph.renditions:
            assert tail[:20] not in rendition.data


def test_a_file_that_says_nothing_of_its_making_yields_no_facts() -> None:
    assert developed(jpeg(texture())).capture == CaptureFacts()


@pytest.mark.parametrize("options", [{"progressive": True}, {"subsampling": 2}, {"restart_marker_blocks": 3}])
def test_every_way_of_writing_a_jpeg_is_read(options) -> None:
    shown = pixels(developed(jpeg(corners(), **options)).renditions[0].data)
    assert np.abs(shown[10, 10].astype(int) - [255, 0, 0]).max() < 40


def test_an_interlaced_png_is_read() -> None:
    data = pyvips.Image.new_from_array(np.asarray(corners())).pngsave_buffer(interlace=True)
    assert np.abs(pixels(developed(data).renditions[0].data)[10, 10].astype(int) - [255, 0, 0]).max() < 40


def test_what_cameras_append_behind_the_picture_is_no_fault() -> None:
    assert developed(jpeg(texture()) + b"SEFT" + bytes(500)).width == 400
    assert developed(jpeg(texture()) + jpeg(texture(100, 100))).width == 400


def test_the_same_bytes_develop_into_the_same_renditions() -> None:
    data = jpeg(texture())
    assert developed(data) == developed(data)
