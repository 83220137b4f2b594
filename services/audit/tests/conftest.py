"""audit on real servers, with producers that say what a test tells them to."""

import base64
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import hypothesis
import pytest
from pydantic import SecretStr

from dermfolio.audit.app import follower_of, service, store_of
from dermfolio.audit.append import Writer
from dermfolio.audit.keep import Keeper
from dermfolio.audit.settings import AuditSettings
from dermfolio.audit.signing import CheckpointKeys
from dermfolio.audit.verify import Verifier
from dermfolio.common.auth import ActorVerifier, Call
from dermfolio.common.bus import Answers, Connection, Requests
from dermfolio.common.db import Database
from dermfolio.common.errors import Unavailable
from dermfolio.common.follow import FollowerRunner
from dermfolio.common.migrate import upgrade_async
from dermfolio.common.settings import DatabaseAccess, key_bytes
from dermfolio.common.setup import apply
from dermfolio.common.testing import Ground
from dermfolio.contracts.messages import now
from dermfolio.contracts.replay import REPLAYS, Fact, Facts, Origin, Replay
from dermfolio.contracts.views.audit import VerificationView
from dermfolio.local.servers.nats_server import NatsServer
from dermfolio.local.servers.object_store import SETUP, ObjectStore
from dermfolio.local.servers.postgres import Postgres
from dermfolio.local.testing import NewOwnedDatabase, OwnedDatabase

MIGRATIONS = Path(__file__).parents[1] / "migrations"

hypothesis.settings.register_profile("shared-machine", deadline=None)
hypothesis.settings.load_profile("shared-machine")


@dataclass
class Producer:
    """A service whose outbox a test fills."""

    name: str
    facts: list[Fact] = field(default_factory=list)
    forgotten: int = 0
    """Facts up to this seq are too old to be had."""
    down: bool = False
    connection: Connection | None = None

    def say(self, event: str = "viewed", origin: Origin | None = None, **data: Any) -> Fact:
        """Put a fact into the outbox; nobody is told."""
        fact = Fact(
            seq=len(self.facts) + 1,
            id=uuid4(),
            subject=f"evt.{self.name}.{event}",
            at=now(),
            data=data,
            origin=origin or Origin(user=uuid4()),
        )
        self.facts.append(fact)
        return fact

    async def tell(self) -> None:
        """Say on the bus that there is something."""
        assert self.connection is not None
        await self.connection.client.publish(self.facts[-1].subject, b"{}")

    async def replay(self, request: Replay, call: Call) -> Facts:
        """Answer as an outbox does."""
        call.need_service("audit")
        if self.down:
            raise Unavailable("down")
        found = [f for f in self.facts if f.seq > max(request.after, self.forgotten)][: request.limit]
        upto = found[-1].seq if len(found) == request.limit else max(len(self.facts), request.after)
        return Facts(facts=found, upto=upto, head=len(self.facts))


@dataclass
class Producers:
    """All that audit follows."""

    identity: Producer = field(default_factory=lambda: Producer("identity"))
    patients: Producer = field(default_factory=lambda: Producer("patients"))
    images: Producer = field(default_factory=lambda: Producer("images"))
    registration: Producer = field(default_factory=lambda: Producer("registration"))

    def all(self) -> tuple[Producer, ...]:
        """Every one of them."""
        return self.identity, self.patients, self.images, self.registration


@dataclass
class Trail:
    """A trail as its writer, its verifier and somebody with the superuser's password see it."""

    db: Database
    settings: AuditSettings
    asking: Requests
    follower: FollowerRunner
    postgres: Postgres
    owned: OwnedDatabase

    @property
    def database(self) -> str:
        """The name of its database."""
        return urlsplit(self.settings.database_url).path.removeprefix("/")

    @property
    def writer(self) -> Writer:
        """What appends."""
        return Writer(self.settings.keys)

    @property
    def keeper(self) -> Keeper:
        """What keeps audit's own records and the gateway's."""
        return Keeper(self.db, self.writer)

    async def take_up(self, producer: Producer) -> None:
        """Take up everything a producer has, as the service does, also beside it."""
        await self.follower.catch_up(producer.name)

    @property
    def checkpoint_keys(self) -> CheckpointKeys:
        """What signs, and what is known to have signed."""
        seed = key_bytes(self.settings.checkpoint_key)
        return CheckpointKeys(self.db, seed, self.settings.retired_checkpoint_keys)

    async def verify(self, outside: str = "") -> VerificationView:
        """Verify it."""
        keys = self.checkpoint_keys
        return await Verifier(self.db, self.asking, self.settings.keys, keys, store_of(self.settings)).verify(outside)

    async def records(self) -> list[dict[str, Any]]:
        """Every record, in order."""
        async with self.db.read() as rows:
            return [json.loads(row["body"]) for row in await rows.fetch("SELECT body FROM trail ORDER BY position")]

    def tamper(self, statements: str) -> None:
        """Run SQL as the superuser, past the trigger and the rule that a record stands at its own position."""
        past = (
            "DO $$ DECLARE part regclass; BEGIN "
            "FOR part IN SELECT relid FROM pg_partition_tree('trail') LOOP "
            "EXECUTE format('ALTER TABLE %s DISABLE TRIGGER append_only', part); END LOOP; END $$",
            "ALTER TABLE trail DROP CONSTRAINT IF EXISTS ck_trail_position_is_the_records_own",
            "ALTER TABLE trail DROP CONSTRAINT IF EXISTS ck_trail_time_is_the_records_own",
        )
        self.postgres.execute(";\n".join((*past, statements, "")), database=self.database)


@pytest.fixture
def ground(nats: NatsServer) -> Ground:
    return Ground(nats)


@pytest.fixture
async def owned(new_owned_database: NewOwnedDatabase) -> OwnedDatabase:
    """A database with the tables of audit: one role owns them, the service has another."""
    made = new_owned_database("audit")
    await migrated(made)
    return made


async def migrated(database: OwnedDatabase) -> None:
    """Migrate as the role that owns the tables, and let the service's role do what it needs."""
    owners, own = urlsplit(database.owners_url), urlsplit(database.url)
    as_owner = DatabaseAccess(database_url=database.owners_url, database_password=SecretStr(owners.password or ""))
    await upgrade_async(as_owner, MIGRATIONS, role=own.username)


@pytest.fixture
async def settings(ground: Ground, owned: OwnedDatabase) -> AuditSettings:
    """Settings of an audit service whose database has its tables."""
    return settings_on(ground, owned.url, "http://127.0.0.1:1")


def settings_on(ground: Ground, url: str, store: str, **more: Any) -> AuditSettings:
    """Settings on a database, with new keys and what the object store at an address would be told."""
    told = {
        "chain_key": new_key(),
        "checkpoint_key": new_key(),
        "s3_endpoint": store,
        "s3_access_key": new_key(),
        "s3_secret_key": new_key(),
    }
    return ground.settings(AuditSettings, "audit", url, **(told | more))


def new_key() -> str:
    """32 random bytes as a secret of the service."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


@pytest.fixture
async def db(settings: AuditSettings) -> AsyncIterator[Database]:
    async with Database(settings.database_url, settings.database_password.get_secret_value()) as database:
        yield database


@pytest.fixture
async def producers(ground: Ground) -> AsyncIterator[Producers]:
    """Producers that answer on the bus."""
    made = Producers()
    verifier = ActorVerifier(ground.trusted_keys)
    await apply(ground.nats.url, ground.nats.passwords["setup"])
    async with AsyncExitStack() as stack:
        for producer in made.all():
            producer.connection = await stack.enter_async_context(
                Connection(ground.nats.url, producer.name, ground.nats.passwords[producer.name])
            )
            await stack.enter_async_context(
                Answers(producer.connection, verifier, {REPLAYS[producer.name]: producer.replay})
            )
        yield made


@pytest.fixture
async def trail(
    ground: Ground,
    settings: AuditSettings,
    db: Database,
    producers: Producers,
    postgres: Postgres,
    owned: OwnedDatabase,
) -> AsyncIterator[Trail]:
    """An empty trail, its service not running."""
    password = ground.nats.passwords["audit"]
    async with (
        Connection(ground.nats.url, "audit", password) as connection,
        Requests(connection, ground.signer("audit")) as requests,
        ground.asking("audit", patience=0.2) as asking,
    ):
        follower = FollowerRunner(db, connection, requests, follower_of(Writer(settings.keys)))
        yield Trail(db, settings, asking, follower, postgres, owned)


@pytest.fixture
async def audit(ground: Ground, settings: AuditSettings, producers: Producers) -> AsyncIterator[Requests]:
    """The service runs; yields what asks it as the gateway does."""
    async with ground.running("audit", settings, service, MIGRATIONS), ground.asking() as requests:
        yield requests


@pytest.fixture
def stored(trail: Trail, object_store: ObjectStore, request: pytest.FixtureRequest) -> Trail:
    """A trail whose checkpoints go to a locked bucket of a real store."""
    return with_store(trail, object_store, f"trail-{trail.database.replace('_', '-')}", locked=True)


@pytest.fixture
def loose(trail: Trail, object_store: ObjectStore) -> Trail:
    """The same with a store that locks nothing."""
    return with_store(trail, object_store, f"loose-{trail.database.replace('_', '-')}", locked=False)


def with_store(trail: Trail, store: ObjectStore, bucket: str, *, locked: bool) -> Trail:
    """Point a trail's settings at a new bucket."""
    who = store.identities[SETUP]
    (store.ensure_locked_bucket if locked else store.ensure_bucket)(bucket)
    text = type(trail.settings.chain_key)
    trail.settings = trail.settings.model_copy(
        update={
            "s3_endpoint": store.url,
            "checkpoint_bucket": bucket,
            "s3_access_key": text(who.access_key),
            "s3_secret_key": text(who.secret_key),
        }
    )
    return trail
