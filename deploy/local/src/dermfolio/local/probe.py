"""Asks a process whether it is ready."""

import asyncio

from dermfolio.local.servers.ports import HOST


async def is_ready(port: int, *, seconds: float = 2.0) -> bool:
    """Whether `GET /readyz` on the loopback `port` is answered with 200 within `seconds`."""
    try:
        async with asyncio.timeout(seconds):
            reader, writer = await asyncio.open_connection(HOST, port)
            try:
                writer.write(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                status = await reader.readline()
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return False
    return status.split()[1:2] == [b"200"]
