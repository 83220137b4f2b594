"""Consent to photography: a log of what happened, and the forms that are signed. Rows are only ever added."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, UUID

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_REFUSES = """
CREATE FUNCTION rows_never_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are added and never change', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""
_TRIGGER = """
CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION rows_never_change()
"""
_SIGNED = "form_language, form_version, form_title, form_text, signer, relationship, signature"


def upgrade() -> None:
    op.create_table(
        "consent_events",
        sa.Column("id", UUID(), primary_key=True),
        sa.Column("patient", UUID(), sa.ForeignKey("patients.id"), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", UUID()),
        sa.Column("purposes", ARRAY(sa.String), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True)),
        sa.Column("ends", UUID(), sa.ForeignKey("consent_events.id")),
        sa.Column("form_language", sa.String),
        sa.Column("form_version", sa.Integer),
        sa.Column("form_title", sa.String),
        sa.Column("form_text", sa.String),
        sa.Column("signer", sa.String),
        sa.Column("relationship", sa.String),
        sa.Column("signature", sa.LargeBinary),
        sa.Column("verified", sa.String),
        sa.Column("notes", sa.String),
        sa.Column("reason", sa.String),
        sa.UniqueConstraint("patient", "version", name="one_event_follows_another"),
        sa.UniqueConstraint("ends", name="consent_ends_once"),
        sa.CheckConstraint(
            "kind IN ('digital', 'external', 'revoked', 'expired')", name=op.f("ck_consent_events_kind_is_known")
        ),
        sa.CheckConstraint(
            f"(kind = 'digital') = (num_nonnulls({_SIGNED}) = 7)",
            name=op.f("ck_consent_events_what_was_signed_is_kept"),
        ),
        sa.CheckConstraint(
            "(kind = 'external') = (verified IS NOT NULL)", name=op.f("ck_consent_events_says_how_it_was_verified")
        ),
        sa.CheckConstraint(
            "(kind = 'revoked') = (reason IS NOT NULL)", name=op.f("ck_consent_events_revoked_with_a_reason")
        ),
        sa.CheckConstraint(
            "(kind IN ('revoked', 'expired')) = (ends IS NOT NULL)", name=op.f("ck_consent_events_ends_another_one")
        ),
        sa.CheckConstraint("(kind = 'expired') = (by IS NULL)", name=op.f("ck_consent_events_somebody_records_it")),
    )
    op.create_table(
        "consent_forms",
        sa.Column("site", UUID(), primary_key=True),
        sa.Column("language", sa.String, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", UUID(), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_consent_forms_the_products_own_is_version_0")),
    )
    op.execute(_REFUSES)
    for table in ("consent_events", "consent_forms"):
        op.execute(_TRIGGER.format(table=table))
    op.create_index(
        "ix_patients_consent_until", "patients", ["consent_until"], postgresql_where=sa.text("consent_given")
    )


def downgrade() -> None:
    op.drop_index("ix_patients_consent_until", "patients")
    op.drop_table("consent_forms")
    op.drop_table("consent_events")
    op.execute("DROP FUNCTION rows_never_change()")
