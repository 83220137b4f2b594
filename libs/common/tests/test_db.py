"""What a block of the database promises: one commit at its end, words with the effect, reading that cannot write."""

import asyncio
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import asyncpg
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError

from dermfolio.common import db as database
from dermfolio.common.db import Database, address, violated
from dermfolio.common.errors import Refused, Unavailable
from dermfolio.common.plumbing import cursors, outbox
from dermfolio.contracts.images import ImageIngested, IngestImage
from dermfolio.contracts.replay import Origin

ORIGIN = Origin(user=UUID(int=1), roles=["clinician"], address="192.0.2.1")


async def _follow(db: Database, name: str) -> None:
    async with db.write() as s:
        await s.execute(sa.insert(cursors).values(follower=name, producer="images"))


async def _followers(db: Database) -> list[str]:
    async with db.read() as rows:
        return [r["follower"] for r in await rows.fetch("SELECT follower FROM cursors ORDER BY 1")]


async def test_a_block_commits_at_its_end(db: Database) -> None:
    async with db.write() as s:
        await s.execute(sa.insert(cursors).values(follower="a", producer="images"))
        assert await _followers(db) == []
    assert await _followers(db) == ["a"]


@pytest.mark.parametrize(
    "error", [Refused("not_found"), ValueError("a fault"), KeyError("x"), asyncio.CancelledError()]
)
async def test_a_block_that_raises_leaves_nothing_behind_and_raises_the_same(
    db: Database, error: BaseException
) -> None:
    with pytest.raises(type(error)) as raised:  # noqa: PT012
        async with db.write() as s:
            await s.execute(sa.insert(cursors).values(follower="a", producer="images"))
            s.say(ImageIngested(image=uuid4(), version=1, revision=1), ORIGIN)
            raise error
    assert raised.value is error
    assert await _followers(db) == []
    async with db.read() as rows:
        assert await rows.fetchval("SELECT count(*) FROM outbox") == 0


async def test_what_is_said_is_in_the_outbox_with_the_effect_and_wakes_the_relay(db: Database) -> None:
    woken: list[int] = []
    db.on_said = lambda: woken.append(1)
    event = ImageIngested(image=uuid4(), patient=uuid4(), site=uuid4(), version=3, revision=1)
    job = IngestImage(image=uuid4(), patient=uuid4(), site=uuid4(), attempt=uuid4())
    async with db.write() as s:
        await s.execute(sa.insert(cursors).values(follower="a", producer="images"))
        s.say(event, ORIGIN)
        s.say(job, Origin(service="images"))
        assert woken == []
    assert woken == [1]
    async with db.write() as s:
        first, second = (await s.execute(sa.select(outbox).order_by(outbox.c.position))).all()
    assert (first.id, first.kind, first.subject, first.at) == (event.id, "evt", event.subject, event.at)
    assert ImageIngested.model_validate(first.payload) == event
    assert Origin.model_validate(first.origin) == ORIGIN
    assert (first.seq, first.published_at, first.stream_seq) == (None, None, None)
    assert (second.id, second.kind) == (job.id, "job")


async def test_a_block_that_said_nothing_wakes_nobody(db: Database) -> None:
    db.on_said = lambda: pytest.fail("nothing was said")
    await _follow(db, "a")


async def test_two_messages_with_one_id_are_a_fault(db: Database) -> None:
    event = ImageIngested(image=uuid4(), version=1, revision=1)
    with pytest.raises(IntegrityError) as broken:  # noqa: PT012
        async with db.write() as s:
            s.say(event, ORIGIN)
            s.say(event, ORIGIN)
    assert violated(broken.value) == "one_row_per_message"


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO cursors VALUES ('a', 'images', 1)",
        "DELETE FROM cursors",
        "CREATE TABLE made_by_a_reader (id int)",
        "UPDATE cursors SET seq = 2",
        "TRUNCATE cursors",
        "SELECT follower FROM cursors FOR UPDATE",
    ],
)
async def test_a_read_connection_cannot_write(db: Database, statement: str) -> None:
    await _follow(db, "kept")
    with pytest.raises(Unavailable, match="ReadOnlySQLTransactionError"):
        async with db.read() as rows:
            await rows.execute(statement)
    assert await _followers(db) == ["kept"]


async def test_times_are_utc_whatever_the_machine_says(db: Database) -> None:
    async with db.read() as rows:
        assert await rows.fetchval("SHOW timezone") == "UTC"
        assert (await rows.fetchval("SELECT now()")).tzinfo is not None
        moment = await rows.fetchval("SELECT '2026-01-02 03:04:05'::timestamptz")
    assert moment == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


async def test_statements_and_locks_do_not_wait_for_ever(db: Database) -> None:
    async with db.read() as rows:
        read = [await rows.fetchval(f"SHOW {name}") for name in ("statement_timeout", "lock_timeout")]
    async with db.write() as s:
        write = [await s.scalar(sa.text(f"SHOW {name}")) for name in ("statement_timeout", "lock_timeout")]
    assert read == write == ["20s", "5s"]


async def test_a_connection_broken_by_the_server_is_unavailable_and_the_next_block_has_another(db: Database) -> None:
    broken = "SELECT pg_terminate_backend(pg_backend_pid())"
    for _ in range(3):
        with pytest.raises(Unavailable):
            async with db.write() as s:
                await s.execute(sa.text(broken))
        with pytest.raises(Unavailable):
            async with db.read() as rows:
                await rows.fetchval(broken)
    await _follow(db, "a")
    assert await _followers(db) == ["a"]


async def test_a_statement_that_takes_too_long_is_unavailable(db: Database) -> None:
    with pytest.raises(Unavailable, match="QueryCanceledError"):  # noqa: PT012
        async with db.write() as s:
            await s.execute(sa.text("SET LOCAL statement_timeout = '20ms'"))
            await s.execute(sa.text("SELECT pg_sleep(20)"))
    with pytest.raises(Unavailable, match="TimeoutError"):
        async with db.read() as rows:
            await rows.fetchval("SELECT pg_sleep(20)", timeout=0.02)


async def test_a_reader_that_leaves_in_the_middle_of_a_statement_leaves_nothing_to_the_next(database_url: str) -> None:
    async with Database(database_url, urlsplit(database_url).password or "", size=1) as db:
        begun = asyncio.Event()

        async def read() -> None:
            async with db.read() as rows:
                begun.set()
                await rows.fetchval("SELECT 7 FROM pg_sleep(20)")

        for _ in range(3):
            begun.clear()
            reader = asyncio.create_task(read())
            await begun.wait()
            await asyncio.sleep(0.02)
            reader.cancel()
            await asyncio.wait({reader})
            assert reader.cancelled()
            async with db.read() as rows:
                assert await asyncio.wait_for(rows.fetchval("SELECT 8"), 10) == 8


async def test_a_fault_of_ours_is_not_taken_for_an_outage(db: Database) -> None:
    with pytest.raises(DBAPIError) as written:
        async with db.write() as s:
            await s.execute(sa.insert(cursors).values(follower="a", producer="images", seq=2**70))
    assert not isinstance(written.value, Unavailable)
    with pytest.raises(asyncpg.DataError, match="invalid input"):
        async with db.read() as rows:
            await rows.fetchval("SELECT seq FROM cursors WHERE follower = $1", 7)
    with pytest.raises(asyncpg.PostgresSyntaxError):
        async with db.read() as rows:
            await rows.fetchval("SELEKT")


async def test_a_row_locked_for_too_long_is_unavailable_not_a_hang(db: Database) -> None:
    await _follow(db, "a")
    change = sa.update(cursors).where(cursors.c.follower == "a").values(seq=cursors.c.seq + 1)
    async with db.write() as holder:
        await holder.execute(change)
        with pytest.raises(Unavailable, match="LockNotAvailableError"):  # noqa: PT012
            async with db.write() as s:
                await s.execute(sa.text("SET LOCAL lock_timeout = '50ms'"))
                await s.execute(change)


async def test_two_blocks_that_wait_for_each_other_end_as_unavailable(db: Database) -> None:
    for name in "ab":
        await _follow(db, name)
    both = asyncio.Barrier(2)

    async def take(first: str, second: str) -> str:
        try:
            async with db.write() as s:
                for name, wait in ((first, True), (second, False)):
                    await s.execute(sa.update(cursors).where(cursors.c.follower == name).values(seq=1))
                    if wait:
                        await both.wait()
        except Unavailable as error:
            return str(error)
        return "done"

    ends = await asyncio.gather(take("a", "b"), take("b", "a"))
    assert sorted(ends) == ["database: DeadlockDetectedError", "done"]


@pytest.mark.parametrize("kind", ["read", "write"])
async def test_more_blocks_than_connections_wait_their_turn(db: Database, kind: str) -> None:
    async def use() -> None:
        async with getattr(db, kind)() as s:
            await (s.execute("SELECT 1") if kind == "read" else s.execute(sa.text("SELECT 1")))

    await asyncio.gather(*(use() for _ in range(100)))


@pytest.mark.parametrize("kind", ["read", "write"])
async def test_an_exhausted_pool_is_unavailable_not_a_hang(
    database_url: str, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(database, "ACQUIRE_SECONDS", 0.2)
    password = urlsplit(database_url).password or ""
    async with Database(database_url, password, size=1) as db:
        held, release = asyncio.Event(), asyncio.Event()

        async def hold() -> None:
            async with getattr(db, kind)() as s:
                await (s.execute("SELECT 1") if kind == "read" else s.execute(sa.text("SELECT 1")))
                held.set()
                await release.wait()

        holding = asyncio.create_task(hold())
        await asyncio.wait_for(held.wait(), 20)
        with pytest.raises(Unavailable):
            await asyncio.wait_for(hold(), 20)
        release.set()
        await holding
        await hold()


async def test_a_password_may_hold_any_character() -> None:
    made = address("postgresql://images@127.0.0.1:5433/images", "a/b:c@d?e#f%20")
    assert made == "images:a%2Fb%3Ac%40d%3Fe%23f%2520@127.0.0.1:5433/images"
    url = sa.make_url(f"postgresql+asyncpg://{made}")
    assert (url.password, url.host, url.port, url.database) == ("a/b:c@d?e#f%20", "127.0.0.1", 5433, "images")
