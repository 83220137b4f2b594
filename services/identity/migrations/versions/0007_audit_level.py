"""How much the audit trail records is a setting."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    column = sa.Column("audit_level", sa.String, nullable=False, server_default=sa.text("'comprehensive'"))
    op.add_column("installation_settings", column)
    known = "audit_level IN ('essential', 'comprehensive')"
    op.create_check_constraint(op.f("ck_installation_settings_audit_level_is_known"), "installation_settings", known)


def downgrade() -> None:
    op.drop_column("installation_settings", "audit_level")
