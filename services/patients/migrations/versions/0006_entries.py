"""Clinical entries of patients."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "entries",
        sa.Column("id", UUID(), primary_key=True),
        sa.Column("patient", UUID(), sa.ForeignKey("patients.id"), nullable=False),
        sa.Column("site", UUID(), nullable=False),
        sa.Column("appointment", sa.DateTime(timezone=True), nullable=False),
        sa.Column("notes", sa.String, nullable=False, server_default=""),
        sa.Column("notes_version", sa.Integer, nullable=False, server_default="0"),
        sa.Column("created_by", UUID(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_modified", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_entries_timeline", "entries", ["patient", sa.text("appointment DESC"), sa.text("id DESC")])


def downgrade() -> None:
    op.drop_table("entries")
