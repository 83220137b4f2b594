"""Tables of audit; the names of constraints state the rules.

The columns that searches use are generated from the body, so they say what the record says. Nothing but the chain's
head ever changes. When the trail is partitioned, uniqueness of (producer, seq) rests on the one writer and on `verify`.
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

trail = sa.Table(
    "trail",
    metadata,
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False, comment="gap-free from 1"),
    sa.Column("key_version", sa.Integer, nullable=False),
    sa.Column("body", JSON, nullable=False, comment="the record in canonical JSON; kept by the byte, unlike jsonb"),
    sa.Column("mac", sa.LargeBinary, nullable=False),
    sa.Column("id", UUID(as_uuid=True), sa.Computed("(body ->> 'id')::uuid", persisted=True), nullable=False),
    sa.Column("producer", sa.Text, sa.Computed("body ->> 'producer'", persisted=True), nullable=False),
    sa.Column("seq", sa.BigInteger, sa.Computed("(body ->> 'seq')::bigint", persisted=True), nullable=False),
    sa.Column("site", UUID(as_uuid=True), sa.Computed("(body ->> 'site')::uuid", persisted=True)),
    sa.Column("patient", UUID(as_uuid=True), sa.Computed("(body ->> 'patient')::uuid", persisted=True)),
    sa.CheckConstraint("position = (body ->> 'position')::bigint", name="position_is_the_records_own"),
    sa.CheckConstraint("octet_length(mac) = 32", name="mac_is_whole"),
    sa.UniqueConstraint("producer", "seq", name="one_record_per_fact"),
    sa.Index("one_record_per_refusal", "id", unique=True, postgresql_where=sa.text("producer = 'gateway'")),
    sa.Index("ix_trail_site_position", "site", "position", postgresql_where=sa.text("site IS NOT NULL")),
    sa.Index("ix_trail_patient_position", "patient", "position", postgresql_where=sa.text("patient IS NOT NULL")),
    sa.Index("ix_trail_account_position", sa.text(f"({ACCOUNT})"), "position", postgresql_where=sa.text(OF_IDENTITY)),
    sa.Index("ix_trail_denied_position", sa.text(f"({ACTED})"), "position", postgresql_where=sa.text(DENIED)),
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
