"""Files that claim, or unpack to, far more than they are: refused before or within a bounded decode, memory flat."""

import struct
import time
import zlib

import psutil
import pytest

from dermfolio.images.imaging import Developed, Limits, Reason
from dermfolio.images.imaging.develop import develop

from .samples import avif, gif, jpeg, jpeg_claiming, png, png_chunk, png_file, refused, texture, webp
from .tiff_files import tiff_file

MIB = 1024 * 1024


@pytest.mark.parametrize("size", [(65500, 65500), (65500, 1300), (9000, 9000)])
def test_a_header_with_too_many_pixels_is_refused_before_decoding(size) -> None:
    assert refused(jpeg_claiming(*size)) is Reason.TOO_MANY_PIXELS
    assert refused(png_file(*size, b"")) is Reason.TOO_MANY_PIXELS


def webp_claiming(width: int, height: int) -> bytes:
    """A WebP whose frame header says another size than its data hold."""
    data = bytearray(webp(texture(32, 32)))
    at = data.index(b"\x9d\x01\x2a") + 3
    data[at : at + 4] = struct.pack("<HH", width, height)
    return bytes(data)


def gif_claiming(width: int, height: int) -> bytes:
    """A GIF whose screen and first frame are larger than its data."""
    data = bytearray(gif(texture(32, 32)))
    frame = data.index(b"\x2c\0\0\0\0")
    data[6:10] = data[frame + 5 : frame + 9] = struct.pack("<HH", width, height)
    return bytes(data)


def avif_claiming(width: int, height: int) -> bytes:
    """An AVIF whose property says another size than its picture has."""
    data = bytearray(avif(texture(32, 32)))
    size = data.index(b"ispe") + 8
    data[size : size + 8] = struct.pack(">II", width, height)
    return bytes(data)


def tiff_claiming(width: int, height: int) -> bytes:
    """A TIFF of a few rows that says it has many."""
    return tiff_file(width, height, bytes(3000))


LIARS = [webp_claiming, gif_claiming, avif_claiming, tiff_claiming]


@pytest.mark.parametrize("claiming", LIARS)
def test_every_header_with_too_many_pixels_is_refused_before_decoding(claiming) -> None:
    began = time.process_time()
    assert refused(claiming(16_000, 16_000)) is Reason.TOO_MANY_PIXELS
    assert time.process_time() - began < 1


@pytest.mark.parametrize("claiming", LIARS)
def test_every_header_that_lies_within_the_limits_is_found_out_cheaply(claiming) -> None:
    process = psutil.Process()
    before, began = process.memory_info().rss, time.process_time()
    assert refused(claiming(8_000, 8_000)) in {Reason.CORRUPT, Reason.TRUNCATED}
    assert process.memory_info().rss - before < 100 * MIB
    assert time.process_time() - began < 10


def test_deep_samples_of_tiff_are_counted_by_their_bytes() -> None:
    for bits, kind in ((16, 1), (32, 3)):
        data = tiff_file(8500, 8500, bytes(3000), bits=bits, samples=4, kind=kind)
        assert refused(data) is Reason.TOO_MANY_BYTES_DECODED


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


def test_structures_of_a_million_parts_are_walked_in_bounded_time_and_memory() -> None:
    empty = b"".join(b"\0\0\0\x08" + number.to_bytes(4, "big") for number in range(500_000))
    whole = gif(texture(32, 32))
    chunk = png_chunk(b"tEXt", b"a\0")
    million = {
        avif(texture(32, 32))[:32] + empty: {Reason.TRUNCATED},
        webp(texture(32, 32))[:4] + struct.pack("<I", 4 + len(empty)) + b"WEBP" + empty: {Reason.CORRUPT},
        whole[:-1] + b"\x21\xfe\0" * 500_000: {Reason.TRUNCATED},
        png(texture(32, 32))[:33] + chunk * 300_000: {Reason.TRUNCATED},
        jpeg(texture(32, 32))[:2] + b"\xff\xfe\0\2" * 500_000: {Reason.TRUNCATED},
    }
    before, began = psutil.Process().memory_info().rss, time.process_time()
    for data, reasons in million.items():
        assert refused(data) in reasons
    assert psutil.Process().memory_info().rss - before < 100 * MIB
    assert time.process_time() - began < 20


def test_thousands_of_scans_are_not_decoded() -> None:
    data = jpeg(texture(64, 64), progressive=True)
    last = data.rindex(b"\xff\xda")
    assert refused(data[:-2] + data[last:-2] * 20_000 + b"\xff\xd9") is Reason.CORRUPT
