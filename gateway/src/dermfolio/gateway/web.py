"""The user interface: the files that `web/` was built to, read once, compressed once.

Every address that is neither a file's nor the API's gets the one page, whose script shows what belongs there. The page
carries a nonce of its own in each answer (CSP Level 3), without which the browser lets no inline style in.
"""

import gzip
import hashlib
import mimetypes
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from dermfolio.common.errors import Refused

PAGE = "index.html"
NONCE: Final = "CSP_NONCE"
"""What stands for the nonce in the built page (`html.cspNonce` in web/vite.config.ts)."""

_HASHED = "/assets/"
"""Names below it change with their content."""

_FOREVER = "public, max-age=31536000, immutable"
_NO_PLACE = re.compile(r"//|/\.|\.[^/]*$|[\x00-\x1f\x7f]")
"""In no address of the interface: what looks like a file, goes up, or is not meant to be read."""

_COMPRESSED = frozenset({"text/javascript", "text/css", "image/svg+xml", "application/json"})


@dataclass(frozen=True, slots=True)
class _File:
    media_type: str
    plain: bytes
    gzipped: bytes | None
    etag: str
    cache_control: str


class Web:
    """ASGI application of the user interface. Raises FileNotFoundError when `directory` holds no built page."""

    def __init__(self, directory: Path) -> None:
        self._page = (directory / PAGE).read_text()
        self._files = {
            "/" + path.relative_to(directory).as_posix(): _read(directory, path)
            for path in sorted(directory.rglob("*"))
            if path.is_file() and path.name != PAGE and not path.relative_to(directory).parts[0].startswith(".")
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a file or the page. Refused as `not_found`."""
        request = Request(scope)
        await self._answer(request)(scope, receive, send)

    def _answer(self, request: Request) -> Response:
        path = request.scope["path"]
        if request.method not in {"GET", "HEAD"}:
            raise Refused("not_found")
        if (file := self._files.get(path)) is not None:
            return _sent(file, request)
        if path.startswith("/api/") or _NO_PLACE.search(path):
            raise Refused("not_found")
        nonce = secrets.token_urlsafe(16)
        headers = {"Cache-Control": "no-store", "Content-Security-Policy": policy(nonce)}
        return Response(self._page.replace(NONCE, nonce), 200, headers, "text/html")


def policy(nonce: str) -> str:
    """What the page may load: what is served here, pictures that it made itself, and nothing else."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            f"style-src 'self' 'nonce-{nonce}'",
            "img-src 'self' blob:",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )


def _read(directory: Path, path: Path) -> _File:
    plain = path.read_bytes()
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    hashed = f"/{path.relative_to(directory).as_posix()}".startswith(_HASHED)
    return _File(
        media_type,
        plain,
        gzip.compress(plain, mtime=0) if media_type in _COMPRESSED else None,
        f'"{hashlib.sha256(plain).hexdigest()[:32]}"',
        _FOREVER if hashed else "no-cache",
    )


def _sent(file: _File, request: Request) -> Response:
    headers = {"Cache-Control": file.cache_control, "ETag": file.etag, "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == file.etag:
        return Response(None, 304, headers)
    if file.gzipped is not None and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(file.gzipped, 200, headers | {"Content-Encoding": "gzip"}, file.media_type)
    return Response(file.plain, 200, headers, file.media_type)
