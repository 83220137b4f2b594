"""The settings of the installation (ORG-4, ORG-5): versioned, changed by administrators, in force at once."""

import sqlalchemy as sa
from sqlmodel import select

from dermfolio.common.auth import Call
from dermfolio.common.bus import Answer
from dermfolio.common.db import Database, WriteSession
from dermfolio.common.errors import Refused
from dermfolio.common.leases import lock_number
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.settings import ChangeSettings, SettingsChanged
from dermfolio.contracts.views.settings import SettingsView
from dermfolio.identity.models import InstallationSettings
from dermfolio.identity.settings import IdentitySettings


class Policy:
    """What is in force: what administrators chose or, until then, what the operator configured."""

    def __init__(self, settings: IdentitySettings) -> None:
        self.break_glass = settings.break_glass
        """The one login that passwords are for; None where they are for everybody's."""
        self._configured = SettingsView(
            idle_minutes=settings.idle_minutes,
            absolute_hours=settings.absolute_hours,
            second_factor_required=settings.second_factor_compulsory,
            upload_limit_bytes=settings.upload_limit_bytes,
            emergency_minutes=settings.emergency_minutes,
            version=0,
        )

    async def now(self, s: WriteSession) -> SettingsView:
        """The settings of this moment."""
        chosen = (await s.exec(select(InstallationSettings))).first()
        return self._configured if chosen is None else SettingsView.model_validate(chosen, from_attributes=True)


async def get_settings(db: Database, policy: Policy, call: Call) -> Answer[SettingsView]:
    """The settings. Refused as `forbidden` to users who do not manage the installation."""
    _need_management(call)
    async with db.write() as s:
        return _answer(await policy.now(s))


async def change_settings(db: Database, policy: Policy, call: Call, request: ChangeSettings) -> Answer[SettingsView]:
    """Change the settings. Refused as `forbidden` or `stale_version`."""
    if call.actor.user is None:
        raise Refused("forbidden")
    _need_management(call)
    async with db.write() as s:
        # there is no row to hold before the first change
        await s.execute(sa.text("SELECT pg_advisory_xact_lock(:n)"), {"n": lock_number("settings")})
        before = await policy.now(s)
        if before.version != request.version:
            raise Refused("stale_version", version=before.version)
        wished = request.changes.model_dump(exclude_none=True)
        changed = [name for name, value in wished.items() if getattr(before, name) != value]
        if not changed:
            return _answer(before)
        after = before.model_copy(update=wished | {"version": before.version + 1})
        await s.merge(InstallationSettings(**after.model_dump()))
        said = SettingsChanged(
            fields=changed,
            version=after.version,
            audit_level=after.audit_level if "audit_level" in changed else None,
            consent_enforcement=after.consent_enforcement if "consent_enforcement" in changed else None,
        )
        s.say(said, call.origin())
    return _answer(after)


def _need_management(call: Call) -> None:
    if call.actor.user is not None and not call.actor.may(Permission.INSTALLATION_MANAGE):
        raise Refused("forbidden")


def _answer(view: SettingsView) -> Answer[SettingsView]:
    return Answer(view.model_dump_json().encode(), 200, view.version)
