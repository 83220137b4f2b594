"""The orders of the Patient Database hold what patients are chosen by, and only who is listed; what is shared with a
site has all of that too. Letters beyond ASCII stand in the searched text so that a trigram spans two of them.
"""

import re
import string
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_FOLLOWS = """
CREATE OR REPLACE FUNCTION shares_follow_their_patient() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE shares SET last_modified = NEW.last_modified, last_appointment = NEW.last_appointment,
                      unique_id = NEW.unique_id, name_key = NEW.name_key, entry_count = NEW.entry_count,
                      image_count = NEW.image_count, listed = NEW.deleted_at IS NULL AND NEW.merged_into IS NULL
    WHERE patient = NEW.id;
    RETURN NULL;
END $$
"""
_FOLLOW = """
CREATE TRIGGER shares_follow
AFTER UPDATE OF last_modified, last_appointment, unique_id, name_key, entry_count, image_count, deleted_at, merged_into
ON patients FOR EACH ROW
WHEN ((OLD.last_modified, OLD.last_appointment, OLD.unique_id, OLD.name_key, OLD.entry_count, OLD.image_count,
       OLD.deleted_at, OLD.merged_into)
      IS DISTINCT FROM (NEW.last_modified, NEW.last_appointment, NEW.unique_id, NEW.name_key, NEW.entry_count,
                        NEW.image_count, NEW.deleted_at, NEW.merged_into))
EXECUTE FUNCTION shares_follow_their_patient()
"""
_BEGINS = """
CREATE OR REPLACE FUNCTION shares_begin_as_their_patient() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT last_modified, last_appointment, unique_id, name_key, entry_count, image_count,
           deleted_at IS NULL AND merged_into IS NULL
    INTO NEW.last_modified, NEW.last_appointment, NEW.unique_id, NEW.name_key, NEW.entry_count, NEW.image_count,
         NEW.listed
    FROM patients WHERE id = NEW.patient;
    RETURN NEW;
END $$
"""
_COPY = """
UPDATE shares SET entry_count = patients.entry_count, image_count = patients.image_count,
                  listed = patients.deleted_at IS NULL AND patients.merged_into IS NULL
FROM patients WHERE patients.id = shares.patient
"""

_FOLLOWED_BEFORE = """
CREATE OR REPLACE FUNCTION shares_follow_their_patient() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE shares SET last_modified = NEW.last_modified, last_appointment = NEW.last_appointment,
                      unique_id = NEW.unique_id, name_key = NEW.name_key
    WHERE patient = NEW.id;
    RETURN NULL;
END $$
"""
_FOLLOW_BEFORE = """
CREATE TRIGGER shares_follow AFTER UPDATE OF last_modified, last_appointment, unique_id, name_key ON patients
FOR EACH ROW
WHEN ((OLD.last_modified, OLD.last_appointment, OLD.unique_id, OLD.name_key)
      IS DISTINCT FROM (NEW.last_modified, NEW.last_appointment, NEW.unique_id, NEW.name_key))
EXECUTE FUNCTION shares_follow_their_patient()
"""
_BEGAN_BEFORE = """
CREATE OR REPLACE FUNCTION shares_begin_as_their_patient() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT last_modified, last_appointment, unique_id, name_key
    INTO NEW.last_modified, NEW.last_appointment, NEW.unique_id, NEW.name_key
    FROM patients WHERE id = NEW.patient;
    RETURN NEW;
END $$
"""

_APPOINTMENT = sa.text("coalesce(last_appointment, '-infinity'::timestamptz)")
_TABLES = {"patients": ("id", "deleted_at IS NULL AND merged_into IS NULL"), "shares": ("patient", "listed")}
"""What tells apart who stands at one place, and who is listed."""


def _orders(row: str) -> dict[str, tuple[list[Any], list[str]]]:
    """By what each is sorted, and what it holds beside."""
    return {
        "last_modified": (["site", sa.text("last_modified DESC"), sa.text(f"{row} DESC")], ["last_appointment"]),
        "last_appointment": (["site", _APPOINTMENT, row], ["last_appointment", "last_modified"]),
        "unique_id": (["site", "unique_id", row], ["last_modified", "last_appointment"]),
        "name": (["site", "name_key", row], ["last_modified", "last_appointment"]),
    }


_VACUUMED = ("autovacuum_vacuum_scale_factor", "autovacuum_vacuum_insert_scale_factor")
"""Walks look at no row where a vacuum has seen that its page has nothing but rows for everybody."""

AT_A_TIME = 5000
_TAILS = string.ascii_uppercase[13:]
_GROUPS = ((0x370, "ABCDE", 2), (0, "FGHIJKL", 4), (0, "M", 6))
_NUMBERED_BEFORE = re.compile("<([0-9a-f]+)>")
_NUMBERED = re.compile("[A-E][N-Z]{2}|[F-L][N-Z]{4}|M[N-Z]{6}|[<>]")


def _numbered(before: re.Match[str]) -> str:
    code = int(before[1], 16)
    if code in map(ord, "<>"):
        return chr(code)
    for first, leads, tails in _GROUPS:
        lead, number = divmod(code - first, len(_TAILS) ** tails)
        if 0 <= lead < len(leads):
            return leads[lead] + "".join(_TAILS[number // len(_TAILS) ** n % len(_TAILS)] for n in range(tails))
    raise ValueError(f"no letter has the number {code}")


def _as_before(numbered: re.Match[str]) -> str:
    if numbered[0] in {"<", ">"}:
        return f"<{ord(numbered[0]):x}>"
    lead, written = numbered[0][0], numbered[0][1:]
    first, leads, tails = next(group for group in _GROUPS if lead in group[1])
    number = sum(_TAILS.index(tail) * len(_TAILS) ** n for n, tail in enumerate(written))
    return f"<{first + leads.index(lead) * len(_TAILS) ** tails + number:x}>"


def _rewrite(where: str, written: Callable[[str], str]) -> None:
    """Write the searched text of these patients another way, a part of them at a time."""
    some = sa.text(
        f"SELECT id, searched FROM patients WHERE searched ~ '{where}' AND id > :after ORDER BY id LIMIT {AT_A_TIME}"  # noqa: S608 - constants only
    )
    writing = sa.text("UPDATE patients SET searched = :words WHERE id = :of")
    after: Any = "00000000-0000-0000-0000-000000000000"
    while rows := op.get_bind().execute(some, {"after": after}).all():
        op.get_bind().execute(writing, [{"of": row.id, "words": written(row.searched)} for row in rows])
        after = rows[-1].id


def upgrade() -> None:
    _rewrite("<", lambda text: _NUMBERED_BEFORE.sub(_numbered, text))
    for counted in ("entry_count", "image_count"):
        op.add_column("shares", sa.Column(counted, sa.Integer(), nullable=False, server_default="0"))
    op.add_column("shares", sa.Column("listed", sa.Boolean(), nullable=False, server_default="true"))
    for statement in ("DROP TRIGGER shares_follow ON patients", _FOLLOWS, _FOLLOW, _BEGINS, _COPY):
        op.execute(statement)
    op.drop_index("ix_shares_site", "shares")
    for table in _TABLES:
        op.execute(f"ALTER TABLE {table} SET ({', '.join(f'{name} = 0.02' for name in _VACUUMED)})")
    for table, (row, listed) in _TABLES.items():
        for name, (columns, beside) in _orders(row).items():
            op.drop_index(f"ix_{table}_site_{name}", table, if_exists=True)
            op.create_index(
                f"ix_{table}_site_{name}",
                table,
                columns,
                postgresql_include=[*beside, "entry_count", "image_count"],
                postgresql_where=sa.text(listed),
            )


def downgrade() -> None:
    _rewrite("[A-Z<>]", lambda text: _NUMBERED.sub(_as_before, text))
    for table, (row, _) in _TABLES.items():
        for name, (columns, _) in _orders(row).items():
            op.drop_index(f"ix_{table}_site_{name}", table)
            before = "ix_shares_site" if (table, name) == ("shares", "last_modified") else f"ix_{table}_site_{name}"
            op.create_index(before, table, columns)
        op.execute(f"ALTER TABLE {table} RESET ({', '.join(_VACUUMED)})")
    for statement in ("DROP TRIGGER shares_follow ON patients", _FOLLOWED_BEFORE, _FOLLOW_BEFORE, _BEGAN_BEFORE):
        op.execute(statement)
    for column in ("listed", "image_count", "entry_count"):
        op.drop_column("shares", column)
