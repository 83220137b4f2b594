"""The second factor of a sign-in: an authenticator app and recovery codes (ORG-4, RFC 6238)."""

import io
from uuid import UUID

import segno

from dermfolio.common.auth import Call
from dermfolio.common.db import Database, WriteSession
from dermfolio.common.errors import Refused
from dermfolio.contracts.account import (
    RecoveryCodesRenewed,
    RecoveryCodeUsed,
    SecondFactorConfirmed,
    SecondFactorPrepared,
    SecondFactorRemoved,
)
from dermfolio.contracts.messages import now
from dermfolio.contracts.replay import Origin
from dermfolio.contracts.views.account import RecoveryCodesView, SecondFactorSetupView, SecondFactorView
from dermfolio.identity import confirmation, guard_repository, trusted_devices
from dermfolio.identity import second_factor_codes as codes
from dermfolio.identity.keyring import Keyring
from dermfolio.identity.models import User
from dermfolio.identity.policy import Policy


async def setup_required(s: WriteSession, policy: Policy, user: UUID) -> bool:
    """Whether a user must set up a second factor before anything else."""
    if not (await policy.now(s)).second_factor_required:
        return False
    return await guard_repository.confirmed_second_factor(s, user) is None


async def state(db: Database, policy: Policy, call: Call) -> SecondFactorView:
    """The caller's second factor."""
    async with db.write() as s:
        compulsory = (await policy.now(s)).second_factor_required
        factor = await guard_repository.confirmed_second_factor(s, call.user())
        left = await guard_repository.recovery_codes_left(s, call.user())
    return SecondFactorView(
        active=factor is not None,
        since=factor and factor.confirmed_at,
        recovery_codes_left=left,
        compulsory=compulsory,
    )


async def prepare(
    db: Database, keyring: Keyring, call: Call, password: str, installation: str
) -> SecondFactorSetupView:
    """Make a secret, which counts once a code confirms it. Refused as `second_factor_active`."""
    user = await confirmation.password(db, keyring, call, password)
    secret = codes.new_secret()
    async with db.write() as s:
        await confirmation.hold(s, user)
        await confirmation.proven(s, keyring, user)
        kept = await guard_repository.prepare_second_factor(s, user.id, keyring.seal(secret, user.id))
        if kept:
            s.say(SecondFactorPrepared(user=user.id), call.origin())
    if not kept:
        raise Refused("second_factor_active")
    uri = codes.uri(secret, user.login, installation)
    return SecondFactorSetupView(secret=secret, uri=uri, qr_svg=_qr_svg(uri))


async def confirm(db: Database, keyring: Keyring, call: Call, typed: str) -> RecoveryCodesView:
    """Have the prepared second factor count.

    Refused as `second_factor_missing`, `second_factor_active` or `second_factor_failed`.
    """
    user = await confirmation.attempt(db, keyring, call)
    made = codes.new_recovery_codes()
    async with db.write() as s:
        await confirmation.hold(s, user)
        refusal = await _confirmed(s, keyring, user, typed)
        if refusal is None:
            await confirmation.proven(s, keyring, user)
            await _keep(s, keyring, user.id, made)
            s.say(SecondFactorConfirmed(user=user.id), call.origin())
        else:
            confirmation.refuse(s, call, user, refusal)
    if refusal is not None:
        raise Refused(refusal)
    return RecoveryCodesView(codes=made)


async def renew_recovery_codes(
    db: Database, keyring: Keyring, call: Call, password: str, typed: str
) -> RecoveryCodesView:
    """Make new recovery codes. Refused as `sign_in_failed`, `second_factor_missing` or `second_factor_failed`."""
    user = await confirmation.password(db, keyring, call, password)
    made = codes.new_recovery_codes()
    async with db.write() as s:
        refusal = await _confirming(s, keyring, call, user, typed)
        if refusal is None:
            await _keep(s, keyring, user.id, made)
            s.say(RecoveryCodesRenewed(user=user.id), call.origin())
    if refusal is not None:
        raise Refused(refusal)
    return RecoveryCodesView(codes=made)


async def remove(db: Database, keyring: Keyring, call: Call, password: str, typed: str) -> None:
    """Remove the caller's second factor. Refused as `renew_recovery_codes` is."""
    user = await confirmation.password(db, keyring, call, password)
    async with db.write() as s:
        refusal = await _confirming(s, keyring, call, user, typed)
        if refusal is None:
            await reset(s, user.id, call.origin())
    if refusal is not None:
        raise Refused(refusal)


async def reset(s: WriteSession, user: UUID, origin: Origin) -> None:
    """Take a user's second factor away, and what was trusted instead of it."""
    await trusted_devices.forget_all(s, user, origin)
    if await guard_repository.remove_second_factor(s, user):
        s.say(SecondFactorRemoved(user=user), origin)


async def refusal_of(s: WriteSession, keyring: Keyring, user: UUID, typed: str | None, origin: Origin) -> str | None:
    """Why a right password is not enough: the problem's code, or None. What was typed is used up.

    The transaction holds the user's row.
    """
    factor = await guard_repository.confirmed_second_factor(s, user)
    if factor is None:
        return None
    if typed is None:
        return "second_factor_required"
    if codes.is_of_an_app(typed):
        step = codes.step_of(keyring.unseal(factor.sealed_secret, user), typed, now(), factor.last_step)
        taken = step is not None and await guard_repository.take_step(s, user, step)
    else:
        taken = await guard_repository.take_recovery_code(s, user, _digest(keyring, user, typed))
        if taken:
            s.say(RecoveryCodeUsed(user=user, left=await guard_repository.recovery_codes_left(s, user)), origin)
    return None if taken else "second_factor_failed"


async def _confirming(s: WriteSession, keyring: Keyring, call: Call, user: User, typed: str) -> str | None:
    """Why the caller's code does not confirm: the problem's code, recorded; or None."""
    await confirmation.hold(s, user)
    if await guard_repository.confirmed_second_factor(s, user.id) is None:
        refusal: str | None = "second_factor_missing"
    else:
        refusal = await refusal_of(s, keyring, user.id, typed, call.origin())
    if refusal is None:
        await confirmation.proven(s, keyring, user)
    else:
        confirmation.refuse(s, call, user, refusal)
    return refusal


async def _confirmed(s: WriteSession, keyring: Keyring, user: User, typed: str) -> str | None:
    factor = await guard_repository.second_factor(s, user.id)
    if factor is None:
        return "second_factor_missing"
    if factor.confirmed_at is not None:
        return "second_factor_active"
    step = codes.step_of(keyring.unseal(factor.sealed_secret, user.id), typed, now(), None)
    if step is None:
        return "second_factor_failed"
    await guard_repository.confirm_second_factor(s, user.id, step)
    return None


async def _keep(s: WriteSession, keyring: Keyring, user: UUID, made: list[str]) -> None:
    await guard_repository.replace_recovery_codes(s, user, [_digest(keyring, user, code) for code in made])


def _digest(keyring: Keyring, user: UUID, typed: str) -> str:
    return keyring.digest(f"recovery code/{user}", codes.plain(typed))


def _qr_svg(uri: str) -> str:
    drawn = io.BytesIO()
    segno.make_qr(uri).save(drawn, kind="svg", xmldecl=False, omitsize=True, svgclass=None, lineclass=None, nl=False)
    return drawn.getvalue().decode()
