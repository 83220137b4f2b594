"""Counts of guesses, second factors, recovery codes, trusted devices; where sessions were opened."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _moment(name: str, *, nullable: bool = False, index: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, index=index)


def upgrade() -> None:
    op.add_column("sessions", sa.Column("address", sa.String))
    op.add_column("sessions", sa.Column("user_agent", sa.String))
    op.create_table(
        "throttle",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("level", sa.Float, nullable=False),
        _moment("at", index=True),
    )
    op.create_table(
        "second_factors",
        sa.Column("user", UUID(), sa.ForeignKey("users.id"), primary_key=True),
        sa.Column("sealed_secret", sa.LargeBinary, nullable=False),
        _moment("prepared_at"),
        _moment("confirmed_at", nullable=True),
        sa.Column("last_step", sa.BigInteger),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("user", UUID(), sa.ForeignKey("users.id"), primary_key=True),
        sa.Column("digest", sa.String, primary_key=True),
    )
    op.create_table(
        "trusted_devices",
        sa.Column("id", UUID(), primary_key=True),
        sa.Column("user", UUID(), sa.ForeignKey("users.id"), nullable=False, index=True),
        sa.Column("token_sha256", sa.String, nullable=False),
        _moment("trusted_at"),
        _moment("last_used_at"),
        _moment("expires_at"),
        sa.Column("address", sa.String),
        sa.Column("user_agent", sa.String),
        sa.UniqueConstraint("token_sha256", name="device_token_is_unique"),
    )


def downgrade() -> None:
    for table in ("trusted_devices", "recovery_codes", "second_factors", "throttle"):
        op.drop_table(table)
    op.drop_column("sessions", "user_agent")
    op.drop_column("sessions", "address")
