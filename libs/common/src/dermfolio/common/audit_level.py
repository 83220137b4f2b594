"""The level of the audit trail (AUD-2), as a service that records reads knows it: asked of identity, and again as soon
as it is heard that settings changed. Nobody waits for it: while it is not known, everything is recorded.
"""

import asyncio
import time

import structlog
from nats.aio.msg import Msg
from pydantic import ValidationError

from dermfolio.common.bus.connection import Connection
from dermfolio.common.bus.requests import Requests
from dermfolio.common.errors import Refused, Unavailable
from dermfolio.common.going_on import going_on
from dermfolio.contracts.settings import GetSettings, SettingsChanged

log = structlog.get_logger()

ASKED_EVERY_SECONDS = 5.0
"""The news that settings changed may be lost."""

BELIEVED_SECONDS = 15.0
"""How long an answer counts at most, from the moment it was asked for."""


class AuditLevel:
    """Whether only what is essential is recorded now."""

    def __init__(self, requests: Requests) -> None:
        self._requests = requests
        self._essential_until = 0.0
        self._news = asyncio.Event()

    def essential(self) -> bool:
        """Tell whether the level is known to be `essential`."""
        return time.monotonic() < self._essential_until

    async def listen(self, connection: Connection) -> None:
        """Hear what may change it; called once, before `run`."""

        def heard(_: Msg) -> None:
            self._forget()

        await connection.subscribe(SettingsChanged.subject, heard)
        connection.when_down(self._forget)

    async def run(self) -> None:
        """Keep up with it, for ever."""
        while going_on():
            self._news.clear()
            await self._ask()
            try:
                async with asyncio.timeout(ASKED_EVERY_SECONDS):
                    await self._news.wait()
            except TimeoutError:
                continue

    async def _ask(self) -> None:
        asked_at = time.monotonic()
        try:
            settings = await self._requests.ask(GetSettings())
        except (Unavailable, Refused, ValidationError) as error:
            log.info("audit_level.not_known", cause=type(error).__name__)
            return
        # what is heard while the answer is on its way may be newer than the answer
        essential = settings.audit_level == "essential" and not self._news.is_set()
        self._essential_until = asked_at + BELIEVED_SECONDS if essential else 0.0

    def _forget(self) -> None:
        self._essential_until = 0.0
        self._news.set()
