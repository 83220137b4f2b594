"""One PostgreSQL database per service. Reading and writing are two types, so reading code cannot write by accident.

`async with db.read() as rows:` gives a read-only asyncpg connection (hot reads are plain SQL, often JSON made by
the database). `async with db.write() as s:` gives a session that commits at the end of the block and nowhere else;
what is said in it (`s.say`) goes into the outbox in the same transaction.
"""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any
from urllib.parse import quote, urlsplit

import asyncpg
import sqlalchemy as sa
from opentelemetry import propagate
from sqlalchemy.exc import DBAPIError, DisconnectionError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncSession as SQLAlchemyAsyncSession
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from dermfolio.common.connections import Connections
from dermfolio.common.errors import Unavailable
from dermfolio.common.plumbing import outbox
from dermfolio.contracts.messages import Event, Job, Recorded
from dermfolio.contracts.replay import Origin

ReadConnection = asyncpg.Connection
CONNECT_SECONDS = 5
ACQUIRE_SECONDS = 10
STATEMENT_SECONDS = 20
_LOST = (
    OSError,
    TimeoutError,
    PoolTimeout,
    OperationalError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # the server's last word was an error, and its end is not noticed yet
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.DiskFullError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.QueryCanceledError,
    asyncpg.LockNotAvailableError,
    asyncpg.DeadlockDetectedError,
)


@contextmanager
def _faults() -> Iterator[None]:
    """Turn a lost or overloaded database into `Unavailable`; other errors are faults of ours and stay."""
    try:
        yield
    except Exception as error:
        cause = _beneath(error)
        if isinstance(cause, _LOST) or (isinstance(error, DBAPIError) and error.connection_invalidated):
            raise Unavailable(f"database: {type(cause).__name__}") from error
        raise


def _beneath(error: Exception) -> Exception:
    """The driver's error beneath SQLAlchemy's."""
    driver = getattr(error.orig, "__cause__", None) if isinstance(error, DBAPIError) else None
    return driver if isinstance(driver, Exception) else error


def traceparent() -> str | None:
    """The current trace, as the outbox keeps it (W3C Trace Context)."""
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return carrier.get("traceparent")


def row_of(message: Recorded, origin: Origin) -> dict[str, Any]:
    """The outbox row of a message."""
    return {
        "id": message.id,
        "kind": message.subject.split(".", 1)[0],
        "subject": message.subject,
        "at": message.at,
        "payload": message.model_dump(mode="json"),
        "origin": origin.model_dump(mode="json", exclude_defaults=True),
        "traceparent": traceparent(),
        "broadcast": not isinstance(message, Event) or message.broadcast(),
    }


def address(url: str, password: str) -> str:
    """The part of a database's URL after the scheme, with the password filled in."""
    parts = urlsplit(url)
    return f"{parts.username}:{quote(password, safe='')}@{parts.hostname}:{parts.port or 5432}{parts.path}"


class WriteSession(AsyncSession):
    """A session that may write, and may say what it did."""

    execute = SQLAlchemyAsyncSession.execute
    """Core statements are as welcome as SQLModel's; SQLModel's own `execute` warns at each."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.said: list[dict[str, Any]] = []

    def say(self, message: Event | Job, origin: Origin) -> None:
        """Put a message into the outbox with this transaction; the relay publishes it after the commit."""
        self.said.append(row_of(message, origin))


class Database:
    """Pools of one service's database: `size` connections for reading, as many for writing, and as many for single
    statements that write.
    """

    def __init__(self, url: str, password: str, *, size: int = 5) -> None:
        self._dsn = address(url, password)
        self._engine = create_async_engine(
            f"postgresql+asyncpg://{self._dsn}",
            pool_size=size,
            max_overflow=0,
            pool_timeout=ACQUIRE_SECONDS,
            pool_recycle=1800,
            connect_args={"timeout": CONNECT_SECONDS, "server_settings": _guards()},
        )
        sa.event.listen(self._engine.sync_engine, "checkout", _only_open)
        self._reading = self._connections(size, read_only=True)
        self._executing = self._connections(size, read_only=False)
        self.on_said: Callable[[], None] = lambda: None
        """Called after a commit that left something in the outbox."""

    async def __aenter__(self) -> "Database":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._reading.close()
        await self._executing.close()
        await self._engine.dispose()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[WriteSession]:
        """Yield a session that commits when the block ends and rolls back when it raises.

        Raises Unavailable when the database is down, overloaded, or broke the connection.
        """
        with _faults():
            async with WriteSession(self._engine, expire_on_commit=False) as session:
                yield session
                if session.said:
                    await session.execute(sa.insert(outbox), session.said)
                await session.commit()
        if session.said:
            self.on_said()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[ReadConnection]:
        """Yield a read-only connection; each statement sees what was committed before it."""
        with _faults():
            async with self._reading.one(ACQUIRE_SECONDS) as connection:
                yield connection

    async def execute(self, statement: str, *arguments: Any) -> int:
        """Run one statement that writes, as a transaction of its own: a single round trip; returns how many rows."""
        with _faults():
            async with self._executing.one(ACQUIRE_SECONDS) as connection:
                done = await connection.execute(statement, *arguments)
        return int(done.rpartition(" ")[2])

    async def fetch(self, statement: str, *arguments: Any) -> list[asyncpg.Record]:
        """Run one statement that writes and also shows something; returns its rows once it is committed."""
        with _faults():
            async with self._executing.one(ACQUIRE_SECONDS) as connection:
                found: list[asyncpg.Record] = await connection.fetch(statement, *arguments)
        return found

    async def dedicated(self) -> asyncpg.Connection:
        """Open a connection outside the pools, for advisory locks; the caller closes it."""
        with _faults():
            return await asyncpg.connect(f"postgresql://{self._dsn}", timeout=CONNECT_SECONDS)

    async def check(self) -> None:
        """Raise Unavailable unless the database answers."""
        async with self.read() as rows:
            await rows.fetchval("SELECT 1", timeout=CONNECT_SECONDS)

    def _connections(self, size: int, *, read_only: bool) -> Connections:
        ways = {
            "default_transaction_read_only": "on" if read_only else "off",
            # statements are written so that one plan serves all arguments; making one costs as much as a page
            "plan_cache_mode": "force_generic_plan",
        }
        return Connections(
            f"postgresql://{self._dsn}",
            size=size,
            timeout=CONNECT_SECONDS,
            command_timeout=STATEMENT_SECONDS,
            server_settings=_guards() | ways,
        )


def _only_open(connection: Any, *_: Any) -> None:
    """Replace a pooled connection that the server closed meanwhile, instead of failing its next user."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError


def _guards() -> dict[str, str]:
    return {
        "statement_timeout": f"{STATEMENT_SECONDS}s",
        "lock_timeout": "5s",
        "idle_in_transaction_session_timeout": "60s",
        "timezone": "UTC",
    }


def violated(error: Exception) -> str | None:
    """Name the constraint that an integrity error broke; None when the error is another."""
    cause = getattr(getattr(error, "orig", None), "__cause__", None)
    return getattr(cause, "constraint_name", None)
