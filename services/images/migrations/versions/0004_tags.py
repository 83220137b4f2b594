"""Photographs have tags."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, UUID

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("images", sa.Column("tags", ARRAY(UUID()), nullable=False, server_default="{}"))


def downgrade() -> None:
    op.drop_column("images", "tags")
