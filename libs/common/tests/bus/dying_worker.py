"""A worker whose handler ends its process at once, as a crash of a library would. Run as a program."""

import asyncio
import os
import sys
from dataclasses import replace
from typing import NoReturn
from urllib.parse import urlsplit

from dermfolio.common.bus import Connection, Consumer, JobRunner
from dermfolio.common.db import Database
from dermfolio.common.inbox import Inbox
from dermfolio.contracts.images import IngestImage
from dermfolio.contracts.streams import IMAGES_INGEST


async def _die(_: object, __: object) -> NoReturn:
    os._exit(17)


async def _main(nats_url: str, password: str, database_url: str) -> None:
    durable = replace(IMAGES_INGEST, ack_wait_seconds=1)
    consumer = Consumer(durable, {IngestImage: _die}, 1, _die, fault_delays=(0.05,))
    async with (
        Database(database_url, urlsplit(database_url).password or "") as db,
        Connection(nats_url, "images", password) as connection,
    ):
        await JobRunner(connection, consumer, Inbox(db, durable.name)).run()


if __name__ == "__main__":
    asyncio.run(_main(*sys.argv[1:]))
