"""Tables of images; the names of constraints state the rules."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlmodel import Field, SQLModel

from dermfolio.common.plumbing import NAMING
from dermfolio.contracts.messages import now
from dermfolio.contracts.views.images import ImageState

ONE_LIVE_IMAGE_PER_CONTENT = "one_live_image_per_content"
IMAGE_ID_IS_UNIQUE = "pk_images"


_STATES = sa.Enum(ImageState, native_enum=False, values_callable=lambda states: [s.value for s in states])
"""Text in the table, an ImageState in the code."""


class ImagesTable(SQLModel):
    """Base of images' tables."""

    metadata: ClassVar[sa.MetaData] = sa.MetaData(naming_convention=NAMING)


def _moment() -> sa.Column[datetime]:
    return sa.Column(sa.DateTime(timezone=True), nullable=False)


def _quarter_turn() -> sa.Column[int]:
    return sa.Column(sa.SmallInteger, nullable=False, server_default="0")


def _version() -> sa.Column[int]:
    return sa.Column(sa.Integer, nullable=False, server_default="0")


class Image(ImagesTable, table=True):
    """One photograph. `attempt` says which stored original counts, `revision` which renditions."""

    __tablename__ = "images"
    __table_args__ = (
        sa.CheckConstraint("state IN ('processing', 'ready', 'rejected', 'failed')", name="state_is_known"),
        sa.CheckConstraint("(state = 'rejected') = (reason IS NOT NULL)", name="rejected_has_a_reason"),
        sa.CheckConstraint(
            "state <> 'ready' OR (width > 0 AND height > 0 AND revision > 0 AND media_type IS NOT NULL)",
            name="ready_has_its_facts",
        ),
        sa.CheckConstraint("bytes > 0", name="has_bytes"),
        sa.Index(
            ONE_LIVE_IMAGE_PER_CONTENT,
            "patient",
            "sha256",
            unique=True,
            postgresql_where=sa.text("state <> 'rejected'"),
        ),
        sa.CheckConstraint("rotation IN (0, 90, 180, 270)", name="rotation_is_a_quarter_turn"),
        sa.CheckConstraint("wanted_rotation IN (0, 90, 180, 270)", name="wanted_rotation_is_a_quarter_turn"),
        sa.Index("ix_images_pool", "patient", sa.text("place DESC"), sa.text("id DESC")),
        sa.Index(
            "ix_images_examined",
            sa.text("examined_at NULLS FIRST"),
            "id",
            postgresql_where=sa.text("state <> 'rejected'"),
        ),
    )
    id: UUID = Field(primary_key=True)
    patient: UUID
    site: UUID
    state: ImageState = Field(default=ImageState.PROCESSING, sa_column=sa.Column(_STATES, nullable=False))
    reason: str | None = None
    file_name: str
    media_type: str | None = None
    bytes: int = Field(sa_column=sa.Column(sa.BigInteger, nullable=False))
    sha256: str
    attempt: UUID
    revision: int = 0
    next_revision: int = 1
    width: int | None = None
    height: int | None = None
    renditions: list[dict[str, Any]] = Field(default_factory=list, sa_column=sa.Column(JSONB, nullable=False))
    capture: dict[str, Any] | None = Field(default=None, sa_column=sa.Column(JSONB, nullable=True))
    rotation: int = Field(default=0, sa_column=_quarter_turn())
    """Degrees clockwise by which the renditions that count are turned from how the file says it stands."""

    wanted_rotation: int = Field(default=0, sa_column=_quarter_turn())
    """The same of the renditions that are asked for; where they differ, a job is on its way to make these."""

    rotated_bytes: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger, nullable=True))
    """Of the original as a file that says that it is turned, where the revision that counts has one."""

    thumbhash: str | None = None
    """A ThumbHash in base64: what stands for the photograph until it is loaded."""

    caption: str = Field(default="", sa_column=sa.Column(sa.String, nullable=False, server_default=""))
    caption_version: int = Field(default=0, sa_column=_version())
    effective_at: datetime = Field(default_factory=now, sa_column=_moment())
    date_version: int = Field(default=0, sa_column=_version())
    """How often somebody has chosen the effective date; 0: it is the one that the upload brought, or the camera."""

    place: str = Field(sa_column=sa.Column(sa.String(collation="C"), nullable=False))
    """In the order of the pool; see `places`."""

    uploaded_at: datetime = Field(default_factory=now, sa_column=_moment())
    uploaded_by: UUID
    tags: list[UUID] = Field(
        default_factory=list, sa_column=sa.Column(ARRAY(PG_UUID()), nullable=False, server_default="{}")
    )
    """In the order of their ids."""

    moving_to: UUID | None = None
    """The patient that it is on its way to. Until it has arrived nothing of it changes."""

    moved_from: UUID | None = None
    """The record that it was before it was moved here."""

    examined_at: datetime | None = Field(default=None, sa_column=sa.Column(sa.DateTime(timezone=True), nullable=True))
    """When the stored original was last opened and hashed; null: not since it was uploaded."""

    version: int = 1


class DuplicateUpload(ImagesTable, table=True):
    """An upload whose bytes were in the pool already; kept so that repeating it gives the same answer."""

    __tablename__ = "duplicate_uploads"
    upload: UUID = Field(primary_key=True)
    patient: UUID
    sha256: str
    image: UUID = Field(foreign_key="images.id")
    at: datetime = Field(default_factory=now, sa_column=_moment())


class Workspace(ImagesTable, table=True):
    """The workspace of an entry; `version` counts the photographs that were added and removed."""

    __tablename__ = "workspaces"
    entry: UUID = Field(primary_key=True)
    patient: UUID
    version: int = 0


class WorkspaceImage(ImagesTable, table=True):
    """A photograph of a workspace."""

    __tablename__ = "workspace_images"
    entry: UUID = Field(primary_key=True, foreign_key="workspaces.entry")
    image: UUID = Field(primary_key=True, foreign_key="images.id", index=True)
    added_by: UUID
    added_at: datetime = Field(default_factory=now, sa_column=_moment())


class HeldImage(ImagesTable, table=True):
    """A photograph that stays in the workspace of an entry: a comparison uses it, or is about to."""

    __tablename__ = "held_images"
    __table_args__ = (sa.Index("ix_held_images_entry_image", "entry", "image"),)
    hold: UUID = Field(primary_key=True)
    image: UUID = Field(primary_key=True, foreign_key="images.id")
    comparison: UUID
    entry: UUID = Field(foreign_key="workspaces.entry")
    held_at: datetime = Field(default_factory=now, sa_column=_moment())


class Orphan(ImagesTable, table=True):
    """An object in quarantine: no image is known to have claimed it. It is removed once it has been there for long."""

    __tablename__ = "orphans"
    key: str = Field(primary_key=True)
    bytes: int = Field(sa_column=sa.Column(sa.BigInteger, nullable=False))
    found_at: datetime = Field(default_factory=now, sa_column=_moment())
    seen_at: datetime = Field(default_factory=now, sa_column=_moment())
    """When a pass last met it unclaimed; a later pass that did not lets it go."""


class Alarm(ImagesTable, table=True):
    """An alarm about the store as a whole, for as long as it stands."""

    __tablename__ = "alarms"
    alarm: str = Field(primary_key=True)
    found_at: datetime = Field(default_factory=now, sa_column=_moment())
    seen_at: datetime = Field(default_factory=now, sa_column=_moment())


class Finding(ImagesTable, table=True):
    """An object of an image that is missing or damaged, for as long as it is."""

    __tablename__ = "findings"
    image: UUID = Field(primary_key=True, foreign_key="images.id")
    object: str = Field(primary_key=True)
    finding: str = Field(primary_key=True)
    found_at: datetime = Field(default_factory=now, sa_column=_moment())
    seen_at: datetime = Field(default_factory=now, sa_column=_moment())
