"""The licence of the installation."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "licence",
        sa.Column("singleton", sa.Boolean, primary_key=True),
        sa.Column("file", sa.String, nullable=True),
        sa.Column("licence", sa.Uuid, nullable=True),
        sa.Column("latest_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.CheckConstraint("singleton", name="one_licence"),
    )
    op.execute(
        "INSERT INTO licence (singleton, latest_seen, state, reason) VALUES (true, now(), 'missing', 'not_installed')"
    )


def downgrade() -> None:
    op.drop_table("licence")
