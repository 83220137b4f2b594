"""Checkpoints sent to a log server: syslog (RFC 5424) over TLS (RFC 5425), one line each."""

import asyncio
import os
import re
import socket
import ssl
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from dermfolio.audit.checkpoint_repository import Kept
from dermfolio.common.errors import Unavailable
from dermfolio.contracts.signed_notes import one_line

PRIORITY = 13 * 8 + 5
"""Facility "log audit", severity "notice" (RFC 5424, 6.2.1)."""

SECONDS = 10.0
SHUTDOWN_SECONDS = 2.0
_NOT_PRINTABLE = re.compile(r"[^\x21-\x7e]")


class NoteSyslog:
    """A receiver of syslog over TLS, whose certificate must be good for its name. It gives no receipts."""

    def __init__(self, host: str, port: int, authority: Path | None) -> None:
        """`authority` is a PEM file of the CAs to believe; without, those of the system are."""
        self._host = host
        self._port = port
        self._authority = authority

    @property
    def name(self) -> str:
        """Another receiver is another destination."""
        return f"syslog:{self._host}:{self._port}"

    async def bring(self, checkpoints: Sequence[Kept]) -> None:
        """Send them on a connection of their own, which both sides close."""
        try:
            async with asyncio.timeout(SECONDS):
                tls = await asyncio.to_thread(ssl.create_default_context, cafile=self._authority)
                _, writer = await asyncio.open_connection(
                    self._host, self._port, ssl=tls, ssl_shutdown_timeout=SHUTDOWN_SECONDS
                )
                try:
                    for checkpoint in checkpoints:
                        writer.write(frame(checkpoint))
                    await writer.drain()
                finally:
                    writer.close()
                    with suppress(TimeoutError):  # it has all, and does not say that it heard the end
                        await writer.wait_closed()
        except (OSError, TimeoutError) as error:  # ssl.SSLError is an OSError
            raise Unavailable(f"the syslog receiver: {error or 'no answer'}") from error


def frame(checkpoint: Kept) -> bytes:
    """One message with its length before it."""
    host = _NOT_PRINTABLE.sub("", socket.gethostname())[:255] or "-"
    head = f"<{PRIORITY}>1 {checkpoint.at} {host} dermfolio-audit {os.getpid()} checkpoint -"
    message = f"{head} {one_line(checkpoint.position, checkpoint.note)}".encode()
    return b"%d %b" % (len(message), message)
