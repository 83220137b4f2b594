"""/livez, /readyz and /metrics of a process, on a port of their own.

Live: the event loop turns. Ready: what the process needs answers.
"""

import threading
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

STUCK_SECONDS = 15.0
"""A loop that has not turned for this long is not live."""


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Probes are not worth a line each."""


class Health:
    """Serves probes from a thread, so that a stuck event loop is seen from outside."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port
        self._turned = time.monotonic()
        self._missing: dict[str, str] = {"start": "starting"}
        self._server: WSGIServer | None = None

    def turned(self) -> None:
        """The event loop turns; called every second."""
        self._turned = time.monotonic()

    def report(self, missing: dict[str, str]) -> None:
        """Set what keeps the process from being ready: part → why; empty means ready."""
        self._missing = missing

    def start(self) -> None:
        """Begin to serve."""
        self._server = make_server(self._host, self._port, self._application, handler_class=_Quiet)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.5}, daemon=True).start()

    def stop(self) -> None:
        """End serving."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    def _application(self, environ: "WSGIEnvironment", respond: "StartResponse") -> Iterable[bytes]:
        pages: dict[str, Callable[[], tuple[str, str, bytes]]] = {
            "/livez": self._live,
            "/readyz": self._ready,
            "/metrics": lambda: ("200 OK", CONTENT_TYPE_LATEST, generate_latest()),
        }
        page = pages.get(environ.get("PATH_INFO", ""))
        status, kind, body = page() if page else ("404 Not Found", "text/plain", b"")
        respond(status, [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [body]

    def _live(self) -> tuple[str, str, bytes]:
        stuck = time.monotonic() - self._turned > STUCK_SECONDS
        return ("503 Service Unavailable" if stuck else "200 OK", "text/plain", b"stuck" if stuck else b"live")

    def _ready(self) -> tuple[str, str, bytes]:
        missing = self._missing
        text = "\n".join(f"{part}: {why}" for part, why in missing.items()) or "ready"
        return ("503 Service Unavailable" if missing else "200 OK", "text/plain", text.encode())
