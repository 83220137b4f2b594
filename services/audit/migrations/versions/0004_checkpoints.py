"""Signed checkpoints, which are only inserted, the name that they give the trail, and where they were brought."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TRIGGER = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""
_ALWAYS = "ALTER TABLE {table} ENABLE ALWAYS TRIGGER append_only"


def upgrade() -> None:
    op.create_table(
        "checkpoints",
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("mac", sa.LargeBinary, nullable=False, comment="of the record at that position"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text, nullable=False, comment="the signed note that says so (c2sp.org/signed-note)"),
        sa.CheckConstraint("octet_length(mac) = 32", name=op.f("ck_checkpoints_mac_is_whole")),
    )
    op.create_table(
        "trail_origin",
        sa.Column("only", sa.Boolean, primary_key=True, server_default=sa.true()),
        sa.Column("id", UUID(as_uuid=True), nullable=False, comment="names this trail in its checkpoints"),
        sa.CheckConstraint('"only"', name=op.f("ck_trail_origin_one_row")),
    )
    op.execute("INSERT INTO trail_origin (id) VALUES (gen_random_uuid())")
    for table in ("checkpoints", "trail_origin"):
        op.execute(_TRIGGER.format(table=table))
        op.execute(_ALWAYS.format(table=table))
    op.create_table(
        "deliveries",
        sa.Column("destination", sa.Text, primary_key=True),
        sa.Column("position", sa.BigInteger, nullable=False, comment="of the newest checkpoint that was brought there"),
    )


def downgrade() -> None:
    for table in ("deliveries", "trail_origin", "checkpoints"):
        op.drop_table(table)
