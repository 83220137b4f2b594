"""Tags in categories, those of patients, and those that patients inherit from photographs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, UUID

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_TAGGED = sa.text("tags <> '{}'::uuid[]")


def upgrade() -> None:
    op.create_table(
        "tag_scopes",
        sa.Column("id", UUID(), primary_key=True),
        sa.Column("site", UUID()),
        sa.Column("version", sa.Integer, nullable=False),
        sa.UniqueConstraint("site", name="one_scope_per_site", postgresql_nulls_not_distinct=True),
    )
    op.create_table(
        "tag_categories",
        sa.Column("id", UUID(), primary_key=True),
        sa.Column("scope", UUID(), sa.ForeignKey("tag_scopes.id"), nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("colour", sa.String(10), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("retired", sa.Boolean, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("category_name_is_unique", "tag_categories", ["scope", sa.text("lower(name)")], unique=True)
    op.create_table(
        "tags",
        sa.Column("id", UUID(), primary_key=True),
        sa.Column("category", UUID(), sa.ForeignKey("tag_categories.id"), nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("retired", sa.Boolean, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("tag_name_is_unique", "tags", ["category", sa.text("lower(name)")], unique=True)
    op.create_table(
        "patient_tags",
        sa.Column("patient", UUID(), sa.ForeignKey("patients.id"), primary_key=True),
        sa.Column("tag", UUID(), sa.ForeignKey("tags.id"), primary_key=True),
        sa.Column("assigned_by", UUID(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.add_column("patients", sa.Column("tags_version", sa.Integer, nullable=False, server_default="0"))
    op.add_column("pooled_images", sa.Column("tags", ARRAY(UUID()), nullable=False, server_default="{}"))
    op.add_column("pooled_images", sa.Column("tags_version", sa.Integer, nullable=False, server_default="0"))
    op.create_index("ix_pooled_images_tagged", "pooled_images", ["patient"], postgresql_where=_TAGGED)


def downgrade() -> None:
    op.drop_index("ix_pooled_images_tagged", "pooled_images")
    op.drop_column("pooled_images", "tags_version")
    op.drop_column("pooled_images", "tags")
    op.drop_column("patients", "tags_version")
    for table in ("patient_tags", "tags", "tag_categories", "tag_scopes"):
        op.drop_table(table)
