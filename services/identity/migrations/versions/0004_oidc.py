"""Sign-in by OpenID Connect: who is meant by a subject, sign-ins under way, roles given by groups."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("site_roles", "installation_roles"):
        op.add_column(table, sa.Column("by_group", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_table(
        "oidc_identities",
        sa.Column("issuer", sa.String, primary_key=True),
        sa.Column("subject", sa.String, primary_key=True),
        sa.Column("user", UUID(), sa.ForeignKey("users.id"), nullable=False, index=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "oidc_attempts",
        sa.Column("state_sha256", sa.String, primary_key=True),
        sa.Column("browser_sha256", sa.String, nullable=False),
        sa.Column("provider", sa.String, nullable=False),
        sa.Column("nonce", sa.String, nullable=False),
        sa.Column("code_verifier", sa.String, nullable=False),
        sa.Column("returns_to", sa.String, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False, index=True),
    )


def downgrade() -> None:
    op.drop_table("oidc_attempts")
    op.drop_table("oidc_identities")
    for table in ("installation_roles", "site_roles"):
        op.execute(f"DELETE FROM {table} WHERE by_group")  # noqa: S608 - names of ours
        op.drop_column(table, "by_group")
