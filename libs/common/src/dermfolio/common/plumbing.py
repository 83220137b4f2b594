"""The tables every service keeps beside its own: outbox, inbox, cursors of what it follows, idempotent answers."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSON, UUID

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = sa.MetaData(naming_convention=NAMING)

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("position", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("id", UUID(as_uuid=True), nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("payload", JSON, nullable=False),
    sa.Column("origin", JSON, nullable=False),
    sa.Column("traceparent", sa.Text),
    sa.Column("broadcast", sa.Boolean, nullable=False, comment="the bus carries it; if not, followers alone read it"),
    sa.Column("seq", sa.BigInteger, comment="gap-free count of this producer's events; stamped by the relay"),
    sa.Column("published_at", sa.DateTime(timezone=True), comment="on the bus or, if not broadcast, numbered"),
    sa.Column("stream_seq", sa.BigInteger, comment="where the bus keeps it"),
    sa.UniqueConstraint("id", name="one_row_per_message"),
    sa.UniqueConstraint("seq", name="one_row_per_seq"),
    sa.CheckConstraint("kind IN ('evt', 'job', 'dlq')", name="kind_is_known"),
    sa.CheckConstraint("seq IS NULL OR kind = 'evt'", name="only_events_are_counted"),
    sa.Index("ix_outbox_waiting", "position", postgresql_where=sa.text("published_at IS NULL")),
    sa.Index("ix_outbox_jobs", "position", postgresql_where=sa.text("kind = 'job'")),
)

outbox_head = sa.Table(
    "outbox_head",
    metadata,
    sa.Column("singleton", sa.Boolean, primary_key=True, server_default=sa.true()),
    sa.Column("seq", sa.BigInteger, nullable=False, server_default="0"),
    sa.CheckConstraint("singleton", name="one_row"),
)

inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("consumer", sa.Text, primary_key=True),
    sa.Column("message", UUID(as_uuid=True), primary_key=True),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("state", sa.Text, nullable=False, server_default="open"),
    sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.CheckConstraint("state IN ('open', 'done', 'buried')", name="state_is_known"),
)

cursors = sa.Table(
    "cursors",
    metadata,
    sa.Column("follower", sa.Text, primary_key=True),
    sa.Column("producer", sa.Text, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False, server_default="0"),
)

idempotency = sa.Table(
    "idempotency",
    metadata,
    sa.Column("actor", UUID(as_uuid=True), primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("request_sha256", sa.LargeBinary, nullable=False),
    sa.Column("answer", sa.LargeBinary, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
)


@dataclass(frozen=True)
class Plumbing:
    """Which of the tables a service has."""

    tables: tuple[sa.Table, ...]

    def create(self, bind: sa.Connection) -> None:
        """Create the tables; called by a service's first migration."""
        metadata.create_all(bind, tables=list(self.tables), checkfirst=False)
        if outbox_head in self.tables:
            bind.execute(sa.insert(outbox_head))
            keep_payloads_as_written(bind)

    def drop(self, bind: sa.Connection) -> None:
        """Drop the tables."""
        metadata.drop_all(bind, tables=list(self.tables))


def keep_payloads_as_written(bind: sa.Connection) -> None:
    """Have the outbox keep payloads by the byte: ids do not compress, and trying costs more than all else of a read."""
    bind.execute(sa.text("ALTER TABLE outbox ALTER payload TYPE json, ALTER origin TYPE json"))
    bind.execute(sa.text("ALTER TABLE outbox ALTER payload SET STORAGE EXTERNAL"))


PRODUCER = Plumbing((outbox, outbox_head, inbox, cursors, idempotency))
"""A service that says things."""

LISTENER = Plumbing((cursors,))
"""A service that only follows others."""
