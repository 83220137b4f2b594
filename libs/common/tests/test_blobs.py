"""Objects on a real S3 store: whole or not at all, never overwritten, never wrong, never held whole."""

import asyncio
import io
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import pytest
import structlog

from dermfolio.common.blobs import BlobExists, BlobMissing, Blobs
from dermfolio.common.blobs.transfers import CONNECTIONS
from dermfolio.common.errors import Unavailable
from dermfolio.common.sealing import HEADER_BYTES, SEGMENT_BYTES, Context, DataKey, Seal, Tampered, WrongLength
from dermfolio.local.testing import Bucket

KEY = DataKey(os.urandom(32))
LENGTHS = [0, 1, SEGMENT_BYTES - 56, SEGMENT_BYTES - 55, 3 * SEGMENT_BYTES, 1_000_000]
DEADLINE = 30


@pytest.fixture
def opened_at(bucket: Bucket) -> Callable[..., Blobs]:
    """Makes the Blobs of an address, with our bucket and credentials where no others are given."""
    ours = {"bucket": bucket.name, "access_key": bucket.access_key, "secret_key": bucket.secret_key}
    return lambda endpoint=bucket.endpoint, **other: Blobs(endpoint, **ours | other)


@pytest.fixture
async def blobs(opened_at: Callable[..., Blobs]) -> AsyncIterator[Blobs]:
    async with opened_at() as opened:
        yield opened


def seal_of(key: str, *, revision: int = 0, data_key: DataKey = KEY) -> Seal:
    return Seal(data_key, Context(owner="images", key=key, revision=revision))


def new_seal() -> Seal:
    return seal_of(f"originals/{uuid4()}/1")


def picture(length: int) -> bytes:
    return os.urandom(1000) * (length // 1000) + b"x" * (length % 1000)


async def streamed(data: bytes, *, size: int = 50_000, pause: float = 0) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]
        await asyncio.sleep(pause)


async def keys_under(blobs: Blobs, prefix: str) -> list[str]:
    return [each.key async for each in blobs.stored(prefix)]


def overwrite(bucket: Bucket, key: str, sealed: bytes) -> None:
    """What someone with the store's credentials, but without the data key, can do."""
    bucket.client.put_object(bucket.name, key, io.BytesIO(sealed), len(sealed))


def sealed_bytes(bucket: Bucket, key: str) -> bytes:
    with bucket.client.get_object(bucket.name, key) as answer:
        return bytes(answer.read())


@pytest.mark.parametrize("length", LENGTHS)
async def test_what_was_put_is_read_back(blobs: Blobs, length: int) -> None:
    seal, plain = new_seal(), picture(length)
    await blobs.put(seal, streamed(plain), length)
    assert await blobs.read(seal) == plain


@pytest.mark.parametrize(
    "span",
    [range(1), range(700_000, 700_001), range(65_479, 65_481), range(200_000, 400_000), range(999_999, 1_000_000)],
)
async def test_a_range_is_read_without_the_rest(blobs: Blobs, span: range) -> None:
    seal, plain = new_seal(), picture(1_000_000)
    await blobs.write(seal, plain)
    async with await blobs.get(seal, span) as opened:
        assert b"".join([part async for part in opened]) == plain[span.start : span.stop]


async def test_nothing_of_an_object_is_readable_in_the_store(blobs: Blobs, bucket: Bucket) -> None:
    seal = new_seal()
    await blobs.write(seal, b"melanoma " * 10_000)
    sealed = sealed_bytes(bucket, seal.context.key)
    assert len(sealed) == seal.sealed_length(90_000)
    assert b"melanoma" not in sealed


async def test_an_object_that_is_not_there_is_missing(blobs: Blobs) -> None:
    for span in (None, range(10), range(1_000_000, 1_000_001)):
        with pytest.raises(BlobMissing):
            await blobs.get(new_seal(), span)


async def test_an_object_is_never_overwritten(blobs: Blobs) -> None:
    seal = new_seal()
    await blobs.write(seal, b"first")
    with pytest.raises(BlobExists):
        await blobs.write(seal, b"second")
    assert await blobs.read(seal) == b"first"


async def test_of_twins_at_the_same_moment_exactly_one_is_stored(blobs: Blobs) -> None:
    seal = new_seal()
    plains = [picture(300_000) for _ in range(6)]
    outcomes = await asyncio.gather(*(blobs.write(seal, plain) for plain in plains), return_exceptions=True)
    winners = [plain for plain, outcome in zip(plains, outcomes, strict=True) if outcome is None]
    assert [type(outcome) for outcome in outcomes if outcome is not None] == [BlobExists] * 5
    assert await blobs.read(seal) == winners[0]


@pytest.mark.parametrize("sent", [0, 100_000, 990_000, 1_000_000])
async def test_a_source_that_fails_leaves_nothing_and_its_error_is_the_callers(blobs: Blobs, sent: int) -> None:
    seal = new_seal()

    async def broken() -> AsyncIterator[bytes]:
        async for chunk in streamed(bytes(sent)):
            yield chunk
        raise TimeoutError("the browser went away")

    with pytest.raises(TimeoutError, match="the browser went away"):
        await blobs.put(seal, broken(), 1_000_000)
    assert await keys_under(blobs, seal.context.key) == []


@pytest.mark.parametrize("declared", [999_999, 1_000_001, 0, 2_000_000])
async def test_a_stream_of_another_length_than_declared_leaves_nothing(blobs: Blobs, declared: int) -> None:
    seal = new_seal()
    with pytest.raises(WrongLength):
        await blobs.put(seal, streamed(bytes(1_000_000)), declared)
    assert await keys_under(blobs, seal.context.key) == []


async def test_a_cancelled_upload_leaves_nothing(blobs: Blobs) -> None:
    seal = new_seal()
    halfway = asyncio.Event()

    async def endless() -> AsyncIterator[bytes]:
        yield bytes(900_000)
        halfway.set()
        await asyncio.sleep(DEADLINE)

    upload = asyncio.create_task(blobs.put(seal, endless(), 1_000_000))
    await halfway.wait()
    upload.cancel()
    with pytest.raises(asyncio.CancelledError):
        await upload
    assert await keys_under(blobs, seal.context.key) == []


def flipped(sealed: bytes) -> bytes:
    return sealed[:100] + bytes([sealed[100] ^ 1]) + sealed[101:]


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "a bit": flipped,
    "last byte gone": lambda sealed: sealed[:-1],
    "cut between segments": lambda sealed: sealed[:SEGMENT_BYTES],
    "first segment gone": lambda sealed: sealed[SEGMENT_BYTES:],
    "a byte more": lambda sealed: sealed + b"\0",
    "emptied": lambda _: b"",
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
async def test_a_damaged_object_is_an_error_and_an_alarm(
    blobs: Blobs, bucket: Bucket, damage: Callable[[bytes], bytes]
) -> None:
    seal = new_seal()
    await blobs.write(seal, picture(200_000))
    overwrite(bucket, seal.context.key, damage(sealed_bytes(bucket, seal.context.key)))
    with structlog.testing.capture_logs() as logs, pytest.raises(Tampered):
        await blobs.read(seal)
    assert [(record["event"], record["key"]) for record in logs] == [("blob.tampered", seal.context.key)]


async def test_swapped_objects_open_as_neither(blobs: Blobs, bucket: Bucket) -> None:
    one, other = new_seal(), new_seal()
    await blobs.write(one, b"a mole")
    await blobs.write(other, b"another mole")
    overwrite(bucket, one.context.key, sealed_bytes(bucket, other.context.key))
    with pytest.raises(Tampered):
        await blobs.read(one)


async def test_an_object_rolled_back_or_moved_to_another_patients_key_does_not_open(blobs: Blobs) -> None:
    key = f"renditions/{uuid4()}/1/320.webp"
    await blobs.write(seal_of(key, revision=1), b"old")
    with pytest.raises(Tampered):
        await blobs.read(seal_of(key, revision=2))
    with pytest.raises(Tampered):
        await blobs.read(seal_of(key, revision=1, data_key=DataKey(os.urandom(32))))


async def test_a_range_beyond_a_truncated_object_is_an_error(blobs: Blobs, bucket: Bucket) -> None:
    seal = new_seal()
    await blobs.write(seal, picture(300_000))
    overwrite(bucket, seal.context.key, sealed_bytes(bucket, seal.context.key)[: 2 * SEGMENT_BYTES])
    for span in (range(299_999, 300_000), range(100_000, 200_000), range(70_000, 70_001)):
        with pytest.raises(Tampered):
            await blobs.get(seal, span)


async def test_what_is_wrong_at_the_start_is_known_before_the_first_byte_is_given_out(
    blobs: Blobs, bucket: Bucket
) -> None:
    seal = new_seal()
    await blobs.write(seal, picture(300_000))
    sealed = sealed_bytes(bucket, seal.context.key)
    overwrite(bucket, seal.context.key, flipped(sealed))
    with pytest.raises(Tampered):
        await blobs.get(seal)


async def test_readers_who_leave_early_do_not_use_up_the_connections(blobs: Blobs) -> None:
    seal = new_seal()
    await blobs.write(seal, picture(3_000_000))
    async with asyncio.timeout(DEADLINE):
        for _ in range(CONNECTIONS + 10):
            async with await blobs.get(seal) as opened:
                async for _ in opened:
                    break
        assert len(await blobs.read(seal)) == 3_000_000


async def test_deleted_objects_are_gone_and_deleting_them_again_is_no_error(blobs: Blobs) -> None:
    seals = [new_seal() for _ in range(3)]
    for seal in seals:
        await blobs.write(seal, b"x")
    keys = [seal.context.key for seal in seals]
    await blobs.delete(keys[:2])
    await blobs.delete([])
    await blobs.delete(keys[:2])
    with pytest.raises(BlobMissing):
        await blobs.read(seals[0])
    assert await blobs.read(seals[2]) == b"x"


async def test_objects_are_listed_in_order_over_pages_and_from_a_key_on(blobs: Blobs) -> None:
    folder = f"listed/{uuid4()}"
    keys = [f"{folder}/{number:04}" for number in range(1050)]
    await asyncio.gather(*(blobs.write(seal_of(key), b"x") for key in [*keys, f"{folder}-not"]))
    found = [each async for each in blobs.stored(f"{folder}/")]
    assert [each.key for each in found] == keys
    assert {each.size for each in found} == {HEADER_BYTES + 1 + 16}
    assert await keys_under(blobs, f"{folder}/10") == keys[1000:]
    assert [each.key async for each in blobs.stored(f"{folder}/", after=keys[20])] == keys[21:]
    await blobs.delete(keys)
    assert await keys_under(blobs, f"{folder}/") == []


@pytest.mark.parametrize(
    "key", ["a//b", "/a", "a/", "a/../b", "a/./b", ".", "a b", "a?b", "a\n", "ä", "a%2Fb", "a" * 513, "\x00"]
)
async def test_keys_that_a_store_could_mangle_are_refused(blobs: Blobs, key: str) -> None:
    with pytest.raises(ValueError, match="not an object key"):
        await blobs.write(seal_of(key), b"x")
    with pytest.raises(ValueError, match="not an object key"):
        await blobs.delete([key])


async def test_the_check_passes_on_our_bucket(blobs: Blobs) -> None:
    await blobs.check()


def every_operation(blobs: Blobs) -> list[Callable[[], Awaitable[Any]]]:
    return [
        blobs.check,
        lambda: blobs.write(new_seal(), picture(10_000_000)),
        lambda: blobs.read(new_seal()),
        lambda: blobs.get(new_seal(), range(100_000, 100_001)),
        lambda: blobs.delete(["a/b"]),
        lambda: keys_under(blobs, "a/"),
    ]


async def all_are_unavailable(blobs: Blobs) -> None:
    async with blobs, asyncio.timeout(DEADLINE):
        for operation in every_operation(blobs):
            with pytest.raises(Unavailable) as caught:
                await operation()
            assert "Signature=" not in str(caught.value)


async def test_a_bucket_or_credentials_that_do_not_exist_are_unavailability(opened_at: Callable[..., Blobs]) -> None:
    await all_are_unavailable(opened_at(bucket="nowhere"))
    await all_are_unavailable(opened_at(secret_key="wrong"))


async def test_a_store_that_is_not_there_is_unavailable(opened_at: Callable[..., Blobs], unused_tcp_port: int) -> None:
    await all_are_unavailable(opened_at(f"http://127.0.0.1:{unused_tcp_port}"))


async def test_a_store_that_never_answers_is_unavailable(opened_at: Callable[..., Blobs]) -> None:
    async with wire(None) as endpoint:
        await all_are_unavailable(opened_at(endpoint, stall_seconds=0.5))


@asynccontextmanager
async def wire(store: str | None, *, up: float = 0, down: float = 0, cut: bool = False) -> AsyncIterator[str]:
    """A TCP line to the store that falls silent, or is cut, after so many bytes up or down; with no store, at once."""
    lines: list[asyncio.StreamWriter] = []

    async def carry(source: asyncio.StreamReader, sink: asyncio.StreamWriter, budget: float) -> None:
        while budget > 0 and (data := await source.read(min(65536, int(min(budget, 65536))))):
            budget -= len(data)
            sink.write(data)
            await sink.drain()
        if cut and budget <= 0:
            for line in lines:
                line.transport.abort()

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines.append(writer)
        if store is None:
            return
        host, _, port = store.removeprefix("http://").partition(":")
        store_reader, store_writer = await asyncio.open_connection(host, int(port))
        lines.append(store_writer)
        try:
            await asyncio.gather(carry(reader, store_writer, up), carry(store_reader, writer, down))
        except OSError:
            return

    server = await asyncio.start_server(connect, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for line in lines:
            line.transport.abort()


@pytest.mark.parametrize("cut", [True, False], ids=["cut", "silent"])
async def test_a_line_that_fails_during_an_upload_is_unavailability_and_leaves_nothing(
    blobs: Blobs, opened_at: Callable[..., Blobs], bucket: Bucket, cut: bool
) -> None:
    seal = new_seal()
    async with (
        wire(bucket.endpoint, up=7_900_000, down=1e9, cut=cut) as line,
        opened_at(line, stall_seconds=1) as far,
        asyncio.timeout(DEADLINE),
    ):
        with pytest.raises(Unavailable):
            await far.write(seal, bytes(8_000_000))
    assert await keys_under(blobs, seal.context.key) == []


@pytest.mark.parametrize("cut", [True, False], ids=["cut", "silent"])
async def test_a_line_that_fails_during_a_download_is_unavailability_after_genuine_bytes(
    blobs: Blobs, opened_at: Callable[..., Blobs], bucket: Bucket, cut: bool
) -> None:
    seal, plain = new_seal(), picture(8_000_000)
    await blobs.write(seal, plain)
    given = bytearray()

    async def take(far: Blobs) -> None:
        async with await far.get(seal) as opened:
            async for part in opened:
                given.extend(part)

    async with (
        wire(bucket.endpoint, up=1e9, down=5_000_000, cut=cut) as line,
        opened_at(line, stall_seconds=1) as far,
        asyncio.timeout(DEADLINE),
    ):
        with pytest.raises(Unavailable):
            await take(far)
    assert plain.startswith(bytes(given))
    assert cut or len(given) > 4_000_000, "what had arrived before the silence was given out"


async def test_a_slow_source_is_not_taken_for_a_stalled_store(opened_at: Callable[..., Blobs]) -> None:
    seal, plain = new_seal(), picture(300_000)
    async with opened_at(stall_seconds=1) as blobs:
        await blobs.put(seal, streamed(plain, size=150_000, pause=1.5), len(plain))
        assert await blobs.read(seal) == plain


TWENTY_UPLOADS = """
import asyncio, os, resource, sys
from uuid import uuid4
import uvloop
from dermfolio.common.blobs import Blobs
from dermfolio.common.sealing import Context, DataKey, Seal

endpoint, bucket, access_key, secret_key = sys.argv[1:]
LENGTH, CHUNK = 16_000_000, 64_000

async def photograph():
    for _ in range(LENGTH // CHUNK):
        yield bytes(CHUNK)
        await asyncio.sleep(0)

async def main():
    async with Blobs(endpoint, bucket, access_key=access_key, secret_key=secret_key) as blobs:
        seals = [Seal(DataKey(os.urandom(32)), Context(owner="images", key=f"flat/{uuid4()}")) for _ in range(21)]
        await blobs.put(seals[0], photograph(), LENGTH)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        await asyncio.gather(*(blobs.put(seal, photograph(), LENGTH) for seal in seals[1:]))
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
        await blobs.delete([seal.context.key for seal in seals])

uvloop.run(main())
"""


async def test_memory_stays_flat_with_twenty_uploads_at_once(bucket: Bucket) -> None:
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", TWENTY_UPLOADS, bucket.endpoint, bucket.name, bucket.access_key, bucket.secret_key],
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) * 1024 < 20 * 8 * SEGMENT_BYTES, "320 MB pass through a few segments for each upload"
