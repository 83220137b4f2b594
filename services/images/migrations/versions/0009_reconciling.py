"""What no image claims waits before it is removed; what images have lost is kept track of; originals are re-hashed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "orphans",
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "findings",
        sa.Column("image", UUID(), sa.ForeignKey("images.id"), primary_key=True),
        sa.Column("object", sa.String(), primary_key=True),
        sa.Column("finding", sa.String(), primary_key=True),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "alarms",
        sa.Column("alarm", sa.String(), primary_key=True),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.add_column("images", sa.Column("examined_at", sa.DateTime(timezone=True)))
    op.create_index(
        "ix_images_examined",
        "images",
        [sa.text("examined_at NULLS FIRST"), "id"],
        postgresql_where=sa.text("state <> 'rejected'"),
    )


def downgrade() -> None:
    op.drop_index("ix_images_examined", "images")
    op.drop_column("images", "examined_at")
    op.drop_table("alarms")
    op.drop_table("findings")
    op.drop_table("orphans")
