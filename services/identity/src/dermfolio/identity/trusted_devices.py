"""Browsers in which a password is enough, for a while, because a second factor was given there once (ORG-4)."""

import secrets
from uuid import UUID

from dermfolio.common.auth import Call
from dermfolio.common.db import Database, WriteSession
from dermfolio.common.errors import Refused
from dermfolio.contracts.account import DEVICE_TRUSTED, DeviceForgotten, DeviceTrusted
from dermfolio.contracts.messages import now
from dermfolio.contracts.replay import Origin
from dermfolio.identity import guard_repository
from dermfolio.identity.models import TrustedDevice, User
from dermfolio.identity.tokens import TOKEN_BYTES, token_sha256

_NOBODY = UUID(int=0)


async def known(s: WriteSession, user: User | None, sha256: str | None) -> TrustedDevice | None:
    """The user's trusted device of this token. It takes as long for a login that does not exist."""
    if sha256 is None:
        return None
    return await guard_repository.trusted_device(s, user.id if user else _NOBODY, sha256)


async def trust(s: WriteSession, user: UUID, origin: Origin) -> str:
    """Trust the browser that signs in; returns its new token."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    device = TrustedDevice(
        user=user,
        token_sha256=token_sha256(token),
        expires_at=now() + DEVICE_TRUSTED,
        address=origin.address,
        user_agent=origin.user_agent,
    )
    s.add(device)
    s.say(DeviceTrusted(device=device.id, user=user), origin)
    return token


async def forget(db: Database, call: Call, device: UUID) -> None:
    """Trust one of the caller's devices no longer. Refused as `not_found`."""
    async with db.write() as s:
        if not await forget_all(s, call.user(), call.origin(), only=device):
            raise Refused("not_found")


async def forget_all(s: WriteSession, user: UUID, origin: Origin, *, only: UUID | None = None) -> bool:
    """Trust a user's devices no longer, or only one of them; False when there was none."""
    forgotten = await guard_repository.forget_devices(s, user, only)
    for device in forgotten:
        s.say(DeviceForgotten(device=device, user=user), origin)
    return bool(forgotten)
