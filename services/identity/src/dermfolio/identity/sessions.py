"""One's own sessions: looked at, and ended one by one or all at once (ORG-5)."""

from uuid import UUID

from dermfolio.common.auth import Call
from dermfolio.common.db import Database
from dermfolio.common.errors import Refused
from dermfolio.contracts.identity import SessionEnded
from dermfolio.contracts.messages import now
from dermfolio.contracts.views.account import AccountSessionsView, OpenSessionView, TrustedDeviceView
from dermfolio.identity import guard_repository, repository, trusted_devices
from dermfolio.identity.models import Session, TrustedDevice
from dermfolio.identity.policy import Policy

SHOWN = 100
"""Sessions and devices that are listed; more nobody would read, and all are ended together."""


async def sessions_of(db: Database, call: Call, device_sha256: str | None, policy: Policy) -> AccountSessionsView:
    """The caller's open sessions and trusted devices."""
    user = call.user()
    async with db.write() as s:
        sessions = await repository.open_sessions(s, user, now() - (await policy.now(s)).idle, SHOWN)
        devices = await guard_repository.trusted_devices(s, user, SHOWN)
    return AccountSessionsView(
        sessions=[_session(session, call) for session in sessions],
        devices=[_device(device, device_sha256) for device in devices],
    )


async def end_session(db: Database, call: Call, session: UUID) -> None:
    """End one of the caller's sessions. Refused as `not_found`, also when it is somebody else's."""
    user = call.user()
    async with db.write() as s:
        if not await repository.is_own_session(s, user, session):
            raise Refused("not_found")
        if await repository.end_session(s, session):
            s.say(SessionEnded(session=session, user=user), call.origin())


async def end_all_sessions(db: Database, call: Call) -> None:
    """End every session of the caller, this one too, and trust none of their devices any longer."""
    user = call.user()
    async with db.write() as s:
        await repository.lock_user(s, user)
        await trusted_devices.forget_all(s, user, call.origin())
        for ended in await repository.end_other_sessions(s, user, None):
            s.say(SessionEnded(session=ended, user=user), call.origin())


def _session(session: Session, call: Call) -> OpenSessionView:
    return OpenSessionView(
        id=session.id,
        this=session.id == call.actor.session,
        opened_at=session.created_at,
        last_seen_at=session.last_seen_at,
        expires_at=session.expires_at,
        address=session.address,
        user_agent=session.user_agent,
    )


def _device(device: TrustedDevice, sha256: str | None) -> TrustedDeviceView:
    return TrustedDeviceView(
        id=device.id,
        this=device.token_sha256 == sha256,
        trusted_at=device.trusted_at,
        last_used_at=device.last_used_at,
        expires_at=device.expires_at,
        address=device.address,
        user_agent=device.user_agent,
    )
