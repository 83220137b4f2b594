"""Photographs that stay in a workspace because a comparison uses them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "held_images",
        sa.Column("hold", UUID(), primary_key=True),
        sa.Column("image", UUID(), sa.ForeignKey("images.id"), primary_key=True),
        sa.Column("comparison", UUID(), nullable=False),
        sa.Column("entry", UUID(), sa.ForeignKey("workspaces.entry"), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_held_images_entry_image", "held_images", ["entry", "image"])


def downgrade() -> None:
    op.drop_table("held_images")
