"""What the file says of its making is taken over where it can be true."""

import struct
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from dermfolio.images.imaging import CaptureFacts, Developed
from dermfolio.images.imaging import exif as core
from dermfolio.images.imaging.capture import capture_facts
from dermfolio.images.imaging.develop import develop

from .samples import avif, developed, exif, jpeg, png, texture, tiff, webp

MAKE, MODEL = 0x010F, 0x0110
TAKEN, DIGITIZED = 0x9003, 0x9004
EXPOSURE, F_NUMBER, SENSITIVITY, RECOMMENDED_INDEX = 0x829A, 0x829D, 0x8827, 0x8832
FLASH, FOCAL_LENGTH, LENS = 0x9209, 0x920A, 0xA434
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def taken(text: str) -> str | None:
    return capture_facts(core.Exif(taken=text), NOW).captured_at


SHOT = {
    TAKEN: "2024:05:06 07:08:09",
    LENS: "Macro 60/2.8",
    EXPOSURE: IFDRational(1, 125),
    F_NUMBER: IFDRational(28, 10),
    SENSITIVITY: 400,
    FOCAL_LENGTH: IFDRational(60, 1),
    FLASH: 0x19,
}
FACTS = CaptureFacts(
    captured_at="2024-05-06T07:08:09",
    camera_make="Lumen",
    camera_model="LO-7 (macro)",
    lens="Macro 60/2.8",
    exposure_seconds=0.008,
    f_number=2.8,
    iso=400,
    focal_length_mm=60.0,
    flash_fired=True,
)


@pytest.mark.req("POOL-12")
@pytest.mark.parametrize("write", [jpeg, png, webp, avif, tiff])
def test_time_camera_and_exposure_are_read(write) -> None:
    data = write(texture(), exif=exif(SHOT, main={MAKE: "Lumen", MODEL: "LO-7 (macro)"}))
    assert developed(data).capture == FACTS


def rational(above: int, below: int) -> bytes:
    return struct.pack("<II", above, below)


@pytest.mark.parametrize(
    ("tag", "kind", "count", "value", "fact"),
    [
        (EXPOSURE, 5, 1, rational(0, 1), "exposure_seconds"),
        (EXPOSURE, 5, 1, rational(1, 0), "exposure_seconds"),
        (EXPOSURE, 5, 1, rational(2**32 - 1, 1), "exposure_seconds"),
        (EXPOSURE, 10, 1, rational(1, 60), "exposure_seconds"),
        (EXPOSURE, 5, 0, rational(1, 60), "exposure_seconds"),
        (EXPOSURE, 5, 1, rational(1, 60)[:7], "exposure_seconds"),
        (F_NUMBER, 5, 1, rational(0, 0), "f_number"),
        (F_NUMBER, 5, 1, rational(1, 1000), "f_number"),
        (F_NUMBER, 2, 8, b"2.8\0\0\0\0\0", "f_number"),
        (FOCAL_LENGTH, 5, 1, rational(0, 10), "focal_length_mm"),
        (FOCAL_LENGTH, 5, 1, rational(10**9, 1), "focal_length_mm"),
        (SENSITIVITY, 3, 1, b"\0\0\0\0", "iso"),
        (SENSITIVITY, 3, 1, b"\xff\xff\0\0", "iso"),
        (SENSITIVITY, 4, 1, b"\xff\xff\xff\xff", "iso"),
        (SENSITIVITY, 3, 2**31, b"\x20\0\0\0", "iso"),
        (SENSITIVITY, 2, 4, b"400\0", "iso"),
        (FLASH, 4, 1, b"\1\0\0\0", "flash_fired"),
        (FLASH, 2, 4, b"yes\0", "flash_fired"),
    ],
)
def test_a_fact_that_is_nonsense_is_no_fact(tag, kind, count, value, fact) -> None:
    assert getattr(capture_facts(core.read(of_the_shot(tag, kind, count, value)), NOW), fact) is None


@pytest.mark.parametrize(
    ("tag", "kind", "count", "value", "fact", "is_"),
    [
        (EXPOSURE, 5, 1, rational(30, 1), "exposure_seconds", 30.0),
        (EXPOSURE, 5, 2, rational(1, 3) + rational(7, 1), "exposure_seconds", 0.333333333),
        (SENSITIVITY, 3, 2, struct.pack("<HH", 800, 900), "iso", 800),
        (SENSITIVITY, 4, 1, struct.pack("<I", 102_400), "iso", 102_400),
        (FLASH, 3, 1, struct.pack("<HH", 0x18, 0), "flash_fired", False),
        (FLASH, 3, 1, struct.pack("<HH", 0x41, 0), "flash_fired", True),
        (LENS, 2, 4, b"60mm", "lens", "60mm"),
    ],
)
def test_a_fact_that_may_be_true_is_kept(tag, kind, count, value, fact, is_) -> None:
    assert getattr(capture_facts(core.read(of_the_shot(tag, kind, count, value)), NOW), fact) == is_


def test_a_sensitivity_that_does_not_fit_stands_elsewhere() -> None:
    block = exif({SENSITIVITY: 65535, RECOMMENDED_INDEX: 204_800})
    assert capture_facts(core.read(block), NOW).iso == 204_800


def of_the_shot(tag: int, kind: int, count: int, value: bytes) -> bytes:
    """An Exif block with one tag in its sub-directory."""
    start = b"II*\0\x08\0\0\0" + struct.pack("<HHHII", 1, 0x8769, 4, 1, 26) + bytes(4)
    inline = value if len(value) == 4 else struct.pack("<I", 44)
    return start + struct.pack("<HHHI", 1, tag, kind, count) + inline + bytes(4) + value


def test_where_it_was_taken_is_not_among_the_facts() -> None:
    block = Image.Exif()
    block.get_ifd(0x8825).update({1: "N", 2: (47.0, 22.0, 40.0), 3: "E", 4: (8.0, 32.0, 30.0)})
    assert developed(jpeg(texture(64, 48), exif=block.tobytes())).capture == CaptureFacts()
    assert not {name for name in CaptureFacts.__slots__ if "gps" in name or "place" in name}


def test_the_time_of_digitizing_stands_in() -> None:
    assert core.read(exif({DIGITIZED: "2001:02:03 04:05:06"})).taken == "2001:02:03 04:05:06"
    assert core.read(exif({DIGITIZED: "x", TAKEN: "2001:02:03 04:05:06"})).taken == "2001:02:03 04:05:06"


@pytest.mark.parametrize(
    "nonsense",
    [
        "0000:00:00 00:00:00",
        "    :  :     :  :  ",
        "",
        "2024:13:01 00:00:00",
        "2024:02:30 00:00:00",
        "2024:02:03 24:00:00",
        "2024:02:03 23:59:60",
        "1970:01:01 00:00:00",
        "1989:12:31 23:59:59",
        "2026:06:03 12:00:00",
        "9999:12:31 23:59:59",
        "2024-05-06T07:08:09",
        "\u0662\u0660\u0662\u0664:05:06 07:08:09",
        "yesterday",
    ],
)
def test_an_impossible_time_is_no_time(nonsense) -> None:
    assert taken(nonsense) is None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("1990:01:01 00:00:00", "1990-01-01T00:00:00"),
        ("2024:02:29 23:59:59", "2024-02-29T23:59:59"),
        ("2026:06:02 11:59:59", "2026-06-02T11:59:59"),
    ],
)
def test_a_possible_time_is_kept(text, moment) -> None:
    assert taken(text) == moment


def test_a_time_is_judged_against_the_moment_of_receipt() -> None:
    data = jpeg(texture(32, 32), exif=exif({TAKEN: "2024:05:06 07:08:09"}))
    early = develop(data, now=datetime(2020, 1, 1, tzinfo=UTC))
    assert isinstance(early, Developed)
    assert early.capture.captured_at is None


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("  Lumen\u202e\x07\n ", "Lumen"),
        ("", None),
        (" \t", None),
        ("x" * 5000, "x" * 100),
        ("Ōshima <b>", "Ōshima <b>"),
    ],
)
def test_names_of_cameras_are_cleaned(said, kept) -> None:
    assert capture_facts(core.Exif(make=said), NOW).camera_make == kept


def test_names_that_are_not_ascii_are_read() -> None:
    for raw, said in (("Ō".encode(), "Ō"), (b"Caf\xe9", "Café")):
        assert core.read(one_tag(MAKE, 2, len(raw), raw.ljust(4, b"\0")[:4] if len(raw) <= 4 else raw)).make == said


def one_tag(tag: int, kind: int, count: int, value: bytes, order: str = "<") -> bytes:
    """An Exif block with a single tag, its text behind the directory when it is longer than four bytes."""
    inline = value if len(value) == 4 else struct.pack(f"{order}I", 26)
    start = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}I", 8)
    return start + struct.pack(f"{order}HHHI", 1, tag, kind, count) + inline + bytes(4) + value


def test_both_byte_orders_are_read() -> None:
    for order in "<>":
        assert core.read(one_tag(MAKE, 2, 6, b"Lumen\0", order)).make == "Lumen"
        assert core.read(one_tag(0x0112, 3, 1, struct.pack(f"{order}HH", 6, 0), order)).orientation == 6


def test_a_loop_of_directories_ends() -> None:
    pointing_at_itself = one_tag(0x8769, 4, 1, struct.pack("<I", 8))
    assert core.read(pointing_at_itself) == core.Exif()


def test_a_tag_of_the_wrong_kind_is_absent() -> None:
    assert core.read(one_tag(MAKE, 4, 1, b"Lume")).make is None
    assert core.read(one_tag(0x0112, 4, 1, struct.pack("<I", 6))).orientation == 1


def test_a_value_beyond_the_end_is_empty() -> None:
    assert not core.read(one_tag(MAKE, 2, 4_000_000_000, b"")).make


@given(st.binary(max_size=300))
def test_no_block_raises(block) -> None:
    for start in (b"", b"Exif\0\0II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08"):
        facts = capture_facts(core.read(start + block), NOW)
        assert facts.orientation in range(1, 9)


@given(st.integers(0, 300), st.binary(min_size=1, max_size=12))
def test_no_damaged_block_raises(at, change) -> None:
    block = bytearray(exif(SHOT, main={MAKE: "Lumen", 0x0112: 6}))
    block[at : at + len(change)] = change
    capture_facts(core.read(bytes(block)), NOW)
