"""The user interface as the gateway serves it: one page, files that never change under a name, a strict policy."""

import gzip
import re
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from dermfolio.gateway.web import Web

from .conftest import Browser, Running, World
from .owner import USERS

PAGE = (
    '<!doctype html><meta property="csp-nonce" nonce="CSP_NONCE">'
    '<script type="module" nonce="CSP_NONCE" src="/assets/index-1a2b.js"></script>'
)
SCRIPT = "console.log(1);" * 100


@pytest.fixture
def built(tmp_path: Path) -> Path:
    for name, text in {
        "index.html": PAGE,
        "favicon.svg": "<svg/>",
        "assets/index-1a2b.js": SCRIPT,
        ".vite/manifest.json": "{}",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.fixture
async def with_web(world: World, built: Path) -> AsyncIterator[Running]:
    async with world.gateway(web_directory=built) as made:
        yield made


@pytest.fixture
async def http(with_web: Running) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(with_web.url, auto_decompress=False) as session:
        yield session


async def test_every_address_of_the_interface_gets_the_page_with_a_nonce_of_its_own(
    http: aiohttp.ClientSession,
) -> None:
    nonces = set()
    for path in ("/", "/patients", "/patients/5f0c6a5e-7a53-4f0e-9d0c-0d0f4f1f3b1a/pool", "/sign-in"):
        async with http.get(path) as answer:
            assert (answer.status, answer.content_type) == (200, "text/html")
            assert answer.headers["Cache-Control"] == "no-store"
            text, policies = await answer.text(), answer.headers.getall("Content-Security-Policy")
        [nonce] = set(re.findall(r'nonce="([^"]+)"', text))
        nonces.add(nonce)
        assert policies == [policies[0]]
        assert f"style-src 'self' 'nonce-{nonce}'" in policies[0]
        assert "script-src 'self';" in policies[0]
        assert not re.search(r"unsafe|https?:|\*|data:", policies[0])
        for header in ("X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy"):
            assert header in answer.headers
    assert len(nonces) == 4


async def test_files_whose_names_change_with_their_content_are_kept_for_ever(http: aiohttp.ClientSession) -> None:
    async with http.get("/assets/index-1a2b.js", headers={"Accept-Encoding": "gzip"}) as answer:
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(await answer.read()).decode() == SCRIPT
    async with http.get("/assets/index-1a2b.js", headers={"Accept-Encoding": "identity"}) as answer:
        assert (await answer.text()) == SCRIPT
        assert answer.content_type == "text/javascript"


async def test_other_files_are_asked_for_again_and_not_sent_again(http: aiohttp.ClientSession) -> None:
    async with http.get("/favicon.svg") as answer:
        etag = answer.headers["ETag"]
        assert answer.headers["Cache-Control"] == "no-cache"
    async with http.get("/favicon.svg", headers={"If-None-Match": etag}) as answer:
        assert (answer.status, await answer.read()) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/assets/none.js",
        "/.vite/manifest.json",
        "/index.html",
        "/.env",
        "/assets/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/api/v2/patients",
        "//evil.example/x",
        "/%00",
    ],
)
async def test_nothing_else_is_there(with_web: Running, http: aiohttp.ClientSession, path: str) -> None:
    from yarl import URL

    async with http.get(URL(with_web.url + path, encoded=True)) as answer:
        assert (answer.status, answer.content_type) == (404, "application/problem+json")
    async with http.post("/patients") as answer:
        assert answer.status == 404


def test_a_gateway_does_not_start_with_an_interface_that_was_not_built(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Web(tmp_path)


async def test_anybody_may_know_whose_installation_this_is(stranger: Browser) -> None:
    answer = await stranger.get("/installation")
    assert answer.json == {
        "name": "A clinic",
        "sign_in_providers": [{"id": "clinic", "name": "The clinic"}],
        "upload_limit_bytes": 16 * 1024 * 1024,
    }


async def test_colleagues_are_known_by_name_to_those_who_are_signed_in(stranger: Browser) -> None:
    address = f"/people/{USERS['viewer'][0]}"
    assert (await stranger.get(address)).status == 401
    await stranger.sign_in()
    assert (await stranger.get(address)).json["display_name"] == "Viewer"
    assert (await stranger.get("/people/me")).code == "invalid_request"
