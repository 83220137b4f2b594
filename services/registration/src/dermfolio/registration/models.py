"""Tables of registration; the names of constraints state the rules."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlmodel import Field, SQLModel

from dermfolio.common.plumbing import NAMING
from dermfolio.contracts.messages import now


class RegistrationTable(SQLModel):
    """Base of registration's tables."""

    metadata: ClassVar[sa.MetaData] = sa.MetaData(naming_convention=NAMING)


def _moment(*, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(sa.DateTime(timezone=True), nullable=nullable)


class Comparison(RegistrationTable, table=True):
    """A comparison group. A deleted one stays, so that it can be restored, and holds nothing."""

    __tablename__ = "comparisons"
    __table_args__ = (
        sa.CheckConstraint("cardinality(images) BETWEEN 2 AND 24", name="compares_several_images"),
        sa.CheckConstraint("reference = ANY(images)", name="reference_is_compared"),
        sa.CheckConstraint("(hold IS NULL) = (deleted_at IS NOT NULL)", name="holds_its_images_unless_deleted"),
        sa.Index("ix_comparisons_entry", "entry", "created_at", "id"),
    )
    id: UUID = Field(primary_key=True)
    entry: UUID
    patient: UUID
    name: str
    images: list[UUID] = Field(sa_column=sa.Column(ARRAY(PG_UUID()), nullable=False))
    """In the order in which they are shown."""

    reference: UUID
    hold: UUID | None
    """By which images keeps these photographs in the workspace of the entry."""

    made_of: bytes
    """SHA-256 of the request that made it: repeating that is harmless."""

    version: int = 1
    created_by: UUID
    created_at: datetime = Field(default_factory=now, sa_column=_moment())
    changed_by: UUID
    changed_at: datetime = Field(default_factory=now, sa_column=_moment())
    deleted_at: datetime | None = Field(default=None, sa_column=_moment(nullable=True))


class Hold(RegistrationTable, table=True):
    """A hold that images is asked for, until the comparison that it is for is written, or given up."""

    __tablename__ = "holds"
    id: UUID = Field(primary_key=True)
    comparison: UUID
    entry: UUID
    patient: UUID
    site: UUID
    asked_at: datetime = Field(default_factory=now, sa_column=_moment())
