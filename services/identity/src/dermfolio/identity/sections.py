"""Which sections of each entry a user has open (ENT-2): on every device, for the entries worked on last."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from dermfolio.common.auth import Call
from dermfolio.common.db import Database
from dermfolio.contracts.messages import now
from dermfolio.contracts.own import PreferencesChanged
from dermfolio.contracts.views.own import Sections
from dermfolio.identity.models import EntrySections

KEPT = 1000
"""Entries of a user that are remembered; of those beyond, the one that was changed longest ago is forgotten."""


async def get_sections(db: Database, call: Call, entry: UUID) -> Sections:
    """What the caller has open; everything, where nothing was said."""
    wanted = select(EntrySections.open).where(EntrySections.user == call.user(), EntrySections.entry == entry)
    async with db.write() as s:
        return Sections.model_validate((await s.exec(wanted)).first() or {})


async def set_sections(db: Database, call: Call, entry: UUID, sections: Sections) -> Sections:
    """Remember what is open. Of two devices the last one counts."""
    user, chosen = call.user(), sections.model_dump()
    theirs = sa.and_(col(EntrySections.user) == user, col(EntrySections.entry) == entry)
    async with db.write() as s:
        held = select(EntrySections.open).where(theirs).with_for_update()
        before = Sections.model_validate((await s.exec(held)).first() or {})
        if before == sections:
            return sections
        if sections == Sections():
            await s.execute(sa.delete(EntrySections).where(theirs))
        else:
            adding = insert(EntrySections).values(user=user, entry=entry, open=chosen, changed_at=now())
            values = {"open": adding.excluded.open, "changed_at": adding.excluded.changed_at}
            await s.execute(adding.on_conflict_do_update(index_elements=["user", "entry"], set_=values))
            newest = (
                select(EntrySections.entry)
                .where(EntrySections.user == user)
                .order_by(col(EntrySections.changed_at).desc())
                .offset(KEPT)
            )
            forgotten = sa.and_(col(EntrySections.user) == user, col(EntrySections.entry).in_(newest))
            await s.execute(sa.delete(EntrySections).where(forgotten))
        s.say(PreferencesChanged(user=user, fields=["sections"]), call.origin())
    return sections
