"""How long emergency access to a patient of another site lasts is a setting."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    column = sa.Column("emergency_minutes", sa.Integer, nullable=False, server_default=sa.text("60"))
    op.add_column("installation_settings", column)


def downgrade() -> None:
    op.drop_column("installation_settings", "emergency_minutes")
