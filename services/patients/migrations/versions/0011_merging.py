"""What a merge leaves: when and by whom, which shares it brought, and how often a record was part of one."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("patients", sa.Column("merged_at", sa.DateTime(timezone=True)))
    op.add_column("patients", sa.Column("merged_by", UUID()))
    op.add_column("patients", sa.Column("merge_version", sa.Integer, nullable=False, server_default="0"))
    op.create_check_constraint(
        op.f("ck_patients_merged_says_when_and_by_whom"),
        "patients",
        "num_nulls(merged_into, merged_at, merged_by) IN (0, 3)",
    )
    op.add_column("shares", sa.Column("merged_from", UUID(), sa.ForeignKey("patients.id")))
    op.create_index("ix_shares_merged_from", "shares", ["merged_from"])


def downgrade() -> None:
    op.drop_index("ix_shares_merged_from", "shares")
    op.drop_column("shares", "merged_from")
    op.drop_constraint(op.f("ck_patients_merged_says_when_and_by_whom"), "patients")
    for column in ("merge_version", "merged_by", "merged_at"):
        op.drop_column("patients", column)
