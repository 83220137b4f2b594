"""The installation's own origin."""

import pytest
from starlette.datastructures import Headers

from dermfolio.gateway.origin import Origin


@pytest.mark.parametrize(
    ("url", "origin", "same"),
    [
        ("https://photos.clinic.example", "https://photos.clinic.example", True),
        ("https://photos.clinic.example", "https://photos.clinic.example:443", False),
        ("https://photos.clinic.example:443", "https://photos.clinic.example", True),
        ("https://photos.clinic.example:8443", "https://photos.clinic.example:8443", True),
        ("https://photos.clinic.example", "http://photos.clinic.example", False),
        ("https://photos.clinic.example", "https://photos.clinic.example.evil.example", False),
        ("https://photos.clinic.example", "https://evil.example", False),
        ("https://photos.clinic.example", "null", False),
        ("https://photos.clinic.example", "", False),
        ("http://127.0.0.1:8000", "http://localhost:8000", True),
        ("http://localhost:8000", "http://[::1]:8000", True),
        ("http://localhost:8000", "http://localhost:8001", False),
    ],
)
def test_only_the_own_origin_is_the_same(url: str, origin: str, same: bool) -> None:
    assert Origin(url).sent(Headers({"Origin": origin})) is same


def test_programs_say_nothing_of_an_origin() -> None:
    assert Origin("https://photos.clinic.example").sent(Headers({}))


@pytest.mark.parametrize(
    "url",
    [
        "http://photos.clinic.example",
        "http://192.168.0.7:8000",
        "ftp://localhost",
        "https://",
        "https://photos.clinic.example/app",
        "https://user@photos.clinic.example",
        "https://photos.clinic.example?x=1",
        "photos.clinic.example",
    ],
)
def test_an_address_that_is_no_safe_origin_is_not_taken(url: str) -> None:
    with pytest.raises(ValueError, match="must be https"):
        Origin(url)
