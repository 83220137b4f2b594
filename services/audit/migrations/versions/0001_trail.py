"""The trail, which is only inserted into; its head; and the cursors of what it follows."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSON, UUID

from dermfolio.common.plumbing import LISTENER

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_APPEND_ONLY = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is only ever appended to' USING ERRCODE = 'insufficient_privilege';
END
$$
"""
_TRIGGER = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON trail
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""
_ALWAYS = "ALTER TABLE trail ENABLE ALWAYS TRIGGER append_only"  # also for sessions that play a replica


def _from_body(name: str, kind: sa.types.TypeEngine, expression: str, *, optional: bool = False) -> sa.Column:
    return sa.Column(name, kind, sa.Computed(expression, persisted=True), nullable=optional)


def upgrade() -> None:
    LISTENER.create(op.get_bind())
    op.create_table(
        "trail",
        sa.Column("position", sa.BigInteger, autoincrement=False, comment="gap-free from 1"),
        sa.Column("key_version", sa.Integer, nullable=False),
        sa.Column("body", JSON, nullable=False, comment="the record in canonical JSON; kept by the byte, unlike jsonb"),
        sa.Column("mac", sa.LargeBinary, nullable=False),
        _from_body("id", UUID(), "(body ->> 'id')::uuid"),
        _from_body("producer", sa.Text(), "body ->> 'producer'"),
        _from_body("seq", sa.BigInteger(), "(body ->> 'seq')::bigint"),
        _from_body("site", UUID(), "(body ->> 'site')::uuid", optional=True),
        _from_body("patient", UUID(), "(body ->> 'patient')::uuid", optional=True),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_trail")),
        sa.CheckConstraint(
            "position = (body ->> 'position')::bigint", name=op.f("ck_trail_position_is_the_records_own")
        ),
        sa.CheckConstraint("octet_length(mac) = 32", name=op.f("ck_trail_mac_is_whole")),
        sa.UniqueConstraint("producer", "seq", name="one_record_per_fact"),
    )
    op.create_index(
        "one_record_per_refusal", "trail", ["id"], unique=True, postgresql_where=sa.text("producer = 'gateway'")
    )
    op.create_index(
        "ix_trail_site_position", "trail", ["site", "position"], postgresql_where=sa.text("site IS NOT NULL")
    )
    op.create_index(
        "ix_trail_patient_position", "trail", ["patient", "position"], postgresql_where=sa.text("patient IS NOT NULL")
    )
    for statement in (_APPEND_ONLY, _TRIGGER, _ALWAYS):
        op.execute(statement)
    head = op.create_table(
        "trail_head",
        sa.Column("only", sa.Boolean, primary_key=True, server_default=sa.true()),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("mac", sa.LargeBinary, nullable=False),
        sa.CheckConstraint('"only"', name=op.f("ck_trail_head_one_row")),
    )
    op.bulk_insert(head, [{"position": 0, "mac": bytes(32)}])
    op.create_table(
        "chain_keys",
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("key_check", sa.LargeBinary, nullable=False, comment="tells whether a key is the one used before"),
    )


def downgrade() -> None:
    for table in ("chain_keys", "trail_head", "trail"):
        op.drop_table(table)
    op.execute("DROP FUNCTION refuse_change()")
    LISTENER.drop(op.get_bind())
