"""What encryption costs: 5 MB objects stored and read back through Blobs, sealed and plain in turn, in the same run."""

import asyncio
import os
import statistics
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import contextmanager
from uuid import uuid4

from benchmarks.rows import Row, ratio
from dermfolio.common.blobs import Blobs
from dermfolio.common.sealing import Context, DataKey, Seal
from dermfolio.local.scratch import scratch_directory
from dermfolio.local.secrets import hexadecimal
from dermfolio.local.servers.object_store import BUCKET, SETUP, Credentials, ObjectStore
from dermfolio.local.servers.seaweedfs import SeaweedFS

OBJECT_BYTES = 5_000_000
CHUNK_BYTES = 64 * 1024  # what the HTTP server hands out at a time
PAIRS = 40
WARM_UP = 3


class Plain(Seal):
    """The anchor: the same road without encryption. It lives here so that the product cannot store plain bytes."""

    def sealed_length(self, plain_length: int) -> int:
        return plain_length

    async def seal(
        self,
        plain: AsyncIterator[bytes],
        plain_length: int,  # noqa: ARG002 - the seal's signature
    ) -> AsyncGenerator[bytes, None]:
        async for chunk in plain:
            yield chunk

    async def unseal(
        self,
        sealed: AsyncIterator[bytes],
        sealed_length: int,  # noqa: ARG002
        *,
        span: range | None = None,  # noqa: ARG002
        header: bytes = b"",  # noqa: ARG002
    ) -> AsyncGenerator[bytes, None]:
        async for chunk in sealed:
            yield chunk


def rows() -> list[Row]:
    """The figures of this benchmark; starts an object store of its own."""
    with _object_store() as store:
        ratios = asyncio.run(_ratios(store))
    return [
        ratio(
            "upload.encryption_overhead",
            statistics.median(ratios),
            "the same upload and download without encryption",
            1.15,
        )
    ]


@contextmanager
def _object_store() -> Iterator[ObjectStore]:
    with scratch_directory() as directory:
        store = SeaweedFS(
            directory / SeaweedFS.name,
            identities={SETUP: Credentials(hexadecimal(), hexadecimal())},
            keys={name: hexadecimal() for name in SeaweedFS.key_names},
        )
        store.start()
        try:
            store.ensure_bucket()
            yield store
        finally:
            store.stop()


async def _ratios(store: ObjectStore) -> list[float]:
    """Sealed by plain seconds, one ratio per pair; who goes first alternates."""
    who = store.identities[SETUP]
    ratios = []
    async with Blobs(store.url, BUCKET, access_key=who.access_key, secret_key=who.secret_key) as blobs:
        for pair in range(WARM_UP + PAIRS):
            kinds = (Seal, Plain) if pair % 2 else (Plain, Seal)
            seconds = {kind: await _there_and_back(blobs, kind) for kind in kinds}
            if pair >= WARM_UP:
                ratios.append(seconds[Seal] / seconds[Plain])
    return ratios


async def _there_and_back(blobs: Blobs, kind: type[Seal]) -> float:
    seal = kind(DataKey(os.urandom(32)), Context(owner="images", key=f"benchmark/{uuid4()}"))
    photograph = os.urandom(OBJECT_BYTES)
    begun = time.perf_counter()
    await blobs.put(seal, _uploaded(photograph), OBJECT_BYTES)
    async with await blobs.get(seal) as opened:
        received = [part async for part in opened]
    seconds = time.perf_counter() - begun
    assert b"".join(received) == photograph
    await blobs.delete([seal.context.key])
    return seconds


async def _uploaded(photograph: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(photograph), CHUNK_BYTES):
        yield photograph[start : start + CHUNK_BYTES]
