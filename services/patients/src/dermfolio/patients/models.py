"""Tables of patients; the names of constraints state the rules."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, ClassVar, Literal
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlmodel import Field, SQLModel

from dermfolio.common.plumbing import NAMING
from dermfolio.contracts.messages import now
from dermfolio.contracts.views.tags import TagColour
from dermfolio.patients.searched import name_key, searched

UNIQUE_ID_IS_UNIQUE = "unique_id_is_unique"
CATEGORY_NAME_IS_UNIQUE = "category_name_is_unique"
TAG_NAME_IS_UNIQUE = "tag_name_is_unique"
ENTRY_ID_IS_UNIQUE = "pk_entries"

_COLOURS = sa.Enum(TagColour, native_enum=False, length=10, values_callable=lambda colours: [c.value for c in colours])
"""Text in the table, a TagColour in the code."""


class PatientsTable(SQLModel):
    """Base of patients' tables."""

    metadata: ClassVar[sa.MetaData] = sa.MetaData(naming_convention=NAMING)


def _moment(*, optional: bool = False) -> sa.Column[datetime]:
    return sa.Column(sa.DateTime(timezone=True), nullable=optional)


def _by_code_point() -> sa.Column[str]:
    return sa.Column(sa.String(collation="C"), nullable=False, server_default="")


_APPOINTMENT = sa.text("coalesce(last_appointment, '-infinity'::timestamptz)")


def _walked(table: Literal["patients", "shares"]) -> Iterator[sa.Index]:
    """What a site's patients are walked along, with what they are chosen by on the way: no row is looked at."""
    row, listed = ("id", "deleted_at IS NULL AND merged_into IS NULL") if table == "patients" else ("patient", "listed")
    orders: dict[str, tuple[Any, Any, list[str]]] = {
        "last_modified": (sa.text("last_modified DESC"), sa.text(f"{row} DESC"), ["last_appointment"]),
        "last_appointment": (_APPOINTMENT, row, ["last_appointment", "last_modified"]),
        "unique_id": ("unique_id", row, ["last_modified", "last_appointment"]),
        "name": ("name_key", row, ["last_modified", "last_appointment"]),
    }
    for name, (key, tie, beside) in orders.items():
        yield sa.Index(
            f"ix_{table}_site_{name}",
            "site",
            key,
            tie,
            postgresql_include=[*beside, "entry_count", "image_count"],
            postgresql_where=sa.text(listed),
        )


def _counted() -> sa.Column[int]:
    return sa.Column(sa.Integer, nullable=False, server_default="0")


class Patient(PatientsTable, table=True):
    """A patient record (PAT-1, PAT-2) with its computed facts (PAT-3)."""

    __tablename__ = "patients"
    __table_args__ = (
        sa.UniqueConstraint("unique_id", name=UNIQUE_ID_IS_UNIQUE),
        sa.CheckConstraint("unique_id ~ '^[a-z0-9_-]{2,32}$'", name="unique_id_has_its_form"),
        sa.CheckConstraint("image_count >= 0 AND entry_count >= 0", name="counts_are_not_negative"),
        sa.CheckConstraint("merged_into <> id", name="is_not_an_alias_of_itself"),
        sa.CheckConstraint(
            "num_nulls(merged_into, merged_at, merged_by) IN (0, 3)", name="merged_says_when_and_by_whom"
        ),
        sa.Index("ix_patients_consent_until", "consent_until", postgresql_where=sa.text("consent_given")),
        *_walked("patients"),
        sa.Index("ix_patients_site_image_count", "site", "image_count"),
        sa.Index("ix_patients_site_entry_count", "site", "entry_count"),
        sa.Index("ix_patients_tags", "tags", postgresql_using="gin"),
        sa.Index(
            "ix_patients_searched", "searched", postgresql_using="gin", postgresql_ops={"searched": "gin_trgm_ops"}
        ),
    )
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    unique_id: str = Field(sa_column=sa.Column(sa.String(collation="C"), nullable=False))
    site: UUID
    first_name: str | None = None
    middle_name: str | None = None
    last_name: str | None = None
    preferred_name: str | None = None
    date_of_birth: date | None = None
    sex: str | None = None
    gender: str | None = None
    email: str | None = None
    phone: str | None = None
    address: str | None = None
    record_numbers: list[dict[str, Any]] = Field(default_factory=list, sa_column=sa.Column(JSONB, nullable=False))
    referring_physician: str | None = None
    phototype: str | None = None
    notes: str | None = None
    image_count: int = 0
    entry_count: int = 0
    counted_version: int = 0
    tags: list[UUID] = Field(
        default_factory=list, sa_column=sa.Column(ARRAY(PG_UUID()), nullable=False, server_default="{}")
    )
    """The tags in force, the patient's own and those inherited, in the order of their ids."""

    tags_version: int = Field(default=0, sa_column=sa.Column(sa.Integer, nullable=False, server_default="0"))

    consent_given: bool = Field(default=False, sa_column=sa.Column(sa.Boolean, nullable=False, server_default="false"))
    consent_until: datetime | None = Field(default=None, sa_column=_moment(optional=True))
    """When the consent that is given ends; null when it does not."""

    merged_into: UUID | None = Field(default=None, foreign_key="patients.id", index=True)
    """The patient whom this one is an alias of."""

    merged_at: datetime | None = Field(default=None, sa_column=_moment(optional=True))
    merged_by: UUID | None = None
    merge_version: int = Field(default=0, sa_column=sa.Column(sa.Integer, nullable=False, server_default="0"))
    """Grows with each merge that the record is part of, and with its end."""

    searched: str = Field(default="", sa_column=_by_code_point())
    """The words by which the patient is found: see `searched`."""

    name_key: str = Field(default="", sa_column=_by_code_point())
    """What the patient is sorted by among names."""

    last_appointment: datetime | None = Field(default=None, sa_column=_moment(optional=True))
    last_modified: datetime = Field(default_factory=now, sa_column=_moment())
    created_at: datetime = Field(default_factory=now, sa_column=_moment())
    created_by: UUID
    version: int = 1
    deleted_at: datetime | None = Field(default=None, sa_column=_moment(optional=True))


@sa.event.listens_for(Patient, "before_insert")
@sa.event.listens_for(Patient, "before_update")
def _make_searched(_: object, __: object, patient: Patient) -> None:
    """What is searched and sorted follows what it is made of, whoever writes it."""
    names = (patient.first_name, patient.middle_name, patient.last_name, patient.preferred_name)
    patient.searched = searched(patient.unique_id, names, patient.record_numbers)
    patient.name_key = name_key(patient.last_name, patient.first_name, patient.preferred_name, patient.middle_name)


class Entry(PatientsTable, table=True):
    """One visit of a patient (ENT-1). `version` is the header's; the notes have their own."""

    __tablename__ = "entries"
    __table_args__ = (sa.Index("ix_entries_timeline", "patient", sa.text("appointment DESC"), sa.text("id DESC")),)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    patient: UUID = Field(foreign_key="patients.id")
    site: UUID
    appointment: datetime = Field(sa_column=_moment())
    notes: str = Field(default="", sa_column=sa.Column(sa.String, nullable=False, server_default=""))
    notes_version: int = Field(default=0, sa_column=sa.Column(sa.Integer, nullable=False, server_default="0"))
    tags: list[UUID] = Field(
        default_factory=list, sa_column=sa.Column(ARRAY(PG_UUID()), nullable=False, server_default="{}")
    )
    """The tags in force, the entry's own and those inherited, in the order of their ids."""

    tags_version: int = Field(default=0, sa_column=sa.Column(sa.Integer, nullable=False, server_default="0"))
    created_by: UUID
    created_at: datetime = Field(default_factory=now, sa_column=_moment())
    last_modified: datetime = Field(default_factory=now, sa_column=_moment())
    version: int = 1
    deleted_at: datetime | None = Field(default=None, sa_column=_moment(optional=True))


class NotesVersionKept(PatientsTable, table=True):
    """A version of an entry's notes (ENT-3); the newest is the entry's own."""

    __tablename__ = "entry_notes_versions"
    entry: UUID = Field(primary_key=True, foreign_key="entries.id")
    version: int = Field(primary_key=True)
    text: str
    saved_by: UUID
    saved_at: datetime = Field(sa_column=_moment())


class Admission(PatientsTable, table=True):
    """The decision that an image may join a patient's pool, taken under the patient's row lock."""

    __tablename__ = "admissions"
    image: UUID = Field(primary_key=True)
    patient: UUID = Field(foreign_key="patients.id", index=True)
    admitted_by: UUID
    admitted_at: datetime = Field(default_factory=now, sa_column=_moment())


class Share(PatientsTable, table=True):
    """A site beside the home site whose people see the patient and work on the record."""

    __tablename__ = "shares"
    __table_args__ = tuple(_walked("shares"))
    patient: UUID = Field(primary_key=True, foreign_key="patients.id")
    site: UUID = Field(primary_key=True)
    shared_by: UUID
    shared_at: datetime = Field(default_factory=now, sa_column=_moment())
    last_modified: datetime = Field(default_factory=now, sa_column=_moment())
    last_appointment: datetime | None = Field(default=None, sa_column=_moment(optional=True))
    unique_id: str = Field(default="", sa_column=_by_code_point())
    name_key: str = Field(default="", sa_column=_by_code_point())
    entry_count: int = Field(default=0, sa_column=_counted())
    image_count: int = Field(default=0, sa_column=_counted())
    listed: bool = Field(default=True, sa_column=sa.Column(sa.Boolean, nullable=False, server_default="true"))
    """These are the patient's, by triggers: pages of a site are walked in their orders, and chosen by them."""

    merged_from: UUID | None = Field(default=None, foreign_key="patients.id", index=True)
    """The alias whose people this site's are: the share came with the merge and goes with it."""


class Opening(PatientsTable, table=True):
    """Emergency access of one user to one patient of another site; it is never deleted."""

    __tablename__ = "openings"
    __table_args__ = (
        sa.CheckConstraint("until >= opened_at", name="ends_after_it_began"),
        sa.Index("ix_openings_in_force", "patient", "user", "until"),
        sa.Index("ix_openings_of_site", "site", sa.text("opened_at DESC"), sa.text("id DESC")),
        sa.Index("ix_openings_of_user", "user", sa.text("opened_at DESC"), sa.text("id DESC")),
    )
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    patient: UUID = Field(foreign_key="patients.id")
    site: UUID
    user: UUID
    reason: str
    opened_at: datetime = Field(default_factory=now, sa_column=_moment())
    until: datetime = Field(sa_column=_moment())
    ended_by: UUID | None = None


class Acknowledgement(PatientsTable, table=True):
    """An administrator of the home site has taken note of an emergency access."""

    __tablename__ = "acknowledgements"
    user: UUID = Field(primary_key=True)
    opening: UUID = Field(primary_key=True, foreign_key="openings.id")
    acknowledged_at: datetime = Field(default_factory=now, sa_column=_moment())


class ConsentEvent(PatientsTable, table=True):
    """Something that happened to a patient's consent to photography. Rows are added and never change (CON-6)."""

    __tablename__ = "consent_events"
    __table_args__ = (
        sa.UniqueConstraint("patient", "version", name="one_event_follows_another"),
        sa.UniqueConstraint("ends", name="consent_ends_once"),
        sa.CheckConstraint("kind IN ('digital', 'external', 'revoked', 'expired')", name="kind_is_known"),
        sa.CheckConstraint(
            "(kind = 'digital') = (num_nonnulls(form_language, form_version, form_title, form_text, signer, "
            "relationship, signature) = 7)",
            name="what_was_signed_is_kept",
        ),
        sa.CheckConstraint("(kind = 'external') = (verified IS NOT NULL)", name="says_how_it_was_verified"),
        sa.CheckConstraint("(kind = 'revoked') = (reason IS NOT NULL)", name="revoked_with_a_reason"),
        sa.CheckConstraint("(kind IN ('revoked', 'expired')) = (ends IS NOT NULL)", name="ends_another_one"),
        sa.CheckConstraint("(kind = 'expired') = (by IS NULL)", name="somebody_records_it"),
    )
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    patient: UUID = Field(foreign_key="patients.id")
    version: int
    """Counts the events of the patient; their times grow with it."""

    kind: str
    at: datetime = Field(sa_column=_moment())
    by: UUID | None = None
    purposes: list[str] = Field(default_factory=list, sa_column=sa.Column(ARRAY(sa.String), nullable=False))
    until: datetime | None = Field(default=None, sa_column=_moment(optional=True))
    ends: UUID | None = Field(default=None, foreign_key="consent_events.id")
    form_language: str | None = None
    form_version: int | None = None
    form_title: str | None = None
    form_text: str | None = None
    signer: str | None = None
    relationship: str | None = None
    signature: bytes | None = None
    """Sealed under the patient's data key."""

    verified: str | None = None
    notes: str | None = None
    reason: str | None = None


class ConsentForm(PatientsTable, table=True):
    """One version of a site's consent form in one language; versions are added and never change (CON-5)."""

    __tablename__ = "consent_forms"
    __table_args__ = (sa.CheckConstraint("version >= 1", name="the_products_own_is_version_0"),)
    site: UUID = Field(primary_key=True)
    language: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    title: str
    text: str
    changed_at: datetime = Field(default_factory=now, sa_column=_moment())
    changed_by: UUID


class DataKey(PatientsTable, table=True):
    """A patient's data key, wrapped by an installation key."""

    __tablename__ = "data_keys"
    patient: UUID = Field(primary_key=True, foreign_key="patients.id")
    wrapped: bytes
    wrapped_by: str
    created_at: datetime = Field(default_factory=now, sa_column=_moment())


class PooledImage(PatientsTable, table=True):
    """Projection of images' facts: which images count for which patient."""

    __tablename__ = "pooled_images"
    __table_args__ = (sa.Index("ix_pooled_images_tagged", "patient", postgresql_where=sa.text("tags <> '{}'::uuid[]")),)
    image: UUID = Field(primary_key=True)
    patient: UUID = Field(index=True)
    counts: bool
    version: int
    tags: list[UUID] = Field(
        default_factory=list, sa_column=sa.Column(ARRAY(PG_UUID()), nullable=False, server_default="{}")
    )
    tags_version: int = Field(default=0, sa_column=sa.Column(sa.Integer, nullable=False, server_default="0"))


class TagScope(PatientsTable, table=True):
    """The tags of a site, or (without one) of the installation: held by who changes any of them."""

    __tablename__ = "tag_scopes"
    __table_args__ = (sa.UniqueConstraint("site", name="one_scope_per_site", postgresql_nulls_not_distinct=True),)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    site: UUID | None = None
    version: int = 0


class TagCategory(PatientsTable, table=True):
    """A category of tags (TAG-1); it is retired, never deleted."""

    __tablename__ = "tag_categories"
    __table_args__ = (sa.Index(CATEGORY_NAME_IS_UNIQUE, "scope", sa.text("lower(name)"), unique=True),)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    scope: UUID = Field(foreign_key="tag_scopes.id")
    name: str
    colour: TagColour = Field(sa_column=sa.Column(_COLOURS, nullable=False))
    position: int
    retired: bool = False
    version: int = 1


class Tag(PatientsTable, table=True):
    """A tag of a category; it is retired, never deleted."""

    __tablename__ = "tags"
    __table_args__ = (sa.Index(TAG_NAME_IS_UNIQUE, "category", sa.text("lower(name)"), unique=True),)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    category: UUID = Field(foreign_key="tag_categories.id")
    name: str
    position: int
    retired: bool = False
    version: int = 1


class PatientTag(PatientsTable, table=True):
    """A tag that a patient was given (TAG-2)."""

    __tablename__ = "patient_tags"
    patient: UUID = Field(primary_key=True, foreign_key="patients.id")
    tag: UUID = Field(primary_key=True, foreign_key="tags.id")
    assigned_by: UUID
    assigned_at: datetime = Field(default_factory=now, sa_column=_moment())


class EntryTag(PatientsTable, table=True):
    """A tag that an entry was given (TAG-2)."""

    __tablename__ = "entry_tags"
    entry: UUID = Field(primary_key=True, foreign_key="entries.id")
    tag: UUID = Field(primary_key=True, foreign_key="tags.id")
    assigned_by: UUID
    assigned_at: datetime = Field(default_factory=now, sa_column=_moment())


class HeldImage(PatientsTable, table=True):
    """Projection of images' facts: which photographs the workspaces of entries hold."""

    __tablename__ = "held_images"
    entry: UUID = Field(primary_key=True)
    image: UUID = Field(primary_key=True, index=True)
    holds: bool
    version: int
