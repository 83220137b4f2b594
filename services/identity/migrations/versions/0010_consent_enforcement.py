"""What a missing consent to photography means is a setting, of the installation and of each site."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

LEVELS = "'disabled', 'advisory', 'required'"


def upgrade() -> None:
    installation = sa.Column("consent_enforcement", sa.String, nullable=False, server_default=sa.text("'disabled'"))
    op.add_column("installation_settings", installation)
    known = f"consent_enforcement IN ({LEVELS})"
    name = op.f("ck_installation_settings_consent_enforcement_is_known")
    op.create_check_constraint(name, "installation_settings", known)
    site = sa.Column("consent_enforcement", sa.String, nullable=False, server_default=sa.text("'installation'"))
    op.add_column("sites", site)
    known = f"consent_enforcement IN ('installation', {LEVELS})"
    op.create_check_constraint(op.f("ck_sites_consent_enforcement_is_known"), "sites", known)


def downgrade() -> None:
    op.drop_column("sites", "consent_enforcement")
    op.drop_column("installation_settings", "consent_enforcement")
