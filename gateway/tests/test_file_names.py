"""File names in headers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermfolio.common.errors import Refused
from dermfolio.gateway.file_names import LONGEST, attachment, file_name_of


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ('attachment; filename="skin.jpg"', "skin.jpg"),
        ("attachment; filename=skin.jpg", "skin.jpg"),
        ('ATTACHMENT ; FileName = "skin.jpg"', "skin.jpg"),
        ('attachment; filename="a \\"quoted\\" name.jpg"', 'a "quoted" name.jpg'),
        ('attachment; filename="semi;colon.jpg"', "semi;colon.jpg"),
        ("attachment; filename*=UTF-8''na%C3%AFve%20%E2%82%AC.jpg", "naïve €.jpg"),
        ("attachment; filename*=utf-8'en'x.jpg", "x.jpg"),
        ("attachment; filename*=ISO-8859-1''%FC.jpg", "ü.jpg"),
        ("attachment; filename=\"old.jpg\"; filename*=UTF-8''new.jpg", "new.jpg"),
        ("attachment; filename*=UTF-8''new.jpg; filename=\"old.jpg\"", "new.jpg"),
        ('attachment; filename="' + "ü€".encode().decode("latin-1") + '.jpg"', "ü€.jpg"),
        ('attachment; filename="\xfc.jpg"', "ü.jpg"),
        ('attachment; filename="../../etc/passwd"', "../../etc/passwd"),
        ("attachment; filename*=UTF-8''a%00b%0D%0Ac.jpg", "abc.jpg"),
        ("attachment; filename*=UTF-8''evil%E2%80%AEgpj.exe", "evil\u202egpj.exe"),
        ("attachment; size=12; filename=x.jpg", "x.jpg"),
        ("attachment", None),
        ('attachment; filename=""', None),
        ("attachment; filename*=UTF-8''%00", None),
        (None, None),
    ],
)
def test_a_name_is_taken_as_it_was_meant(header: str | None, name: str | None) -> None:
    assert file_name_of(header) == name


@pytest.mark.parametrize(
    "header",
    [
        "",
        ";",
        "attachment filename=x.jpg",
        'attachment; filename="open',
        "attachment; filename=x.jpg; filename=y.jpg",
        "attachment; filename*=x.jpg",
        "attachment; filename*=UTF-8''%FF.jpg",
        "attachment; filename*=UTF-7''x.jpg",
        "attachment; =x.jpg",
    ],
)
def test_a_header_that_says_nothing_clear_is_refused(header: str) -> None:
    with pytest.raises(Refused, match="invalid_request"):
        file_name_of(header)


def test_an_endless_name_is_cut() -> None:
    assert len(file_name_of("attachment; filename=" + "x" * 10_000) or "") == LONGEST


@given(st.text(max_size=300))
def test_any_name_becomes_a_header_that_cannot_be_misread(name: str) -> None:
    header = attachment(name)
    assert header.isascii()
    assert header.isprintable()
    read = file_name_of(header)
    assert read
    assert not set(read) & set("/\\\r\n\x00\u202e")
    assert len(read) <= 255


@given(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=60))
def test_an_ordinary_name_survives_both_ways(name: str) -> None:
    assert file_name_of(attachment(f"{name}.jpg")) == f"{name}.jpg"


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\photos\\a.jpg", "a.jpg"),
        ("...", "photograph"),
        ("\u202egpj.exe", "gpj.exe"),
    ],
)
def test_a_browser_is_never_told_a_path_or_what_cannot_be_seen(name: str, saved: str) -> None:
    assert file_name_of(attachment(name)) == saved
