"""Patients are shared with other sites, and opened in an emergency."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_FOLLOWS = """
CREATE FUNCTION shares_follow_their_patient() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE shares SET last_modified = NEW.last_modified WHERE patient = NEW.id;
    RETURN NULL;
END $$
"""
_TRIGGER = """
CREATE TRIGGER shares_follow AFTER UPDATE OF last_modified ON patients FOR EACH ROW
WHEN (OLD.last_modified IS DISTINCT FROM NEW.last_modified) EXECUTE FUNCTION shares_follow_their_patient()
"""

_NEWEST_FIRST = (sa.text("opened_at DESC"), sa.text("id DESC"))


def upgrade() -> None:
    op.create_table(
        "shares",
        sa.Column("patient", UUID(), sa.ForeignKey("patients.id"), primary_key=True),
        sa.Column("site", UUID(), primary_key=True),
        sa.Column("shared_by", UUID(), nullable=False),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_modified", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_shares_site", "shares", ["site", sa.text("last_modified DESC"), sa.text("patient DESC")])
    op.execute(_FOLLOWS)
    op.execute(_TRIGGER)
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
    op.execute("DROP TRIGGER shares_follow ON patients")
    op.execute("DROP FUNCTION shares_follow_their_patient()")
    op.drop_table("shares")
