"""First tables: sites, users, roles, sessions, and the plumbing of a producer."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

from dermfolio.common.plumbing import PRODUCER

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    PRODUCER.create(op.get_bind())
    op.create_table(
        "sites",
        sa.Column("id", UUID(), primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("time_zone", sa.String, nullable=False),
        sa.Column("language", sa.String, nullable=False),
        _moment("created_at"),
    )
    op.create_table(
        "users",
        sa.Column("id", UUID(), primary_key=True),
        sa.Column("login", sa.String, nullable=False),
        sa.Column("display_name", sa.String, nullable=False),
        sa.Column("password_hash", sa.String, nullable=False),
        sa.Column("password_change_required", sa.Boolean, nullable=False),
        _moment("disabled_at", nullable=True),
        _moment("created_at"),
        sa.UniqueConstraint("login", name="login_is_unique"),
        sa.CheckConstraint("login = lower(login)", name=op.f("ck_users_login_is_lower_case")),
    )
    op.create_table(
        "site_roles",
        sa.Column("user", UUID(), sa.ForeignKey("users.id"), primary_key=True),
        sa.Column("site", UUID(), sa.ForeignKey("sites.id"), primary_key=True),
        sa.Column("role", sa.String, primary_key=True),
        sa.CheckConstraint(
            "role IN ('viewer', 'photographer', 'clinician', 'site_admin')",
            name=op.f("ck_site_roles_role_is_held_per_site"),
        ),
    )
    op.create_table(
        "installation_roles",
        sa.Column("user", UUID(), sa.ForeignKey("users.id"), primary_key=True),
        sa.Column("role", sa.String, primary_key=True),
        sa.CheckConstraint(
            "role IN ('admin', 'auditor')", name=op.f("ck_installation_roles_role_is_installation_wide")
        ),
    )
    op.create_table(
        "sessions",
        sa.Column("id", UUID(), primary_key=True),
        sa.Column("user", UUID(), sa.ForeignKey("users.id"), nullable=False, index=True),
        sa.Column("token_sha256", sa.String, nullable=False),
        sa.Column("csrf_token", sa.String, nullable=False),
        _moment("created_at"),
        _moment("last_seen_at"),
        _moment("expires_at"),
        _moment("ended_at", nullable=True),
        sa.UniqueConstraint("token_sha256", name="token_is_unique"),
    )


def downgrade() -> None:
    for table in ("sessions", "installation_roles", "site_roles", "users", "sites"):
        op.drop_table(table)
    PRODUCER.drop(op.get_bind())
