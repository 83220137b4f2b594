"""Patients are shared with other sites, and opened in an emergency."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_NEWEST_FIRST = (sa.text("opened_at DESC"), sa.text("id DESC"))


def upgrade() -> None:
    op.create_table(
        "shares",
        sa.Column("patient", UUID(), sa.ForeignKey("patients.id"), primary_key=True),
        sa.Column("site", UUID(), primary_key=True),
        sa.Column("shared_by", UUID(), nullable=False),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_shares_site", "shares", ["site", "patient"])
    op.create_table(
        "openings",
        sa.Column("id", UUID(), primary_key=True),
        sa.Column("patient", UUID(), sa.ForeignKey("patients.id"), nullable=False),
        sa.Column("site", UUID(), nullable=False),
        sa.Column("user", UUID(), nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", UUID()),
        sa.CheckConstraint("until >= opened_at", name=op.f("ck_openings_ends_after_it_began")),
    )
    op.create_index("ix_openings_in_force", "openings", ["patient", "user", "until"])
    op.create_index("ix_openings_of_site", "openings", ["site", *_NEWEST_FIRST])
    op.create_index("ix_openings_of_user", "openings", ["user", *_NEWEST_FIRST])


def downgrade() -> None:
    op.drop_table("openings")
    op.drop_table("shares")
