"""What is refused, for which reason, and at what cost."""

import gzip
import io
import struct
import time
import zipfile
import zlib

import numpy as np
import psutil
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from dermfolio.images.imaging import Developed, Limits, Reason, Rejected
from dermfolio.images.imaging.develop import develop
from dermfolio.images.imaging.formats import FORMATS, sniff

from .samples import corners, jpeg, jpeg_claiming, png, png_chunk, png_file, texture

MIB = 1024 * 1024
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file:///etc/passwd"/></svg>'


def refused(data: bytes, limits: Limits | None = None) -> Reason:
    outcome = develop(data, limits or Limits())
    assert isinstance(outcome, Rejected), outcome
    return outcome.reason


def saved(kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    corners().save(buffer, kind, **options)
    return buffer.getvalue()


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("photograph.jpg", jpeg(corners()))
    return buffer.getvalue()


NOT_ACCEPTED = {
    "svg": SVG,
    "svg after a declaration": b'<?xml version="1.0"?>' + SVG,
    "gzipped svg": gzip.compress(SVG),
    "pdf": b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n",
    "bmp": saved("BMP"),
    "ico": saved("ICO"),
    "psd": b"8BPS\0\1" + bytes(100),
    "heic": b"\0\0\0\x24ftypheic\0\0\0\0mif1heic" + bytes(200),
    "avif": b"\0\0\0\x1cftypavif\0\0\0\0mif1" + bytes(200),
    "gif": saved("GIF"),
    "tiff": saved("TIFF"),
    "webp": saved("WEBP"),
    "jpeg 2000": b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(100),
    "jpeg xl": b"\xff\x0a" + bytes(100),
    "zip": zipped(),
    "html": b"<!doctype html><script>alert(1)</script>",
    "libvips' own": b"\x08\xf2\xa6\xb6" + bytes(200),
    "matrix": b"2 2\n1 2\n3 4\n",
    "ppm": b"P6 1 1 255\n\1\2\3",
    "hdr": b"#?RADIANCE\n\n-Y 1 +X 1\n\1\2\3\4",
    "text": b"photograph.jpg",
    "nothing": b"",
    "a byte": b"\xff",
    "half a signature": b"\x89PNG",
    "jpeg behind a blank": b" " + jpeg(corners()),
}


@pytest.mark.req("POOL-3")
@pytest.mark.parametrize("what", NOT_ACCEPTED)
def test_what_is_neither_jpeg_nor_png_is_of_an_unsupported_type(what) -> None:
    assert refused(NOT_ACCEPTED[what]) is Reason.UNSUPPORTED_TYPE


def test_a_signature_before_something_else_is_not_enough() -> None:
    for form in FORMATS:
        for body in (SVG, NOT_ACCEPTED["bmp"], NOT_ACCEPTED["heic"], bytes(1000)):
            assert refused(form.magic + body) in {Reason.CORRUPT, Reason.TRUNCATED}
        assert sniff(form.magic) is form


@pytest.mark.parametrize("kept", [0.02, 0.1, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("options", [{}, {"progressive": True}])
def test_a_jpeg_that_was_cut_off_is_truncated(kept, options) -> None:
    data = jpeg(texture(), **options)
    assert refused(data[: int(len(data) * kept)]) is Reason.TRUNCATED


@pytest.mark.parametrize("kept", [0.02, 0.1, 0.5, 0.9, 0.999])
def test_a_png_that_was_cut_off_is_truncated(kept) -> None:
    data = png(texture())
    assert refused(data[: int(len(data) * kept)]) is Reason.TRUNCATED


def test_a_jpeg_that_was_cut_off_is_truncated_though_its_thumbnail_is_whole() -> None:
    data = jpeg(texture())
    thumbnail = b"\xff\xe1" + (len(data[:2000]) + 4).to_bytes(2, "big") + data[:2000] + b"\xff\xd9"
    assert refused(data[:2] + thumbnail + data[2 : len(data) // 2]) is Reason.TRUNCATED


def test_a_jpeg_whose_second_half_never_arrived_is_refused() -> None:
    data = jpeg(texture())
    half = len(data) // 2
    assert refused(data[:half] + bytes(half)) is Reason.TRUNCATED


def test_a_png_with_a_wrong_checksum_is_corrupt() -> None:
    data = bytearray(png(texture()))
    data[len(data) // 2] ^= 0xFF
    assert refused(bytes(data)) is Reason.CORRUPT


def test_a_png_whose_rows_end_early_is_corrupt() -> None:
    assert refused(png_file(100, 100, bytes(301 * 50))) is Reason.CORRUPT


def test_a_jpeg_with_lost_pixels_in_the_middle_is_corrupt() -> None:
    data = jpeg(texture(), restart_marker_blocks=8)
    middle = len(data) // 2
    assert refused(data[:middle] + data[middle + 3000 :]) is Reason.CORRUPT


def test_a_progressive_jpeg_with_noise_in_the_middle_is_corrupt() -> None:
    data = jpeg(texture(), progressive=True)
    middle = len(data) // 2
    noise = np.random.default_rng(3).bytes(400).replace(b"\xff", b"\xfe")
    assert refused(data[:middle] + noise + data[middle + 400 :]) is Reason.CORRUPT


def test_a_jpeg_that_decoders_grumble_about_is_accepted_when_it_is_shown_whole() -> None:
    data = jpeg(texture())
    scan = data.index(b"\xff\xda")
    odd = bytearray(data)
    odd[scan + 11 : scan + 14] = b"\x00\x3e\x00"  # an end of spectral selection that libjpeg calls invalid, and ignores
    assert isinstance(develop(bytes(odd)), Developed)
    padded = data[:scan] + bytes(3) + data[scan:]
    assert isinstance(develop(padded), Developed)


@pytest.mark.parametrize("size", [(65500, 65500), (65500, 1300), (9000, 9000)])
def test_a_header_with_too_many_pixels_is_refused_before_decoding(size) -> None:
    assert refused(jpeg_claiming(*size)) is Reason.TOO_MANY_PIXELS
    assert refused(png_file(*size, b"")) is Reason.TOO_MANY_PIXELS


def test_a_header_with_absurd_sizes_is_corrupt_or_too_large() -> None:
    for width, height in ((0, 10), (10, 0), (2**31 - 1, 2**31 - 1), (2**32 - 1, 1), (2**31 - 1, 1)):
        assert refused(png_file(width, height, b"")) in {Reason.CORRUPT, Reason.TOO_MANY_PIXELS}


def test_sixteen_bit_rgba_is_counted_by_its_bytes() -> None:
    assert refused(png_file(8500, 8500, b"", depth=16, colour=6)) is Reason.TOO_MANY_BYTES_DECODED


def test_a_progressive_jpeg_is_counted_by_its_coefficients() -> None:
    picture = texture(400, 300)
    limits = Limits(decoded_bytes=400 * 300 * 3)
    assert isinstance(develop(jpeg(picture), limits), Developed)
    assert isinstance(develop(jpeg(picture, progressive=True, subsampling=2), limits), Developed)
    assert refused(jpeg(picture, progressive=True), limits) is Reason.TOO_MANY_BYTES_DECODED


def test_limits_are_those_that_are_given() -> None:
    assert refused(jpeg(texture(100, 100)), Limits(pixels=9_999)) is Reason.TOO_MANY_PIXELS
    assert isinstance(develop(jpeg(texture(100, 100)), Limits(pixels=10_000)), Developed)


def test_a_header_that_lies_costs_neither_memory_nor_time() -> None:
    process = psutil.Process()
    before, began = process.memory_info().rss, time.process_time()
    for data in (jpeg_claiming(8900, 8900), png_file(8900, 8900, b"\0" * 1000)):
        assert refused(data) is Reason.CORRUPT
    assert process.memory_info().rss - before < 200 * MIB
    assert time.process_time() - began < 10


def test_a_png_that_unpacks_to_a_thousand_times_its_size_streams_through() -> None:
    width, height = 8000, 8000
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(1 + 3 * width)) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", rows), (b"IEND", b"")]
    bomb = b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(kind, data) for kind, data in chunks)
    assert len(bomb) < 300_000
    before = psutil.Process().memory_info().rss
    assert isinstance(develop(bomb), Developed)
    assert psutil.Process().memory_info().rss - before < 150 * MIB


def test_a_text_that_unpacks_without_end_is_not_unpacked() -> None:
    data = png(texture(32, 32))
    bomb = png_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(64 * MIB), 9))
    profile = png_chunk(b"iCCP", b"p\0\0" + zlib.compress(bytes(64 * MIB), 9))
    before = psutil.Process().memory_info().rss
    for extra in (bomb, profile):
        develop(data[:33] + extra + data[33:])
    assert psutil.Process().memory_info().rss - before < 100 * MIB


def test_thousands_of_scans_are_not_decoded() -> None:
    data = jpeg(texture(64, 64), progressive=True)
    last = data.rindex(b"\xff\xda")
    assert refused(data[:-2] + data[last:-2] * 20_000 + b"\xff\xd9") is Reason.CORRUPT


SOUND = (
    jpeg(texture(80, 60)),
    jpeg(texture(80, 60), progressive=True),
    jpeg(Image.new("CMYK", (40, 30), (10, 60, 90, 20))),
    png(texture(40, 30)),
    png(texture(40, 30).quantize(16)),
    png(Image.new("RGBA", (40, 30), (200, 120, 90, 100))),
)


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(SOUND),
    st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=6)), min_size=1, max_size=6),
    st.floats(0, 1),
)
def test_no_damaged_file_raises(sound, changes, kept) -> None:
    data = bytearray(sound)
    for place, change in changes:
        at = int(place * len(data))
        data[at : at + len(change)] = change
    end = len(data) if kept > 0.3 else int(kept / 0.3 * len(data))
    outcome = develop(bytes(data[:end]), Limits(pixels=1_000_000))
    assert isinstance(outcome, (Developed, Rejected))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.binary(max_size=400))
def test_no_bytes_raise(body) -> None:
    for form in FORMATS:
        assert isinstance(develop(form.magic + body), (Developed, Rejected))
