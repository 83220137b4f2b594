"""First tables: patients, admissions, data keys, the projection of images, and the plumbing of a producer."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, UUID

from dermfolio.common.plumbing import PRODUCER

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_OPTIONAL_TEXT_1 = ("first_name", "middle_name", "last_name", "preferred_name")
_OPTIONAL_TEXT_2 = ("sex", "gender", "email", "phone", "address")


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    PRODUCER.create(op.get_bind())
    op.create_table(
        "patients",
        sa.Column("id", UUID(), primary_key=True),
        sa.Column("unique_id", sa.String, nullable=False),
        sa.Column("site", UUID(), nullable=False),
        *(sa.Column(name, sa.String) for name in _OPTIONAL_TEXT_1),
        sa.Column("date_of_birth", sa.Date),
        *(sa.Column(name, sa.String) for name in _OPTIONAL_TEXT_2),
        sa.Column("record_numbers", JSONB, nullable=False),
        sa.Column("referring_physician", sa.String),
        sa.Column("phototype", sa.String),
        sa.Column("notes", sa.String),
        sa.Column("image_count", sa.Integer, nullable=False),
        sa.Column("entry_count", sa.Integer, nullable=False),
        sa.Column("counted_version", sa.Integer, nullable=False),
        _moment("last_appointment", nullable=True),
        _moment("last_modified"),
        _moment("created_at"),
        sa.Column("created_by", UUID(), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        _moment("deleted_at", nullable=True),
        sa.UniqueConstraint("unique_id", name="unique_id_is_unique"),
        sa.CheckConstraint("unique_id ~ '^[a-z0-9_-]{2,32}$'", name=op.f("ck_patients_unique_id_has_its_form")),
        sa.CheckConstraint("image_count >= 0 AND entry_count >= 0", name=op.f("ck_patients_counts_are_not_negative")),
    )
    op.create_index(
        "ix_patients_site_last_modified", "patients", ["site", sa.text("last_modified DESC"), sa.text("id DESC")]
    )
    op.create_table(
        "admissions",
        sa.Column("image", UUID(), primary_key=True),
        sa.Column("patient", UUID(), sa.ForeignKey("patients.id"), nullable=False, index=True),
        sa.Column("admitted_by", UUID(), nullable=False),
        _moment("admitted_at"),
    )
    op.create_table(
        "data_keys",
        sa.Column("patient", UUID(), sa.ForeignKey("patients.id"), primary_key=True),
        sa.Column("wrapped", sa.LargeBinary, nullable=False),
        sa.Column("wrapped_by", sa.String, nullable=False),
        _moment("created_at"),
    )
    op.create_table(
        "pooled_images",
        sa.Column("image", UUID(), primary_key=True),
        sa.Column("patient", UUID(), nullable=False, index=True),
        sa.Column("counts", sa.Boolean, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    for table in ("pooled_images", "data_keys", "admissions", "patients"):
        op.drop_table(table)
    PRODUCER.drop(op.get_bind())
