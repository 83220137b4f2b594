"""Tables of audit; the names of constraints state the rules.

The trail is a partition per month of what happened (`make_month` makes one), each in order of time: a search reads the
newest records first and stops when its page is full. Filters have an index each, over the body or over columns that
are generated from it, so they say what the record says. Nothing but the chain's head ever changes. Constraints hold
within a month; over all months uniqueness rests on the one writer and on `verify`.
"""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSON, UUID

from dermfolio.common.plumbing import NAMING

metadata = sa.MetaData(naming_convention=NAMING)

ACCOUNT = """left(
CASE body ->> 'object_kind'
    WHEN 'user' THEN body ->> 'object_id'
    ELSE body #>> '{detail,user}'
END, 40)"""
"""The account that a record of identity is about. As text, cut: no fact is too strange for the index.

In the lines in which PostgreSQL writes it, by which migrations compare it.
"""

OF_IDENTITY = "producer = 'identity'"

ACTED = "body ->> 'user'"
"""The user who acted."""

DENIED = "body ->> 'outcome' = 'denied'"


def _in_order(name: str, value: str, where: str | None = None) -> sa.Index:
    """An index that leads to the records with a value, in order of time."""
    rows = None if where is None else sa.text(where)
    return sa.Index(f"ix_trail_{name}", sa.text(value), "at", "position", postgresql_where=rows)


def _member(name: str, *, where: str | None = None) -> sa.Index:
    member = f"body ->> '{name}'"
    return _in_order(name, f"({member})", where and f"{member} {where}")


trail = sa.Table(
    "trail",
    metadata,
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False, comment="gap-free from 1"),
    sa.Column("at", sa.DateTime(timezone=True), primary_key=True, comment="when it happened; the months are by it"),
    sa.Column("key_version", sa.Integer, nullable=False),
    sa.Column("body", JSON, nullable=False, comment="the record in canonical JSON; kept by the byte, unlike jsonb"),
    sa.Column("mac", sa.LargeBinary, nullable=False),
    sa.Column("id", UUID(as_uuid=True), sa.Computed("(body ->> 'id')::uuid", persisted=True), nullable=False),
    sa.Column("producer", sa.Text, sa.Computed("body ->> 'producer'", persisted=True), nullable=False),
    sa.Column("seq", sa.BigInteger, sa.Computed("(body ->> 'seq')::bigint", persisted=True), nullable=False),
    sa.Column("site", UUID(as_uuid=True), sa.Computed("(body ->> 'site')::uuid", persisted=True)),
    sa.Column("patient", UUID(as_uuid=True), sa.Computed("(body ->> 'patient')::uuid", persisted=True)),
    sa.CheckConstraint("position = (body ->> 'position')::bigint", name="position_is_the_records_own"),
    sa.CheckConstraint(
        """body ->> 'at' = to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')""",
        name="time_is_the_records_own",
    ),
    sa.CheckConstraint("octet_length(mac) = 32", name="mac_is_whole"),
    sa.UniqueConstraint("producer", "seq", "at", name="one_record_per_fact"),
    sa.Index("one_record_per_refusal", "id", "at", unique=True, postgresql_where=sa.text("producer = 'gateway'")),
    sa.Index("ix_trail_at", "at", "position"),
    _in_order("site", "site", "site IS NOT NULL"),
    _in_order("patient", "patient", "patient IS NOT NULL"),
    _member("user", where="IS NOT NULL"),
    _member("roles", where="IS NOT NULL"),
    _member("event"),
    _member("action"),
    _member("outcome", where="<> 'success'"),
    _member("object_kind"),
    _member("object_id", where="IS NOT NULL"),
    _member("address", where="IS NOT NULL"),
    _in_order("account", f"({ACCOUNT})", OF_IDENTITY),
    _in_order("denied", f"({ACTED})", DENIED),
    postgresql_partition_by="RANGE (at)",
)

trail_head = sa.Table(
    "trail_head",
    metadata,
    sa.Column("only", sa.Boolean, primary_key=True, server_default=sa.true()),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Column("mac", sa.LargeBinary, nullable=False),
    sa.CheckConstraint('"only"', name="one_row"),
)

chain_keys = sa.Table(
    "chain_keys",
    metadata,
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("key_check", sa.LargeBinary, nullable=False, comment="tells whether a key is the one used before"),
)

checkpoints = sa.Table(
    "checkpoints",
    metadata,
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("mac", sa.LargeBinary, nullable=False, comment="of the record at that position"),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("note", sa.Text, nullable=False, comment="the signed note that says so (c2sp.org/signed-note)"),
    sa.CheckConstraint("octet_length(mac) = 32", name="mac_is_whole"),
)

trail_origin = sa.Table(
    "trail_origin",
    metadata,
    sa.Column("only", sa.Boolean, primary_key=True, server_default=sa.true()),
    sa.Column("id", UUID(as_uuid=True), nullable=False, comment="names this trail in its checkpoints"),
    sa.CheckConstraint('"only"', name="one_row"),
)

deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("destination", sa.Text, primary_key=True),
    sa.Column("position", sa.BigInteger, nullable=False, comment="of the newest checkpoint that was brought there"),
)

APPEND_ONLY = (trail, checkpoints)
"""What the service adds to and reads, and nobody changes."""
