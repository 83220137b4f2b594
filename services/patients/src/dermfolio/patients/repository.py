"""Every query of patients. Site scope is in each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from dermfolio.common.db import ReadConnection, WriteSession
from dermfolio.common.page_sql import begin, instant
from dermfolio.patients.models import Admission, DataKey, Patient, PooledImage

_VIEW = f"""
SELECT site, version, json_build_object(
    'id', id, 'unique_id', unique_id, 'site', site,
    'first_name', first_name, 'middle_name', middle_name, 'last_name', last_name, 'preferred_name', preferred_name,
    'date_of_birth', date_of_birth, 'sex', sex, 'gender', gender, 'email', email, 'phone', phone, 'address', address,
    'record_numbers', record_numbers, 'referring_physician', referring_physician, 'phototype', phototype,
    'notes', notes, 'image_count', image_count, 'entry_count', entry_count,
    'last_appointment', {instant("last_appointment")}, 'last_modified', {instant("last_modified")},
    'created_at', {instant("created_at")},
    'created_by', created_by, 'version', version)::text AS body
FROM patients WHERE id = $1 AND site = ANY($2) AND deleted_at IS NULL
"""  # noqa: S608 - constants only

_PLAIN = "id, unique_id, site, first_name, last_name, preferred_name, date_of_birth, image_count, entry_count"

_CARDS = f"""
WITH found AS (
    SELECT newest.* FROM unnest($1::uuid[]) AS visible(site) CROSS JOIN LATERAL (
        SELECT {_PLAIN}, last_appointment, last_modified FROM patients
        WHERE patients.site = visible.site AND deleted_at IS NULL
          AND (last_modified, id) < {begin("$2", "$3")}
        ORDER BY last_modified DESC, id DESC LIMIT $4 + 1
    ) AS newest
    ORDER BY last_modified DESC, id DESC LIMIT $4 + 1
), page AS (SELECT * FROM found LIMIT $4)
SELECT coalesce(array_agg(card.id), '{{}}') AS ids, coalesce(json_agg(card)::text, '[]') AS cards,
       (SELECT min(last_modified) FROM page) AS last_modified, (SELECT count(*) > $4 FROM found) AS more
FROM (
    SELECT {_PLAIN}, {instant("last_appointment")} AS last_appointment, {instant("last_modified")} AS last_modified
    FROM page
) AS card
"""  # noqa: S608 - constants only
# each site's newest come from its index; `site = ANY(...)` would sort all patients of all sites for every page.
# The aggregates see the page in its order, and a row as JSON costs less than a list of names and values.


@dataclass(frozen=True, slots=True)
class Cards:
    """A page of patients: their ids, and their PatientCards as a JSON array."""

    ids: list[UUID]
    cards: str
    behind: tuple[datetime, UUID] | None
    """The last one's sort key, when more follow."""


async def view(rows: ReadConnection, patient: UUID, sites: Sequence[UUID]) -> tuple[UUID, int, str] | None:
    """(site, version, JSON of PatientView) of a patient within these sites."""
    found = await rows.fetchrow(_VIEW, patient, sites)
    return None if found is None else (found["site"], found["version"], found["body"])


async def cards(
    rows: ReadConnection, sites: Sequence[UUID], behind: tuple[datetime | None, UUID | None], limit: int
) -> Cards:
    """A page of the patients within these sites, last modified first."""
    [found] = await rows.fetch(_CARDS, sites, *behind, limit)
    ids = found["ids"]
    return Cards(ids, found["cards"], (found["last_modified"], ids[-1]) if found["more"] else None)


async def scope(rows: ReadConnection, patient: UUID, sites: Sequence[UUID]) -> tuple[UUID, bool] | None:
    """(site, deleted) of a patient within these sites."""
    found = await rows.fetchrow(
        "SELECT site, deleted_at IS NOT NULL AS deleted FROM patients WHERE id = $1 AND site = ANY($2)", patient, sites
    )
    return None if found is None else (found["site"], found["deleted"])


async def by_unique_id(rows: ReadConnection, unique_id: str) -> tuple[UUID, UUID] | None:
    """(id, site) of the patient who holds a unique ID, at any site."""
    found = await rows.fetchrow("SELECT id, site FROM patients WHERE unique_id = $1", unique_id)
    return None if found is None else (found["id"], found["site"])


async def wrapped_key(rows: ReadConnection, patient: UUID) -> tuple[bytes, str] | None:
    """(wrapped key, id of the installation key) of a patient."""
    found = await rows.fetchrow("SELECT wrapped, wrapped_by FROM data_keys WHERE patient = $1", patient)
    return None if found is None else (found["wrapped"], found["wrapped_by"])


async def held(s: WriteSession, patient: UUID) -> Patient | None:
    """The patient, held against deletion and consent changes until this transaction ends; admissions share it."""
    return (await s.exec(select(Patient).where(Patient.id == patient).with_for_update(read=True))).first()


async def admit(s: WriteSession, image: UUID, patient: UUID, by: UUID) -> UUID:
    """Record an admission; returns the patient that the image was admitted to, now or before."""
    await s.execute(
        insert(Admission)
        .values(image=image, patient=patient, admitted_by=by, admitted_at=sa.func.now())
        .on_conflict_do_nothing()
    )
    return (await s.exec(select(Admission.patient).where(Admission.image == image))).one()


async def add(s: WriteSession, patient: Patient, key: DataKey) -> None:
    """Add a patient. Raises IntegrityError when the unique ID is taken."""
    s.add(patient)
    await s.flush()
    s.add(key)
    await s.flush()


async def project_image(s: WriteSession, image: UUID, patient: UUID, version: int, *, counts: bool) -> int:
    """Apply an image's newer state; returns by how much the patient's image count changes."""
    known = (await s.exec(select(PooledImage).where(PooledImage.image == image).with_for_update())).first()
    if known is None:
        s.add(PooledImage(image=image, patient=patient, counts=counts, version=version))
        await s.flush()
        return int(counts)
    if version <= known.version:
        return 0
    change = int(counts) - int(known.counts)
    known.counts, known.version = counts, version
    s.add(known)
    return change


async def count_images(s: WriteSession, patient: UUID, change: int, at: datetime) -> tuple[int, int, UUID] | None:
    """Change a patient's image count; returns (count, version of the counts, site)."""
    found = await s.execute(
        sa.update(Patient)
        .where(col(Patient.id) == patient)
        .values(
            image_count=Patient.image_count + change,
            counted_version=Patient.counted_version + 1,
            last_modified=sa.func.greatest(Patient.last_modified, at),
        )
        .returning(col(Patient.image_count), col(Patient.counted_version), col(Patient.site))
    )
    row = found.first()
    return None if row is None else (row[0], row[1], row[2])
