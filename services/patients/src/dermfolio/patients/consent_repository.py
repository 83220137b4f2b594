"""Every query about consent."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from dermfolio.common.db import ReadConnection, WriteSession
from dermfolio.patients.consent_state import Consent, Latest
from dermfolio.patients.models import ConsentEvent, ConsentForm, Patient

_STANDING = """
SELECT consent_given, consent_until, latest.* FROM patients LEFT JOIN LATERAL (
    SELECT id, version, kind, purposes, until FROM consent_events
    WHERE patient = patients.id ORDER BY version DESC LIMIT 1
) AS latest ON true
WHERE patients.id = $1
"""


async def standing(rows: ReadConnection, patient: UUID) -> tuple[Consent, Latest]:
    """The consent of a patient who exists, and the latest event."""
    [found] = await rows.fetch(_STANDING, patient)
    given, until, *latest = found
    return Consent(given, until), Latest() if found["id"] is None else Latest(*latest)


async def consent(rows: ReadConnection, patient: UUID) -> Consent:
    """The consent of a patient who exists."""
    found = await rows.fetchrow("SELECT consent_given, consent_until FROM patients WHERE id = $1", patient)
    return Consent(*found) if found else Consent()


async def held_consent(s: WriteSession, patient: UUID) -> Consent:
    """The consent of a patient who is held."""
    found = await s.execute(select(col(Patient.consent_given), col(Patient.consent_until)).where(Patient.id == patient))
    return Consent(*found.one())


async def set_consent(s: WriteSession, patient: UUID, state: Consent, at: datetime) -> None:
    """Say of a patient, held alone, what the latest event means."""
    await s.execute(
        sa.update(Patient)
        .where(col(Patient.id) == patient)
        .values(
            consent_given=state.given,
            consent_until=state.until if state.given else None,
            last_modified=sa.func.greatest(Patient.last_modified, at),
        )
    )


async def latest(s: WriteSession, patient: UUID) -> ConsentEvent | None:
    """The latest event of a patient."""
    wanted = select(ConsentEvent).where(ConsentEvent.patient == patient)
    return (await s.exec(wanted.order_by(col(ConsentEvent.version).desc()).limit(1))).first()


async def event(s: WriteSession, patient: UUID, event: UUID) -> ConsentEvent | None:
    """An event of this patient."""
    return (await s.exec(select(ConsentEvent).where(ConsentEvent.id == event, ConsentEvent.patient == patient))).first()


async def events(
    s: WriteSession, patient: UUID, behind: tuple[datetime | None, UUID | None], limit: int
) -> Sequence[ConsentEvent]:
    """Events of a patient, newest first."""
    wanted = select(ConsentEvent).where(ConsentEvent.patient == patient)
    if behind[0] is not None:
        wanted = wanted.where(ConsentEvent.at < behind[0])  # no two events of a patient have one time
    return (await s.exec(wanted.order_by(col(ConsentEvent.version).desc()).limit(limit))).all()


async def run_out(rows: ReadConnection, moment: datetime, limit: int) -> list[UUID]:
    """Patients whose consent has ended by itself, and of whom that was not said yet."""
    found = await rows.fetch(
        "SELECT id FROM patients WHERE consent_given AND consent_until <= $1 ORDER BY consent_until LIMIT $2",
        moment,
        limit,
    )
    return [row["id"] for row in found]


async def form(s: WriteSession, site: UUID, language: str) -> ConsentForm | None:
    """The form that a site wrote last in a language."""
    wanted = select(ConsentForm).where(ConsentForm.site == site, ConsentForm.language == language)
    return (await s.exec(wanted.order_by(col(ConsentForm.version).desc()).limit(1))).first()
