"""First tables: images, duplicate uploads, and the plumbing of a producer."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, UUID

from dermfolio.common.plumbing import PRODUCER

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _moment(name: str) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def upgrade() -> None:
    PRODUCER.create(op.get_bind())
    op.create_table(
        "images",
        sa.Column("id", UUID(), nullable=False),
        sa.Column("patient", UUID(), nullable=False),
        sa.Column("site", UUID(), nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("reason", sa.String),
        sa.Column("file_name", sa.String, nullable=False),
        sa.Column("media_type", sa.String),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("attempt", UUID(), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("next_revision", sa.Integer, nullable=False),
        sa.Column("width", sa.Integer),
        sa.Column("height", sa.Integer),
        sa.Column("renditions", JSONB, nullable=False),
        sa.Column("capture", JSONB),
        _moment("effective_at"),
        _moment("uploaded_at"),
        sa.Column("uploaded_by", UUID(), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_images"),
        sa.CheckConstraint(
            "state IN ('processing', 'ready', 'rejected', 'failed')", name=op.f("ck_images_state_is_known")
        ),
        sa.CheckConstraint("(state = 'rejected') = (reason IS NOT NULL)", name=op.f("ck_images_rejected_has_a_reason")),
        sa.CheckConstraint(
            "state <> 'ready' OR (width > 0 AND height > 0 AND revision > 0 AND media_type IS NOT NULL)",
            name=op.f("ck_images_ready_has_its_facts"),
        ),
        sa.CheckConstraint("bytes > 0", name=op.f("ck_images_has_bytes")),
    )
    op.create_index(
        "one_live_image_per_content",
        "images",
        ["patient", "sha256"],
        unique=True,
        postgresql_where=sa.text("state <> 'rejected'"),
    )
    op.create_index("ix_images_pool", "images", ["patient", sa.text("effective_at DESC"), sa.text("id DESC")])
    op.create_table(
        "duplicate_uploads",
        sa.Column("upload", UUID(), primary_key=True),
        sa.Column("patient", UUID(), nullable=False),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("image", UUID(), sa.ForeignKey("images.id"), nullable=False),
        _moment("at"),
    )


def downgrade() -> None:
    op.drop_table("duplicate_uploads")
    op.drop_table("images")
    PRODUCER.drop(op.get_bind())
