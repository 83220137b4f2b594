"""Every query of merging. A group is a survivor and its aliases; an alias never has aliases itself."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from dermfolio.common.db import WriteSession
from dermfolio.patients.models import Patient, PooledImage, Share


async def held(s: WriteSession, *patients: UUID) -> dict[UUID, Patient]:
    """Records as they are, held alone until this transaction ends; in one order, so that no two wait for each other."""
    wanted = select(Patient).where(col(Patient.id).in_(patients), col(Patient.deleted_at).is_(None))
    wanted = wanted.order_by(col(Patient.id)).with_for_update().execution_options(populate_existing=True)
    return {found.id: found for found in await s.exec(wanted)}


async def held_with_survivor(s: WriteSession, patient: UUID) -> list[UUID]:
    """A record and, of an alias, its survivor, held alone: whose alias it is stays so until this transaction ends."""
    survivor = (await s.exec(select(Patient.merged_into).where(Patient.id == patient))).first()
    while True:
        records = [patient] if survivor is None else [patient, survivor]
        wanted = select(Patient.id, Patient.merged_into).where(col(Patient.id).in_(records))
        found = dict((await s.exec(wanted.order_by(col(Patient.id)).with_for_update())).all())
        if found.get(patient) == survivor:
            return list(found)
        survivor = found.get(patient)


async def aliases(s: WriteSession, survivor: UUID) -> Sequence[Patient]:
    """The records merged into one, the first merged first."""
    wanted = select(Patient).where(Patient.merged_into == survivor)
    return (await s.exec(wanted.order_by(col(Patient.merged_at), col(Patient.id)))).all()


async def merged_since(s: WriteSession, survivor: UUID, moment: datetime) -> Sequence[UUID]:
    """The records that were merged into one at a moment or later."""
    wanted = select(Patient.id).where(Patient.merged_into == survivor, col(Patient.merged_at) >= moment)
    return (await s.exec(wanted)).all()


async def sites(s: WriteSession, patient: Patient) -> list[UUID]:
    """The sites whose people see a record: the home site, and those it is shared with."""
    shared = await s.exec(select(Share.site).where(Share.patient == patient.id).order_by(col(Share.site)))
    return [patient.site, *shared]


async def brings(s: WriteSession, survivor: UUID, site: UUID) -> bool:
    """Whether a record that is merged into this one is seen by the people of a site."""
    seen = sa.or_(
        col(Patient.site) == site,
        sa.exists().where(col(Share.patient) == col(Patient.id), col(Share.site) == site),
    )
    wanted = select(Patient.id).where(Patient.merged_into == survivor, seen).limit(1)
    return (await s.exec(wanted)).first() is not None


async def shares_from(s: WriteSession, survivor: UUID, alias: UUID) -> Sequence[Share]:
    """The shares that came with the merge of an alias."""
    return (await s.exec(select(Share).where(Share.patient == survivor, Share.merged_from == alias))).all()


async def images_of(s: WriteSession, records: Sequence[UUID]) -> int:
    """How many images count for some records."""
    wanted = select(sa.func.count()).select_from(PooledImage)
    return (await s.exec(wanted.where(col(PooledImage.patient).in_(records), col(PooledImage.counts)))).one()
