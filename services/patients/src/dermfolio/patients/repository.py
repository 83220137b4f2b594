"""Every query of patients. Site scope is in each."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from dermfolio.common.db import ReadConnection, WriteSession
from dermfolio.common.page_sql import begin, instant
from dermfolio.common.reads import ReadLog, recording
from dermfolio.contracts.messages import now
from dermfolio.contracts.patients import PatientsListed, PatientViewed
from dermfolio.contracts.replay import Origin
from dermfolio.patients.cards import (
    AGGREGATED,
    AS_JSON,
    CARD,
    FOR_CONSENT,
    LISTED,
    LISTED_OF_PAGE,
    OF_PATIENT,
    PLAIN,
    Behind,
    Cards,
)
from dermfolio.patients.models import Admission, DataKey, Opening, Patient, PooledImage, Share
from dermfolio.patients.reach import Reach

_VIEW = f"""
SELECT site, version, json_build_object(
    'id', id, 'unique_id', unique_id, 'site', site,
    'first_name', first_name, 'middle_name', middle_name, 'last_name', last_name, 'preferred_name', preferred_name,
    'date_of_birth', date_of_birth, 'sex', sex, 'gender', gender, 'email', email, 'phone', phone, 'address', address,
    'record_numbers', record_numbers, 'referring_physician', referring_physician, 'phototype', phototype,
    'notes', notes, 'image_count', image_count, 'entry_count', entry_count, 'tags', tags,
    'last_appointment', {instant("last_appointment")}, 'last_modified', {instant("last_modified")},
    'created_at', {instant("created_at")},
    'created_by', created_by, 'merged_into', merged_into,
    'aliases', ARRAY(SELECT id FROM patients AS alias WHERE alias.merged_into = patients.id ORDER BY id),
    'version', version)::text AS body
FROM patients WHERE id = $1 AND site = ANY($2) AND deleted_at IS NULL
"""  # noqa: S608 - constants only

_VIEWED = """SELECT gen_random_uuid() AS id, concat('"site":"', site, '"') AS said FROM seen"""
_VIEW_RECORDED = f"WITH seen AS ({_VIEW}), recorded AS ({recording(_VIEWED, first=3)}) SELECT * FROM seen"  # noqa: S608 - constants only

_REACH = """
SELECT root.site, asked.deleted_at IS NOT NULL AS deleted,
       ARRAY(SELECT site FROM shares WHERE patient = root.id) AS shared,
       opening.id AS opening, opening.until, asked.merged_into,
       ARRAY[root.id] || records.ids AS records, ARRAY[root.site] || records.sites AS sites
FROM patients AS asked JOIN patients AS root ON root.id = coalesce(asked.merged_into, asked.id)
CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(id ORDER BY id), '{{}}') AS ids, coalesce(array_agg(site ORDER BY id), '{{}}') AS sites
    FROM patients WHERE merged_into = root.id
) AS records
LEFT JOIN LATERAL (
    SELECT id, until FROM openings
    WHERE patient = ANY(ARRAY[root.id] || records.ids) AND "user" = {user} AND until > {now}
    ORDER BY until DESC LIMIT 1
) AS opening ON true
WHERE asked.id = {patient}
"""
# Who gets to one record of a patient gets to those merged with it: a merge shares the survivor with every site whose
# people saw an alias.
_REACH_READ = _REACH.format(patient="$1", user="$2", now="$3")
_REACH_HELD = sa.text(_REACH.format(patient=":patient", user=":user", now=":now"))

_PAGE = f"""
WITH found AS (
    (SELECT newest.* FROM unnest($1::uuid[]) AS visible(site) CROSS JOIN LATERAL (
        SELECT {PLAIN}, {FOR_CONSENT}, last_appointment, last_modified FROM patients
        WHERE patients.site = visible.site AND {LISTED}
          AND (last_modified, id) < {begin("$2", "$3")}
        ORDER BY last_modified DESC, id DESC LIMIT $4 + 1
    ) AS newest)
    UNION ALL
    (SELECT newest.* FROM unnest($1::uuid[]) AS visible(site) CROSS JOIN LATERAL (
        SELECT {OF_PATIENT}, shares.last_modified
        FROM shares JOIN patients ON patients.id = shares.patient
        WHERE shares.site = visible.site AND {LISTED}
          AND CASE WHEN patients.site = ANY($1) THEN false ELSE true END
          AND (shares.last_modified, shares.patient) < {begin("$2", "$3")}
          AND NOT EXISTS (SELECT FROM shares AS other WHERE other.patient = shares.patient
                          AND other.site = ANY($1) AND other.site < shares.site)
        ORDER BY shares.last_modified DESC, shares.patient DESC LIMIT $4 + 1
    ) AS newest)
    ORDER BY last_modified DESC, id DESC LIMIT $4 + 1
), page AS (SELECT * FROM found LIMIT $4)
"""  # noqa: S608 - constants only
# Those at home at the sites, then those shared with them, each once. Each site's newest come from its index;
# `site = ANY(...)` would sort all patients of all sites for every page. Of CASE the planner cannot think that it leaves
# next to nothing, and so walks the index there too.

_ENDS = """(array_agg(card.id))[count(*)] AS last, (SELECT min(last_modified) FROM page) AS last_modified,
    (SELECT count(*) > $4 FROM found) AS more"""
_OF_PAGE = f"(SELECT {CARD} FROM page) AS card"  # noqa: S608 - constants only
_CARDS = f"{_PAGE} SELECT {AGGREGATED}, {_ENDS} FROM {_OF_PAGE}"  # noqa: S608 - constants only

_CARDS_RECORDED = f"""
{_PAGE}, recorded AS ({recording(LISTED_OF_PAGE, first=5)})
SELECT {AS_JSON}, {_ENDS} FROM {_OF_PAGE}
"""  # noqa: S608 - constants only


async def view(rows: ReadConnection, patient: UUID, homes: Sequence[UUID]) -> tuple[UUID, int, str] | None:
    """(site, version, JSON of PatientView) of a patient who is at home at one of these sites."""
    found = await rows.fetchrow(_VIEW, patient, homes)
    return None if found is None else (found["site"], found["version"], found["body"])


async def view_recorded(reads: ReadLog, patient: UUID, homes: Sequence[UUID], origin: Origin) -> tuple[int, str] | None:
    """(version, JSON of PatientView), recorded as seen."""
    event = PatientViewed(patient=patient)
    found = await reads.show(_VIEW_RECORDED, patient, homes, event=event, origin=origin, said={"site"})
    return (found[0]["version"], found[0]["body"]) if found else None


async def cards(
    rows: ReadConnection, sites: Sequence[UUID], behind: tuple[datetime | None, UUID | None], limit: int
) -> tuple[Cards, Behind]:
    """A page of the patients of these sites, whether at home there or shared with them, last modified first."""
    [found] = await rows.fetch(_CARDS, sites, *behind, limit)
    return Cards(found["ids"], found["homes"], found["cards"]), _behind(found)


async def cards_recorded(
    reads: ReadLog,
    sites: Sequence[UUID],
    behind: tuple[datetime | None, UUID | None],
    limit: int,
    origin: Origin,
) -> tuple[bytes, Behind]:
    """The PatientCards of such a page as a JSON array, recorded as shown: the trail of each home site says so."""
    event, said = PatientsListed(patients=[]), {"site", "patients"}
    [found] = await reads.show(_CARDS_RECORDED, sites, *behind, limit, event=event, origin=origin, said=said)
    return found["cards"], _behind(found)


def _behind(found: asyncpg.Record) -> Behind:
    return (found["last_modified"], found["last"]) if found["more"] else None


async def reach(rows: ReadConnection, patient: UUID, user: UUID | None) -> Reach | None:
    """Who gets to a patient: the people of some sites, and perhaps this user in an emergency."""
    found = await rows.fetchrow(_REACH_READ, patient, user, now())
    return None if found is None else _reach(dict(found))


async def shared_of(rows: ReadConnection, patients: Sequence[UUID]) -> set[UUID]:
    """Those of the patients who are shared with another site than their own."""
    found = await rows.fetch("SELECT DISTINCT patient FROM shares WHERE patient = ANY($1)", patients)
    return {row["patient"] for row in found}


async def by_unique_id(rows: ReadConnection, unique_id: str) -> UUID | None:
    """The patient who holds a unique ID, at any site."""
    found: UUID | None = await rows.fetchval("SELECT id FROM patients WHERE unique_id = $1", unique_id)
    return found


async def wrapped_key(rows: ReadConnection, patient: UUID) -> tuple[bytes, str] | None:
    """(wrapped key, id of the installation key) of a patient."""
    found = await rows.fetchrow("SELECT wrapped, wrapped_by FROM data_keys WHERE patient = $1", patient)
    return None if found is None else (found["wrapped"], found["wrapped_by"])


async def held(s: WriteSession, patient: UUID, user: UUID | None, *, alone: bool = False) -> Reach | None:
    """Who gets to a patient, held against deletion, sharing and consent changes until this transaction ends.
    Admissions hold it together, who changes one of these `alone`.
    """
    hold = select(Patient.id).where(Patient.id == patient).with_for_update(read=not alone)
    if (await s.exec(hold)).first() is None:
        return None
    # a statement of its own: it sees what was committed while the hold was waited for
    found = await s.execute(_REACH_HELD, {"patient": patient, "user": user, "now": now()})
    return _reach(dict(found.mappings().one()))


def _reach(facts: dict[str, Any]) -> Reach:
    return Reach(homes=dict(zip(facts.pop("records"), facts.pop("sites"), strict=True)), **facts)


async def share(s: WriteSession, patient: UUID, site: UUID, by: UUID) -> None:
    """Share a patient, who is held alone, with a site."""
    s.add(Share(patient=patient, site=site, shared_by=by))
    await s.flush()


async def shares(s: WriteSession, patient: UUID) -> Sequence[Share]:
    """The sites that a patient is shared with, in that order."""
    wanted = select(Share).where(Share.patient == patient).order_by(col(Share.shared_at), col(Share.site))
    return (await s.exec(wanted)).all()


async def patient_to_open(s: WriteSession, unique_id: str) -> UUID | None:
    """The patient who holds a unique ID, at any site."""
    return (await s.exec(select(Patient.id).where(Patient.unique_id == unique_id))).first()


async def openings_in_force(s: WriteSession, patient: UUID, user: UUID) -> Sequence[Opening]:
    """The emergency accesses by which a user sees a patient now, held."""
    wanted = select(Opening).where(Opening.patient == patient, Opening.user == user, col(Opening.until) > now())
    return (await s.exec(wanted.order_by(col(Opening.id)).with_for_update())).all()


async def openings(
    s: WriteSession, user: UUID, behind: tuple[datetime | None, UUID | None], limit: int
) -> Sequence[tuple[Opening, str]]:
    """Emergency accesses of a user, newest first, with the unique IDs."""
    wanted = select(Opening, Patient.unique_id).join(Patient, col(Patient.id) == Opening.patient)
    wanted = wanted.where(Opening.user == user)
    at, row = behind
    if at is not None:
        wanted = wanted.where(sa.tuple_(Opening.opened_at, Opening.id) < sa.tuple_(at, row))
    wanted = wanted.order_by(col(Opening.opened_at).desc(), col(Opening.id).desc()).limit(limit)
    return (await s.exec(wanted)).all()


async def is_admitted(rows: ReadConnection, image: UUID) -> bool:
    """Whether an image was admitted before, to whatever patient."""
    return await rows.fetchval("SELECT EXISTS (SELECT FROM admissions WHERE image = $1)", image) is True


async def admit(s: WriteSession, image: UUID, patient: UUID, by: UUID) -> UUID:
    """Record an admission; returns the patient that the image was admitted to, now or before."""
    await s.execute(
        insert(Admission)
        .values(image=image, patient=patient, admitted_by=by, admitted_at=sa.func.now())
        .on_conflict_do_nothing()
    )
    return (await s.exec(select(Admission.patient).where(Admission.image == image))).one()


async def readmit(s: WriteSession, image: UUID, patient: UUID, by: UUID) -> None:
    """Record that an image, of whomever it was, is admitted to this patient."""
    decided = {"patient": patient, "admitted_by": by, "admitted_at": sa.func.now()}
    new = insert(Admission).values(image=image, **decided)
    await s.execute(new.on_conflict_do_update(index_elements=["image"], set_=decided))


async def unique_id_of(s: WriteSession, patient: UUID) -> str:
    """The unique ID of a patient that there is."""
    return (await s.exec(select(Patient.unique_id).where(Patient.id == patient))).one()


async def add(s: WriteSession, patient: Patient, key: DataKey) -> None:
    """Add a patient. Raises IntegrityError when the unique ID is taken."""
    s.add(patient)
    await s.flush()
    s.add(key)
    await s.flush()


async def touch(s: WriteSession, patients: Sequence[UUID], at: datetime) -> None:
    """Something of these patients was changed then."""
    modified = {"last_modified": sa.func.greatest(Patient.last_modified, at)}
    await s.execute(sa.update(Patient).where(col(Patient.id).in_(patients)).values(modified))


async def project_image(s: WriteSession, image: UUID, patient: UUID, version: int, *, counts: bool) -> dict[UUID, int]:
    """Apply an image's newer state; returns by how much the image counts of patients change: of the one that it is, and
    of the one that it was.
    """
    known = (await s.exec(select(PooledImage).where(PooledImage.image == image).with_for_update())).first()
    if known is None:
        s.add(PooledImage(image=image, patient=patient, counts=counts, version=version))
        await s.flush()
        return {patient: 1} if counts else {}
    if version <= known.version:
        return {}
    changes = {known.patient: -int(known.counts)}
    changes[patient] = changes.get(patient, 0) + int(counts)
    known.patient, known.counts, known.version = patient, counts, version
    s.add(known)
    return {of: change for of, change in changes.items() if change}


async def count_images(
    s: WriteSession, patients: Sequence[UUID], change: int, at: datetime
) -> list[tuple[UUID, int, int, UUID]]:
    """Change the image count of records; returns (patient, count, version of the counts, site) of each."""
    found = await s.execute(
        sa.update(Patient)
        .where(col(Patient.id).in_(patients))
        .values(
            image_count=Patient.image_count + change,
            counted_version=Patient.counted_version + 1,
            last_modified=sa.func.greatest(Patient.last_modified, at),
        )
        .returning(col(Patient.id), col(Patient.image_count), col(Patient.counted_version), col(Patient.site))
    )
    return [(row[0], row[1], row[2], row[3]) for row in found]
