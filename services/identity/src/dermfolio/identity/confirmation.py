"""A signed-in user proves once more who they are. Attempts are counted like sign-ins, and refusals recorded."""

from dermfolio.common.auth import Call
from dermfolio.common.db import Database, WriteSession
from dermfolio.common.errors import Refused
from dermfolio.contracts.account import ConfirmationRefused
from dermfolio.identity import passwords, repository, throttle
from dermfolio.identity.keyring import Keyring
from dermfolio.identity.models import User


async def attempt(db: Database, keyring: Keyring, call: Call) -> User:
    """Count an attempt of the caller's, before anything is looked at. Refused as `rate_limited`."""
    async with db.write() as s:
        user = await repository.user_by_id(s, call.user_in_person())
        wait = await throttle.count(s, [throttle.confirming(keyring, user.id)])
        if wait is not None:
            refuse(s, call, user, "rate_limited")
    if wait is not None:
        raise Refused("rate_limited", retry_after=wait)
    return user


async def password(db: Database, keyring: Keyring, call: Call, typed: str) -> User:
    """Count an attempt and check the caller's password. Refused as `rate_limited` or `sign_in_failed`.

    The count stays until `proven`.
    """
    user = await attempt(db, keyring, call)
    if not await passwords.matches(user.password_hash, typed):
        async with db.write() as s:
            refuse(s, call, user, "sign_in_failed")
        raise Refused("sign_in_failed")
    return user


def refuse(s: WriteSession, call: Call, user: User, code: str) -> None:
    """Record a refusal."""
    s.say(ConfirmationRefused(user=user.id, code=code, outcome="denied"), call.origin())


async def hold(s: WriteSession, user: User) -> User:
    """Hold the user's row until the transaction ends. Refused as `not_signed_in` when it is not as it was checked."""
    held = await repository.lock_user(s, user.id)
    if held.password_hash != user.password_hash or held.disabled_at is not None:
        raise Refused("not_signed_in")
    return held


async def proven(s: WriteSession, keyring: Keyring, user: User) -> None:
    """Everything that was asked for was right: the next attempt is the first again."""
    await throttle.forget(s, throttle.confirming(keyring, user.id))
