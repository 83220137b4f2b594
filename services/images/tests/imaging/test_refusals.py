"""What is refused: by its content, never by its name."""

import gzip
import io
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dermfolio.images.imaging import Developed, Limits, Reason, Rejected
from dermfolio.images.imaging.develop import develop
from dermfolio.images.imaging.formats import AVIF, FORMATS, GIF, JPEG, PNG, TIFF, WEBP, sniff

from .samples import corners, jpeg, refused
from .sound import SOUND

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file:///etc/passwd"/></svg>'


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
    "mp4": b"\0\0\0\x18ftypisom\0\0\2\0isomiso2" + bytes(200),
    "wave, a riff too": b"RIFF\x24\0\0\0WAVEfmt " + bytes(28),
    "jpeg xr, nearly a tiff": b"II\xbc\x01" + bytes(200),
    "raw of a panasonic, nearly a tiff": b"IIU\0" + bytes(200),
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

HEIC = [
    b"\0\0\0\x24ftypheic\0\0\0\0mif1heic" + bytes(200),
    b"\0\0\0\x1cftypmif1\0\0\0\0mif1heicmsf1" + bytes(200),
]
"""One picture, and one that is first of all something else."""


@pytest.mark.req("POOL-3")
@pytest.mark.parametrize("what", NOT_ACCEPTED)
def test_what_is_of_no_accepted_format_is_of_an_unsupported_type(what) -> None:
    assert refused(NOT_ACCEPTED[what]) is Reason.UNSUPPORTED_TYPE


@pytest.mark.req("POOL-3")
@pytest.mark.parametrize("head", [b"\0\0\0\x24ftypheic\0\0\0\0mif1heic", b"\0\0\0\x1cftypmif1\0\0\0\0mif1heicmsf1"])
def test_what_iphones_write_unless_told_otherwise_has_a_reason_of_its_own(head: bytes) -> None:
    assert refused(head + bytes(200)) is Reason.HEIC


SIGNATURES = {
    JPEG: b"\xff\xd8\xff",
    PNG: b"\x89PNG\r\n\x1a\n",
    WEBP: b"RIFF\x64\0\0\0WEBP",
    AVIF: b"\0\0\0\x14ftypavif\0\0\0\0mif1",
    TIFF: b"II*\0",
    GIF: b"GIF89a",
}


@pytest.mark.parametrize("form", SIGNATURES, ids=lambda form: form.media_type)
def test_a_signature_before_something_else_is_not_enough(form) -> None:
    assert sniff(SIGNATURES[form]) is form
    for body in (SVG, NOT_ACCEPTED["bmp"], HEIC[0], bytes(1000)):
        assert refused(SIGNATURES[form] + body) in {Reason.CORRUPT, Reason.TRUNCATED, Reason.TOO_MANY_FRAMES}


def test_every_accepted_format_can_be_told_by_its_beginning() -> None:
    assert set(SIGNATURES) == set(FORMATS)


@settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(sorted(SOUND)),
    st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=6)), min_size=1, max_size=6),
    st.floats(0, 1),
)
def test_no_damaged_file_raises(sound, changes, kept) -> None:
    data = bytearray(SOUND[sound])
    for place, change in changes:
        at = int(place * len(data))
        data[at : at + len(change)] = change
    end = len(data) if kept > 0.3 else int(kept / 0.3 * len(data))
    outcome = develop(bytes(data[:end]), Limits(pixels=1_000_000))
    assert isinstance(outcome, (Developed, Rejected))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.binary(max_size=400))
def test_no_bytes_raise(body) -> None:
    for signature in SIGNATURES.values():
        assert isinstance(develop(signature + body), (Developed, Rejected))
