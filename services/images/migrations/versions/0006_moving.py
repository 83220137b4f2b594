"""Where photographs are on their way to, and where they came from."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("images", sa.Column("moving_to", UUID()))
    op.add_column("images", sa.Column("moved_from", UUID()))


def downgrade() -> None:
    op.drop_column("images", "moved_from")
    op.drop_column("images", "moving_to")
