"""Which sections of an entry a user has folded."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, UUID

revision = "0011"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "entry_sections",
        sa.Column("user", UUID(), sa.ForeignKey("users.id"), primary_key=True),
        sa.Column("entry", UUID(), primary_key=True),
        sa.Column("open", JSONB(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_entry_sections_oldest", "entry_sections", ["user", "changed_at"])


def downgrade() -> None:
    op.drop_table("entry_sections")
