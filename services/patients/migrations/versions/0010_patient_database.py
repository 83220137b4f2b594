"""The Patient Database: what patients are searched in and sorted by, with the indexes to do it fast."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from dermfolio.patients.searched import name_key, searched

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

AT_A_TIME = 5000

_FOLLOWS = """
CREATE OR REPLACE FUNCTION shares_follow_their_patient() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE shares SET last_modified = NEW.last_modified, last_appointment = NEW.last_appointment,
                      unique_id = NEW.unique_id, name_key = NEW.name_key
    WHERE patient = NEW.id;
    RETURN NULL;
END $$
"""
_FOLLOW = """
CREATE TRIGGER shares_follow AFTER UPDATE OF last_modified, last_appointment, unique_id, name_key ON patients
FOR EACH ROW
WHEN ((OLD.last_modified, OLD.last_appointment, OLD.unique_id, OLD.name_key)
      IS DISTINCT FROM (NEW.last_modified, NEW.last_appointment, NEW.unique_id, NEW.name_key))
EXECUTE FUNCTION shares_follow_their_patient()
"""
_BEGINS = """
CREATE FUNCTION shares_begin_as_their_patient() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT last_modified, last_appointment, unique_id, name_key
    INTO NEW.last_modified, NEW.last_appointment, NEW.unique_id, NEW.name_key
    FROM patients WHERE id = NEW.patient;
    RETURN NEW;
END $$
"""
_BEGIN = """
CREATE TRIGGER shares_begin BEFORE INSERT ON shares FOR EACH ROW EXECUTE FUNCTION shares_begin_as_their_patient()
"""
_COPY = """
UPDATE shares SET last_appointment = patients.last_appointment, unique_id = patients.unique_id,
                  name_key = patients.name_key
FROM patients WHERE patients.id = shares.patient
"""
_FOLLOWED_BEFORE = """
CREATE OR REPLACE FUNCTION shares_follow_their_patient() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE shares SET last_modified = NEW.last_modified WHERE patient = NEW.id;
    RETURN NULL;
END $$
"""
_FOLLOW_BEFORE = """
CREATE TRIGGER shares_follow AFTER UPDATE OF last_modified ON patients FOR EACH ROW
WHEN (OLD.last_modified IS DISTINCT FROM NEW.last_modified) EXECUTE FUNCTION shares_follow_their_patient()
"""

_APPOINTMENT = sa.text("coalesce(last_appointment, '-infinity'::timestamptz)")
_ORDERS: dict[str, list[Any]] = {
    "site_last_appointment": ["site", _APPOINTMENT, "{id}"],
    "site_unique_id": ["site", "unique_id", "{id}"],
    "site_name": ["site", "name_key", "{id}"],
}
_READ = ("id", "unique_id", "first_name", "middle_name", "last_name", "preferred_name", "record_numbers")


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.execute("DROP TRIGGER shares_follow ON patients")
    # code of before, beside this one for a while, adds patients without these
    op.add_column("patients", sa.Column("searched", sa.String(collation="C"), nullable=False, server_default=""))
    op.add_column("patients", sa.Column("name_key", sa.String(collation="C"), nullable=False, server_default=""))
    _fill()
    op.alter_column("patients", "unique_id", type_=sa.String(collation="C"))
    op.add_column("shares", sa.Column("last_appointment", sa.DateTime(timezone=True)))
    op.add_column("shares", sa.Column("unique_id", sa.String(collation="C"), nullable=False, server_default=""))
    op.add_column("shares", sa.Column("name_key", sa.String(collation="C"), nullable=False, server_default=""))
    op.execute(_COPY)
    for statement in (_FOLLOWS, _FOLLOW, _BEGINS, _BEGIN):
        op.execute(statement)
    for table, row in (("patients", "id"), ("shares", "patient")):
        for name, columns in _ORDERS.items():
            op.create_index(f"ix_{table}_{name}", table, [row if c == "{id}" else c for c in columns])
    op.create_index("ix_patients_site_image_count", "patients", ["site", "image_count"])
    op.create_index("ix_patients_site_entry_count", "patients", ["site", "entry_count"])
    op.create_index("ix_patients_tags", "patients", ["tags"], postgresql_using="gin")
    op.create_index(
        "ix_patients_searched",
        "patients",
        ["searched"],
        postgresql_using="gin",
        postgresql_ops={"searched": "gin_trgm_ops"},
    )


def _fill() -> None:
    """Make what is searched and sorted of the patients there are, a part of them at a time."""
    patients = sa.table("patients", *map(sa.column, (*_READ, "searched", "name_key")))
    known = sa.select(*(patients.c[name] for name in _READ)).order_by(patients.c.id).limit(AT_A_TIME)
    filling = (
        sa.update(patients)
        .where(patients.c.id == sa.bindparam("of"))
        .values(searched=sa.bindparam("words"), name_key=sa.bindparam("sorted"))
    )
    some = op.get_bind().execute(known).all()
    while some:
        op.get_bind().execute(filling, [_made(row) for row in some])
        some = op.get_bind().execute(known.where(patients.c.id > some[-1].id)).all()


def _made(row: Any) -> dict[str, Any]:
    names = (row.first_name, row.middle_name, row.last_name, row.preferred_name)
    return {
        "of": row.id,
        "words": searched(row.unique_id, names, row.record_numbers),
        "sorted": name_key(row.last_name, row.first_name, row.preferred_name, row.middle_name),
    }


def downgrade() -> None:
    op.drop_index("ix_patients_searched", "patients")
    op.drop_index("ix_patients_tags", "patients")
    op.drop_index("ix_patients_site_entry_count", "patients")
    op.drop_index("ix_patients_site_image_count", "patients")
    for table in ("shares", "patients"):
        for name in _ORDERS:
            op.drop_index(f"ix_{table}_{name}", table)
    op.execute("DROP TRIGGER shares_begin ON shares")
    op.execute("DROP FUNCTION shares_begin_as_their_patient()")
    op.execute("DROP TRIGGER shares_follow ON patients")
    op.execute(_FOLLOWED_BEFORE)
    op.execute(_FOLLOW_BEFORE)
    for column in ("name_key", "unique_id", "last_appointment"):
        op.drop_column("shares", column)
    op.alter_column("patients", "unique_id", type_=sa.String())
    op.drop_column("patients", "name_key")
    op.drop_column("patients", "searched")
