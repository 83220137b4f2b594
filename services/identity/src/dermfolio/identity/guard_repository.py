"""Every query of what guards a sign-in: counts of guesses, second factors, recovery codes, trusted devices."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from dermfolio.common.db import WriteSession
from dermfolio.contracts.messages import now
from dermfolio.identity.models import RecoveryCode, SecondFactor, Session, Throttle, TrustedDevice

_CLOCK = sa.func.clock_timestamp()
"""The database's: replicas compare with one clock."""


async def lock_count(s: WriteSession, name: str) -> tuple[float, datetime, datetime]:
    """A count, held until the transaction ends: its level, when that was, and this moment."""
    begun = insert(Throttle).values(name=name, level=0.0, at=_CLOCK)
    held = begun.on_conflict_do_update(index_elements=["name"], set_={"level": col(Throttle.level)})
    level, at, moment = (await s.execute(held.returning(col(Throttle.level), col(Throttle.at), _CLOCK))).one()
    return level, at, moment


async def set_count(s: WriteSession, name: str, level: float, at: datetime) -> None:
    """Change a count."""
    await s.execute(sa.update(Throttle).where(col(Throttle.name) == name).values(level=level, at=at))


async def lower_count(s: WriteSession, name: str) -> None:
    """Take one off a count."""
    lower = sa.func.greatest(0.0, col(Throttle.level) - 1)
    await s.execute(sa.update(Throttle).where(col(Throttle.name) == name).values(level=lower))


async def drop_count(s: WriteSession, name: str) -> None:
    """Forget a count."""
    await s.execute(sa.delete(Throttle).where(col(Throttle.name) == name))


async def prune(s: WriteSession, untouched_since: datetime, over_since: datetime) -> None:
    """Remove counts that have drained, devices that are trusted no longer, sessions long over."""
    await s.execute(sa.delete(Throttle).where(col(Throttle.at) < untouched_since))
    await s.execute(sa.delete(TrustedDevice).where(col(TrustedDevice.expires_at) < now()))
    await s.execute(sa.delete(Session).where(col(Session.expires_at) < over_since))


async def second_factor(s: WriteSession, user: UUID) -> SecondFactor | None:
    """A user's second factor, confirmed or not."""
    return (await s.exec(select(SecondFactor).where(SecondFactor.user == user))).first()


async def confirmed_second_factor(s: WriteSession, user: UUID) -> SecondFactor | None:
    """A user's second factor, if it counts."""
    found = await s.exec(
        select(SecondFactor).where(SecondFactor.user == user, col(SecondFactor.confirmed_at).is_not(None))
    )
    return found.first()


async def prepare_second_factor(s: WriteSession, user: UUID, sealed_secret: bytes) -> bool:
    """Keep a secret that is to be confirmed; False when one is confirmed already."""
    fresh = {"sealed_secret": sealed_secret, "prepared_at": now()}
    kept = await s.execute(
        insert(SecondFactor)
        .values(user=user, **fresh)
        .on_conflict_do_update(index_elements=["user"], set_=fresh, where=col(SecondFactor.confirmed_at).is_(None))
        .returning(col(SecondFactor.user))
    )
    return kept.first() is not None


async def confirm_second_factor(s: WriteSession, user: UUID, step: int) -> None:
    """Have a user's second factor count; the code of this time step is taken."""
    confirmed = sa.update(SecondFactor).where(col(SecondFactor.user) == user)
    await s.execute(confirmed.values(confirmed_at=now(), last_step=step))


async def take_step(s: WriteSession, user: UUID, step: int) -> bool:
    """Note the time step of a code; False when this or a later one was taken meanwhile."""
    taken = await s.execute(
        sa.update(SecondFactor)
        .where(col(SecondFactor.user) == user, col(SecondFactor.last_step) < step)
        .values(last_step=step)
        .returning(col(SecondFactor.user))
    )
    return taken.first() is not None


async def remove_second_factor(s: WriteSession, user: UUID) -> bool:
    """Remove a user's second factor and recovery codes; False when there was none."""
    await s.execute(sa.delete(RecoveryCode).where(col(RecoveryCode.user) == user))
    removed = await s.execute(
        sa.delete(SecondFactor).where(col(SecondFactor.user) == user).returning(col(SecondFactor.user))
    )
    return removed.first() is not None


async def replace_recovery_codes(s: WriteSession, user: UUID, digests: Sequence[str]) -> None:
    """Keep these codes and no others."""
    await s.execute(sa.delete(RecoveryCode).where(col(RecoveryCode.user) == user))
    await s.execute(sa.insert(RecoveryCode), [{"user": user, "digest": digest} for digest in digests])


async def take_recovery_code(s: WriteSession, user: UUID, digest: str) -> bool:
    """Use up a recovery code; False when there is none such."""
    taken = await s.execute(
        sa.delete(RecoveryCode)
        .where(col(RecoveryCode.user) == user, col(RecoveryCode.digest) == digest)
        .returning(col(RecoveryCode.user))
    )
    return taken.first() is not None


async def recovery_codes_left(s: WriteSession, user: UUID) -> int:
    """How many codes a user has."""
    return (await s.exec(select(sa.func.count()).where(col(RecoveryCode.user) == user))).one()


async def trusted_device(s: WriteSession, user: UUID, token_sha256: str) -> TrustedDevice | None:
    """A user's device by its token, if it is still trusted."""
    found = await s.exec(
        select(TrustedDevice).where(
            TrustedDevice.user == user,
            TrustedDevice.token_sha256 == token_sha256,
            col(TrustedDevice.expires_at) > now(),
        )
    )
    return found.first()


async def use_device(s: WriteSession, device: UUID) -> bool:
    """Note that a device was used; False when it is trusted no longer."""
    used = await s.execute(
        sa.update(TrustedDevice)
        .where(col(TrustedDevice.id) == device)
        .values(last_used_at=now())
        .returning(col(TrustedDevice.id))
    )
    return used.first() is not None


async def trusted_devices(s: WriteSession, user: UUID, limit: int) -> list[TrustedDevice]:
    """A user's trusted devices, the one used last first."""
    found = await s.exec(
        select(TrustedDevice)
        .where(TrustedDevice.user == user, col(TrustedDevice.expires_at) > now())
        .order_by(col(TrustedDevice.last_used_at).desc(), col(TrustedDevice.id))
        .limit(limit)
    )
    return list(found.all())


async def forget_devices(s: WriteSession, user: UUID, only: UUID | None = None) -> list[UUID]:
    """Trust a user's devices no longer, or only one of them; returns those."""
    theirs = sa.delete(TrustedDevice).where(col(TrustedDevice.user) == user)
    if only is not None:
        theirs = theirs.where(col(TrustedDevice.id) == only)
    return list((await s.execute(theirs.returning(col(TrustedDevice.id)))).scalars())
