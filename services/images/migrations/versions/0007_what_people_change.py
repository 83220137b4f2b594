"""Captions, the order that people give a pool, quarter turns, and what stands for a photograph until it is loaded."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_DATED = """
UPDATE images SET place =
    lpad(to_hex((extract(epoch FROM effective_at) * 1000000)::bigint + 62135596800000000), 15, '0')
    || left(replace(id::text, '-', ''), 6) || '8'
"""
"""Each photograph at the place that its date gives it: microseconds since the year 1, then digits of its id."""


def upgrade() -> None:
    op.add_column("images", sa.Column("caption", sa.String(), nullable=False, server_default=""))
    op.add_column("images", sa.Column("caption_version", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("images", sa.Column("date_version", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("images", sa.Column("rotation", sa.SmallInteger(), nullable=False, server_default="0"))
    op.add_column("images", sa.Column("wanted_rotation", sa.SmallInteger(), nullable=False, server_default="0"))
    op.add_column("images", sa.Column("thumbhash", sa.String()))
    op.add_column("images", sa.Column("place", sa.String(collation="C"), nullable=True))
    op.execute(_DATED)
    op.alter_column("images", "place", nullable=False)
    op.drop_index("ix_images_pool", "images")
    op.create_index("ix_images_pool", "images", ["patient", sa.text("place DESC"), sa.text("id DESC")])
    op.create_check_constraint("rotation_is_a_quarter_turn", "images", "rotation IN (0, 90, 180, 270)")
    op.create_check_constraint("wanted_rotation_is_a_quarter_turn", "images", "wanted_rotation IN (0, 90, 180, 270)")


def downgrade() -> None:
    op.drop_constraint(op.f("ck_images_wanted_rotation_is_a_quarter_turn"), "images")
    op.drop_constraint(op.f("ck_images_rotation_is_a_quarter_turn"), "images")
    op.drop_index("ix_images_pool", "images")
    op.create_index("ix_images_pool", "images", ["patient", sa.text("effective_at DESC"), sa.text("id DESC")])
    for column in (
        "place",
        "thumbhash",
        "wanted_rotation",
        "rotation",
        "date_version",
        "caption_version",
        "caption",
    ):
        op.drop_column("images", column)
