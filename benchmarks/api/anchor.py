"""The anchor: one plain application that does what the system does for a read, in FastAPI, SQLModel and asyncpg.

It checks the session by its cookie, reads one patient or a page of them at the user's site, writes a record of who
was shown what, commits, and answers. Served by `uvicorn benchmarks.api.anchor:app`, one process, as it comes.
"""

import hashlib
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import Cookie, Depends, FastAPI, HTTPException, Query
from pydantic import BaseModel
from sqlalchemy import Column, DateTime, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession


def _now() -> datetime:
    return datetime.now(UTC)


class User(SQLModel, table=True):
    """A user of one site."""

    __tablename__ = "users"
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    site: UUID
    role: str
    disabled_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))


class Session(SQLModel, table=True):
    """A session, by the hash of its cookie."""

    __tablename__ = "sessions"
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    user: UUID = Field(foreign_key="users.id")
    token_sha256: str = Field(unique=True)
    expires_at: datetime = Field(sa_type=DateTime(timezone=True))
    ended_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))


class PatientFields(SQLModel):
    """What both a patient and a card have."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    unique_id: str = Field(unique=True)
    site: UUID
    first_name: str | None = None
    last_name: str | None = None
    preferred_name: str | None = None
    date_of_birth: date | None = None
    image_count: int = 0
    entry_count: int = 0
    last_appointment: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    last_modified: datetime = Field(default_factory=_now, sa_type=DateTime(timezone=True))


class PatientDetails(PatientFields):
    """What only a patient has."""

    middle_name: str | None = None
    sex: str | None = None
    gender: str | None = None
    email: str | None = None
    phone: str | None = None
    address: str | None = None
    record_numbers: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSONB, nullable=False))
    referring_physician: str | None = None
    phototype: str | None = None
    notes: str | None = None
    created_at: datetime = Field(default_factory=_now, sa_type=DateTime(timezone=True))
    created_by: UUID
    version: int = 1


class Patient(PatientDetails, table=True):
    """A patient's row."""

    __tablename__ = "patients"
    __table_args__ = (Index("ix_site_last_modified", "site", text("last_modified DESC"), text("id DESC")),)
    counted_version: int = 0
    deleted_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))


class ReadRecord(SQLModel, table=True):
    """Who was shown what."""

    __tablename__ = "read_records"
    position: int | None = Field(default=None, primary_key=True)
    id: UUID = Field(default_factory=uuid4)
    subject: str
    at: datetime = Field(default_factory=_now, sa_type=DateTime(timezone=True))
    payload: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    origin: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))


class PatientPage(BaseModel):
    """A page of cards."""

    patients: list[PatientFields]
    next: str | None


engine = create_async_engine(
    os.environ.get("ANCHOR_DATABASE_URL", "postgresql+asyncpg://"), pool_size=10, max_overflow=0
)
new_session = async_sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Make the tables at the beginning, close the pool at the end."""
    async with engine.begin() as connection:
        await connection.run_sync(SQLModel.metadata.create_all)
    yield
    await engine.dispose()


app = FastAPI(lifespan=lifespan)


async def get_db() -> AsyncIterator[AsyncSession]:
    """A session per request."""
    async with new_session() as db:
        yield db


Db = Annotated[AsyncSession, Depends(get_db)]


async def get_user(db: Db, dermfolio_session: Annotated[str | None, Cookie()] = None) -> tuple[User, UUID]:
    """The signed-in user and session."""
    if dermfolio_session is None:
        raise HTTPException(401)
    sha256 = hashlib.sha256(dermfolio_session.encode()).hexdigest()
    found = (
        await db.exec(
            select(User, Session.id)
            .join(Session, col(Session.user) == User.id)
            .where(
                Session.token_sha256 == sha256,
                col(Session.ended_at).is_(None),
                Session.expires_at > _now(),
                col(User.disabled_at).is_(None),
            )
        )
    ).first()
    if found is None:
        raise HTTPException(401)
    return found


SignedIn = Annotated[tuple[User, UUID], Depends(get_user)]


def _origin(signed_in: tuple[User, UUID]) -> dict[str, Any]:
    user, session = signed_in
    return {"user": str(user.id), "session": str(session), "roles": [user.role]}


@app.get("/patients/{patient}")
async def get_patient(patient: UUID, db: Db, signed_in: SignedIn) -> PatientDetails:
    """One patient."""
    site = signed_in[0].site
    found = (
        await db.exec(
            select(Patient).where(Patient.id == patient, Patient.site == site, col(Patient.deleted_at).is_(None))
        )
    ).first()
    if found is None:
        raise HTTPException(404)
    payload = {"patient": str(patient), "site": str(site)}
    db.add(ReadRecord(subject="patients.viewed", payload=payload, origin=_origin(signed_in)))
    await db.commit()
    return found


@app.get("/patients")
async def list_patients(
    db: Db, signed_in: SignedIn, limit: Annotated[int, Query(ge=1, le=100)] = 50, before: datetime | None = None
) -> PatientPage:
    """A page of patients, last modified first."""
    site = signed_in[0].site
    query = select(Patient).where(Patient.site == site, col(Patient.deleted_at).is_(None))
    if before is not None:
        query = query.where(Patient.last_modified < before)
    query = query.order_by(col(Patient.last_modified).desc(), col(Patient.id).desc()).limit(limit + 1)
    found = (await db.exec(query)).all()
    page = found[:limit]
    payload = {"site": str(site), "patients": [str(p.id) for p in page]}
    db.add(ReadRecord(subject="patients.listed", payload=payload, origin=_origin(signed_in)))
    await db.commit()
    following = page[-1].last_modified.isoformat() if len(found) > limit else None
    return PatientPage(patients=list(page), next=following)
