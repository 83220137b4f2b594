"""What effective dates are taken from is a setting."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    column = sa.Column("effective_date_from", sa.String, nullable=False, server_default=sa.text("'upload'"))
    op.add_column("installation_settings", column)
    known = "effective_date_from IN ('upload', 'capture')"
    name = op.f("ck_installation_settings_effective_date_from_is_known")
    op.create_check_constraint(name, "installation_settings", known)


def downgrade() -> None:
    op.drop_column("installation_settings", "effective_date_from")
