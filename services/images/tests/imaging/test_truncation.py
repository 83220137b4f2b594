"""A photograph is whole or it is refused: half a picture looks like a finding."""

import struct

import numpy as np
import pytest
from PIL import Image

from dermfolio.images.imaging import Developed, Reason, Rejected
from dermfolio.images.imaging.develop import develop

from .samples import avif, corners, developed, gif, jpeg, pixels, png, png_file, refused, texture, tiff, webp
from .sound import SOUND
from .tiff_files import STRIP_LENGTHS, tiff_file

NOISE = np.random.default_rng(3).bytes(400).replace(b"\xff", b"\xfe")


@pytest.mark.parametrize("what", SOUND)
def test_every_way_of_writing_a_file_is_read(what) -> None:
    photograph = developed(SOUND[what])
    assert (photograph.width, photograph.height) == (80, 60)
    assert np.ptp(pixels(photograph.renditions[0].data)) > 50


@pytest.mark.parametrize("what", SOUND)
def test_a_file_that_was_cut_off_anywhere_is_refused_or_misses_nothing(what) -> None:
    whole = SOUND[what]
    everything = developed(whole)
    places = {*range(12, 40), *range(len(whole) - 12, len(whole)), *range(40, len(whole), len(whole) // 30)}
    for place in places:
        assert develop(whole[:place]) in (Rejected(Reason.TRUNCATED), Rejected(Reason.CORRUPT), everything), place


@pytest.mark.parametrize("write", [jpeg, png, webp, avif, tiff, gif])
@pytest.mark.parametrize("kept", [0.05, 0.5, 0.9, 0.999])
def test_a_file_of_which_a_part_never_arrived_is_truncated(write, kept) -> None:
    data = write(texture())
    assert refused(data[: int(len(data) * kept)]) is Reason.TRUNCATED


@pytest.mark.parametrize("write", [jpeg, png, webp, avif, gif])
def test_a_file_whose_second_half_is_empty_is_refused(write) -> None:
    data = write(texture())
    half = len(data) // 2
    assert refused(data[:half] + bytes(len(data) - half)) in {Reason.TRUNCATED, Reason.CORRUPT}


@pytest.mark.parametrize("compression", ["tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg"])
def test_a_compressed_tiff_whose_second_half_is_empty_is_corrupt(compression) -> None:
    data = tiff(texture(), compression=compression)
    half, directory = len(data) // 2, int.from_bytes(data[4:8], "little")
    assert refused(data[:half] + bytes(directory - half) + data[directory:]) is Reason.CORRUPT


def test_a_jpeg_that_was_cut_off_is_truncated_though_its_thumbnail_is_whole() -> None:
    data = jpeg(texture())
    thumbnail = b"\xff\xe1" + (len(data[:2000]) + 4).to_bytes(2, "big") + data[:2000] + b"\xff\xd9"
    assert refused(data[:2] + thumbnail + data[2 : len(data) // 2]) is Reason.TRUNCATED


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
    assert refused(data[:middle] + NOISE + data[middle + 400 :]) is Reason.CORRUPT


def test_a_jpeg_that_decoders_grumble_about_is_accepted_when_it_is_shown_whole() -> None:
    data = jpeg(texture())
    scan = data.index(b"\xff\xda")
    odd = bytearray(data)
    odd[scan + 11 : scan + 14] = b"\x00\x3e\x00"  # an end of spectral selection that libjpeg calls invalid, and ignores
    assert isinstance(develop(bytes(odd)), Developed)
    padded = data[:scan] + bytes(3) + data[scan:]
    assert isinstance(develop(padded), Developed)


@pytest.mark.parametrize("compression", ["tiff_lzw", "jpeg"])
def test_a_compressed_tiff_with_noise_in_the_middle_is_corrupt(compression) -> None:
    data = tiff(texture(), compression=compression)
    middle = len(data) // 2
    assert refused(data[:middle] + NOISE + data[middle + 400 :]) is Reason.CORRUPT


def test_a_tiff_whose_strips_lie_beyond_its_end_is_truncated() -> None:
    rows = texture(20, 20).tobytes()
    assert refused(tiff_file(20, 20, rows, more={STRIP_LENGTHS: (4, [10_000_000])})) is Reason.TRUNCATED
    assert refused(tiff_file(20, 20, rows, more={STRIP_LENGTHS: (4, [2**32 - 1])})) is Reason.TRUNCATED


def test_a_tiff_with_fewer_rows_than_it_says_is_corrupt() -> None:
    assert refused(tiff_file(20, 40, texture(20, 20).tobytes())) is Reason.CORRUPT


@pytest.mark.parametrize(("lossless", "chunk"), [(False, b"VP8 "), (True, b"VP8L")])
@pytest.mark.parametrize("kept", [0.1, 0.5, 0.99])
def test_a_webp_whose_picture_is_short_though_its_chunks_are_whole_is_corrupt(lossless, chunk, kept) -> None:
    data = webp(texture(), lossless=lossless)
    assert data[12:16] == chunk
    picture = data[20 : 20 + int((len(data) - 20) * kept) // 2 * 2]
    short = chunk + struct.pack("<I", len(picture)) + picture
    assert refused(b"RIFF" + struct.pack("<I", len(short) + 4) + b"WEBP" + short) is Reason.CORRUPT


def short_gif(kept: float, **options: object) -> bytes:
    """A GIF whose data end early, though every block is whole."""
    data = gif(texture(200, 150).quantize(64), **options)
    start = data.index(b"\x2c\0\0\0\0") + 11
    ends = [start]
    while data[ends[-1]]:
        ends.append(ends[-1] + 1 + data[ends[-1]])
    return data[: ends[int((len(ends) - 1) * kept)]] + b"\0;"


@pytest.mark.parametrize("kept", [0, 0.1, 0.5, 0.98])
@pytest.mark.parametrize("options", [{}, {"interlace": 1}, {"transparency": 5}])
def test_a_gif_whose_data_end_early_though_its_blocks_are_whole_is_corrupt(kept, options) -> None:
    assert refused(short_gif(kept, **options)) is Reason.CORRUPT
    developed(short_gif(1, **options))


def test_a_gif_that_is_black_is_no_damaged_one() -> None:
    developed(gif(Image.new("P", (100, 80), 0)))
    developed(gif(Image.new("1", (100, 80), 0)))


def test_what_is_appended_behind_the_picture_is_no_fault() -> None:
    for write in (jpeg, png, webp, avif, tiff, gif):
        assert developed(write(corners()) + b"SEFT" + bytes(500)).width == 96
        assert developed(write(corners()) + jpeg(texture(100, 100))).width == 96
