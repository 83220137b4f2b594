"""How long originals are that are kept once more, turned."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("images", sa.Column("rotated_bytes", sa.BigInteger()))


def downgrade() -> None:
    op.drop_column("images", "rotated_bytes")
