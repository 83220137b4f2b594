"""The HTTP server: uvicorn, with what it leaves open bounded here: the size of headers and the time they may take."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Iterator
from http import HTTPStatus

import structlog
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from dermfolio.gateway import problems
from dermfolio.gateway.door import SECURITY_HEADERS

log = structlog.get_logger()

HEAD_BYTES = 64 * 1024
HEAD_SECONDS = 15.0
DRAIN_SECONDS = 7
"""How long requests under way may take once the process is told to stop."""

KEEP_ALIVE_SECONDS = 75
"""Longer than proxies keep idle connections, so that they never use one that is being closed."""

SOCKET_MESSAGE_BYTES = 4096
PING_SECONDS = 20.0


class BoundedHttp(HttpToolsProtocol):
    """Cuts off who sends headers without end, or endlessly slowly, or what is no HTTP at all."""

    _in_head = True
    _head_bytes = 0
    _due: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as the library does
        """Await the first request."""
        super().connection_made(transport)
        self._due = self.loop.call_later(HEAD_SECONDS, transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        """Await nothing any more."""
        self._arrived()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._in_head, self._head_bytes = True, 0
        if self._due is None:
            self._due = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def on_headers_complete(self) -> None:
        """Its headers are there."""
        self._in_head = False
        self._arrived()
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        """Read on, unless the headers exceed their bound."""
        super().data_received(data)
        if self._in_head and not self.transport.is_closing():
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES:
                self._refuse("headers_too_large")

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - the library's sentence is not for clients
        """Answer what is no HTTP."""
        self._refuse("invalid_request")

    def _arrived(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None

    def _refuse(self, code: str) -> None:
        request_id = secrets.token_hex(12)
        answer = problems.answer(code, request_id)
        status = HTTPStatus(answer.status_code)
        fields = [
            *answer.raw_headers,
            *((name.encode(), value.encode()) for name, value in SECURITY_HEADERS.items()),
            (b"x-request-id", request_id.encode()),
            (b"connection", b"close"),
        ]
        head = f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode()
        lines = b"".join(name + b": " + value + b"\r\n" for name, value in fields)
        self.transport.write(head + lines + b"\r\n" + bytes(answer.body))
        self.transport.close()
        log.info("http.refused", status=status.value, code=code, request_id=request_id)


class _Server(uvicorn.Server):
    """A server that leaves signals to the process."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def listening(app: ASGIApp, host: str, port: int) -> AsyncIterator[None]:
    """Serve an application for the length of the block; then finish what is under way.

    Raises RuntimeError when the address cannot be had.
    """
    server = _Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            http=BoundedHttp,
            ws="websockets-sansio",
            ws_max_size=SOCKET_MESSAGE_BYTES,
            ws_ping_interval=PING_SECONDS,
            ws_ping_timeout=PING_SECONDS,
            ws_per_message_deflate=False,  # messages are short; compressing them for each socket costs more
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=DRAIN_SECONDS,
        )
    )
    serving = asyncio.create_task(server.serve(), name="http")
    try:
        while not server.started:
            if serving.done():
                raise RuntimeError(f"cannot listen on {host}:{port}")
            await asyncio.sleep(0.01)
        yield
    finally:
        server.should_exit = True
        await asyncio.gather(serving, return_exceptions=True)
