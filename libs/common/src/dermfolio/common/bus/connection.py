"""A connection to NATS that comes back for ever, and says whether it is there."""

import asyncio
import contextlib
import signal
from collections.abc import Callable

import nats
import nats.errors
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

from dermfolio.common.errors import Unavailable
from dermfolio.common.metrics import CONNECTED
from dermfolio.contracts.permissions import inbox_prefix

log = structlog.get_logger()

Headers = dict[str, str]
RETRY_SECONDS = 0.25
PING_SECONDS = 5


class Connection:
    """One process's connection. Entering waits until the server is reached, however long that takes."""

    def __init__(self, url: str, user: str, password: str, *, name: str | None = None) -> None:
        self.user = user
        self._url = url
        self._password = password
        self._name = name or user
        self._client = Client()
        self._up = asyncio.Event()
        self._leaving = False
        self._left = False
        self._on_down: list[Callable[[], None]] = []
        self._on_up: list[Callable[[], None]] = []

    @property
    def client(self) -> Client:
        """The library's client."""
        return self._client

    @property
    def connected(self) -> bool:
        """Whether the server is there now."""
        return self._up.is_set()

    def when_down(self, call: Callable[[], None]) -> None:
        """Call this each time the server is lost."""
        self._on_down.append(call)

    def when_up(self, call: Callable[[], None]) -> None:
        """Call this each time the server is back."""
        self._on_up.append(call)

    async def wait(self, seconds: float) -> None:
        """Wait for the server; Unavailable when it is not there in time."""
        if self._up.is_set():
            return
        try:
            async with asyncio.timeout(seconds):
                await self._up.wait()
        except TimeoutError:
            raise Unavailable("bus: not connected") from None

    async def subscribe(self, subject: str, heard: Callable[[Msg], None], *, queue: str = "") -> Subscription:
        """Hear a subject; the callback must not block. The subscription survives reconnections."""

        async def deliver(msg: Msg) -> None:
            heard(msg)

        return await self._client.subscribe(subject, queue=queue, cb=deliver)

    def room(self, headers: Headers | None) -> int:
        """How many bytes of payload the server takes beside these headers."""
        written = sum(len(name) + len(value.encode()) + len(": \r\n") for name, value in (headers or {}).items())
        return self._client.max_payload - written - len("NATS/1.0\r\n\r\n")

    async def publish(self, subject: str, payload: bytes, *, reply: str = "", headers: Headers | None = None) -> None:
        """Send a message without waiting for anything.

        Raises ValueError when headers and payload are larger than the server takes (it would end the connection for
        it), and nats errors when the connection is gone.
        """
        if len(payload) > self.room(headers):
            raise ValueError(f"a message of {len(payload)} bytes is too large for the bus")
        await self._client.publish(subject, payload, reply, headers)

    async def __aenter__(self) -> "Connection":
        while True:
            try:
                await self._client.connect(
                    self._url,
                    user=self._user_callback,
                    password=self._password_callback,
                    name=self._name,
                    inbox_prefix=inbox_prefix(self.user),
                    max_reconnect_attempts=-1,
                    reconnect_time_wait=RETRY_SECONDS,  # type: ignore[arg-type] # seconds; the library sleeps on it
                    connect_timeout=5,
                    ping_interval=PING_SECONDS,
                    max_outstanding_pings=2,
                    disconnected_cb=self._disconnected,
                    reconnected_cb=self._reconnected,
                    closed_cb=self._closed,
                    error_cb=self._error,
                    drain_timeout=8,
                )
                break
            except (OSError, TimeoutError, nats.errors.Error) as error:
                log.warning("bus.not_reached", error=type(error).__name__)
                await asyncio.sleep(RETRY_SECONDS)
                self._client = Client()
        self._up.set()
        CONNECTED.set(1)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._leaving = True
        self._up.clear()
        with contextlib.suppress(nats.errors.Error, OSError, TimeoutError):
            await self._client.drain()
        if not self._client.is_closed:
            with contextlib.suppress(OSError):  # there is nobody to say goodbye to
                await self._client.close()
        self._left = True

    def _user_callback(self) -> str:
        return self.user

    def _password_callback(self) -> str:
        return self._password

    async def _disconnected(self) -> None:
        if self._up.is_set():
            log.warning("bus.lost")
        self._up.clear()
        CONNECTED.set(0)
        for call in self._on_down:
            call()

    async def _reconnected(self) -> None:
        log.info("bus.back")
        self._up.set()
        CONNECTED.set(1)
        for call in self._on_up:
            call()

    async def _closed(self) -> None:
        self._up.clear()
        CONNECTED.set(0)
        if not self._leaving:  # the library gives up after some errors of the server's; a new process begins anew
            log.critical("bus.closed")
            signal.raise_signal(signal.SIGTERM)

    async def _error(self, error: Exception) -> None:
        if self._left:
            # a reconnection outlived its cancellation, which Python 3.11 may lose (python/cpython#86296)
            raise asyncio.CancelledError
        log.warning("bus.error", error=type(error).__name__, detail=str(error)[:200])
