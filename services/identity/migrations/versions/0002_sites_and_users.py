"""Sites and users that are managed; links to choose a password, API tokens, settings, preferences."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sites", sa.Column("letterhead", sa.String, nullable=False, server_default=""))
    op.add_column("sites", sa.Column("version", sa.Integer, nullable=False, server_default="1"))
    op.add_column("users", sa.Column("last_sign_in_at", sa.DateTime(timezone=True)))
    op.add_column("users", sa.Column("version", sa.Integer, nullable=False, server_default="1"))
    op.alter_column("users", "password_hash", nullable=True)
    op.create_index("ix_users_newest", "users", [sa.text("created_at DESC"), sa.text("id DESC")])
    op.create_index("ix_site_roles_site", "site_roles", ["site"])
    op.create_table(
        "password_links",
        sa.Column("user", UUID(), sa.ForeignKey("users.id"), primary_key=True),
        sa.Column("token_sha256", sa.String, nullable=False),
        sa.Column("made_by", UUID(), sa.ForeignKey("users.id"), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("token_sha256", name="link_is_unique"),
    )
    op.create_table(
        "api_tokens",
        sa.Column("id", UUID(), primary_key=True),
        sa.Column("user", UUID(), sa.ForeignKey("users.id"), nullable=False, index=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("begins_with", sa.String, nullable=False),
        sa.Column("token_sha256", sa.String, nullable=False),
        sa.Column("scopes", ARRAY(sa.String), nullable=False),
        sa.Column("sites", ARRAY(UUID()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True)),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("token_sha256", name="api_token_is_unique"),
    )
    op.create_table(
        "installation_settings",
        sa.Column("singleton", sa.Boolean, primary_key=True),
        sa.Column("idle_minutes", sa.Integer, nullable=False),
        sa.Column("absolute_hours", sa.Integer, nullable=False),
        sa.Column("second_factor_required", sa.Boolean, nullable=False),
        sa.Column("upload_limit_bytes", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.CheckConstraint("singleton", name=op.f("ck_installation_settings_one_row")),
    )
    op.create_table(
        "preferences",
        sa.Column("user", UUID(), sa.ForeignKey("users.id"), primary_key=True),
        sa.Column("chosen", JSONB, nullable=False),
    )


def downgrade() -> None:
    for table in ("preferences", "installation_settings", "api_tokens", "password_links"):
        op.drop_table(table)
    op.drop_index("ix_site_roles_site")
    op.drop_index("ix_users_newest")
    op.execute("DELETE FROM users WHERE password_hash IS NULL")
    op.alter_column("users", "password_hash", nullable=False)
    for table, column in (
        ("users", "version"),
        ("users", "last_sign_in_at"),
        ("sites", "version"),
        ("sites", "letterhead"),
    ):
        op.drop_column(table, column)
