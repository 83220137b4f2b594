"""Entries have tags, and inherit those of the photographs in their workspaces."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, UUID

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("entries", sa.Column("tags", ARRAY(UUID()), nullable=False, server_default="{}"))
    op.add_column("entries", sa.Column("tags_version", sa.Integer, nullable=False, server_default="0"))
    op.create_table(
        "entry_tags",
        sa.Column("entry", UUID(), sa.ForeignKey("entries.id"), primary_key=True),
        sa.Column("tag", UUID(), sa.ForeignKey("tags.id"), primary_key=True),
        sa.Column("assigned_by", UUID(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "held_images",
        sa.Column("entry", UUID(), primary_key=True),
        sa.Column("image", UUID(), primary_key=True, index=True),
        sa.Column("holds", sa.Boolean, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("held_images")
    op.drop_table("entry_tags")
    op.drop_column("entries", "tags_version")
    op.drop_column("entries", "tags")
