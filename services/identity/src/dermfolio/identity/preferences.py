"""How users like to work (ORG-9): kept for all their devices."""

from collections.abc import Mapping

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from dermfolio.common.auth import Call
from dermfolio.common.db import Database
from dermfolio.contracts.own import PreferencesChanged
from dermfolio.contracts.views.own import Preferences
from dermfolio.identity.models import UserPreferences


async def get_preferences(db: Database, call: Call) -> Preferences:
    """What the caller chose."""
    async with db.write() as s:
        found = await s.exec(select(UserPreferences.chosen).where(UserPreferences.user == call.user()))
        return Preferences.model_validate(found.first() or {})


async def set_preferences(db: Database, call: Call, changes: Mapping[str, str | None]) -> Preferences:
    """Change what is given; null takes a choice back. Of two devices that change the same, the last one counts."""
    chosen = Preferences.model_validate(changes).model_dump(exclude_unset=True)
    adding = insert(UserPreferences).values(user=call.user(), chosen=chosen)
    merging = adding.on_conflict_do_update(
        index_elements=["user"],
        set_={"chosen": col(UserPreferences.chosen).op("||")(adding.excluded.chosen)},
    )
    async with db.write() as s:
        held = select(UserPreferences.chosen).where(UserPreferences.user == call.user()).with_for_update()
        before = (await s.exec(held)).first() or {}
        now = (await s.execute(merging.returning(col(UserPreferences.chosen)))).scalar_one()
        if changed := [name for name in chosen if before.get(name) != now.get(name)]:
            s.say(PreferencesChanged(user=call.user(), fields=changed), call.origin())
    return Preferences.model_validate(now)
