"""Waiting for a server that was just started."""

import asyncio

from dermfolio.local.servers.ports import HOST


async def listening(port: int) -> None:
    """Return once something listens on a loopback port."""
    while True:
        try:
            _, writer = await asyncio.open_connection(HOST, port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return
