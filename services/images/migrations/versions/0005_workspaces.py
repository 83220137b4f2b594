"""The photographs chosen for an entry."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "workspaces",
        sa.Column("entry", UUID(), primary_key=True),
        sa.Column("patient", UUID(), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_table(
        "workspace_images",
        sa.Column("entry", UUID(), sa.ForeignKey("workspaces.entry"), primary_key=True),
        sa.Column("image", UUID(), sa.ForeignKey("images.id"), primary_key=True),
        sa.Column("added_by", UUID(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_workspace_images_image", "workspace_images", ["image"])


def downgrade() -> None:
    op.drop_table("workspace_images")
    op.drop_table("workspaces")
