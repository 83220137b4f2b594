"""First tables: comparisons, holds that are asked for, and the plumbing of a producer."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, UUID

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
        "comparisons",
        sa.Column("id", UUID(), nullable=False),
        sa.Column("entry", UUID(), nullable=False),
        sa.Column("patient", UUID(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("images", ARRAY(UUID()), nullable=False),
        sa.Column("reference", UUID(), nullable=False),
        sa.Column("hold", UUID()),
        sa.Column("made_of", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", UUID(), nullable=False),
        _moment("created_at"),
        sa.Column("changed_by", UUID(), nullable=False),
        _moment("changed_at"),
        _moment("deleted_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_comparisons"),
        sa.CheckConstraint("cardinality(images) BETWEEN 2 AND 24", name=op.f("ck_comparisons_compares_several_images")),
        sa.CheckConstraint("reference = ANY(images)", name=op.f("ck_comparisons_reference_is_compared")),
        sa.CheckConstraint(
            "(hold IS NULL) = (deleted_at IS NOT NULL)", name=op.f("ck_comparisons_holds_its_images_unless_deleted")
        ),
    )
    op.create_index("ix_comparisons_entry", "comparisons", ["entry", "created_at", "id"])
    op.create_table(
        "holds",
        sa.Column("id", UUID(), primary_key=True),
        sa.Column("comparison", UUID(), nullable=False),
        sa.Column("entry", UUID(), nullable=False),
        sa.Column("patient", UUID(), nullable=False),
        sa.Column("site", UUID(), nullable=False),
        _moment("asked_at"),
    )


def downgrade() -> None:
    op.drop_table("holds")
    op.drop_table("comparisons")
    PRODUCER.drop(op.get_bind())
