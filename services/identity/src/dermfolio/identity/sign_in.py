"""Signing in and out, and the session behind a cookie."""

import secrets
from uuid import UUID

from dermfolio.common import faults
from dermfolio.common.auth import Call
from dermfolio.common.db import Database, WriteSession
from dermfolio.common.errors import Refused
from dermfolio.contracts.identity import (
    PasswordChanged,
    SessionEnded,
    SessionFacts,
    SessionOpened,
    SignedIn,
    SignIn,
    SignInRefused,
)
from dermfolio.contracts.messages import now
from dermfolio.contracts.replay import Origin
from dermfolio.contracts.roles import Role
from dermfolio.identity import (
    confirmation,
    guard_repository,
    passwords,
    repository,
    second_factor,
    session_facts,
    throttle,
    trusted_devices,
)
from dermfolio.identity.keyring import Keyring
from dermfolio.identity.models import Session, TrustedDevice, User
from dermfolio.identity.policy import Policy
from dermfolio.identity.tokens import TOKEN_BYTES, token_sha256


async def sign_in(db: Database, keyring: Keyring, policy: Policy, call: Call, asked: SignIn) -> SignedIn:
    """Open a session.

    Refused as `sign_in_failed`, alike for a wrong password, an unknown and a disabled user; as `rate_limited`, before
    anything is looked at; after a right password as `second_factor_required` or `second_factor_failed`.
    """
    async with db.write() as s:
        user = await repository.user_by_login(s, asked.login)
        device = await trusted_devices.known(s, user, asked.device_sha256)
        who = throttle.device(keyring, device.id) if device else throttle.account(keyring, asked.login)
        counted = [who, *throttle.address(keyring, call.address)]
        wait = await throttle.count(s, counted)
        if wait is not None:
            say_refused(s, call, user, "rate_limited")
    if wait is not None:
        raise Refused("rate_limited", retry_after=wait)
    right = await passwords.matches(user.password_hash if user else None, asked.password.get_secret_value())
    async with db.write() as s:
        believed = user if right and user and await _may_use_password(s, policy, user) else None
        judged = await _judged(s, keyring, call, believed, device, asked)
        if isinstance(judged, User):
            await throttle.forget(s, who)
            await throttle.forgive(s, counted[1:])
            answer: SignedIn | str = await open_session(
                s, policy, call, judged, trust=asked.trust_device and not device
            )
        else:
            if judged == "second_factor_required":
                await throttle.forgive(s, counted)
            say_refused(s, call, user, judged)
            answer = judged
    if isinstance(answer, str):
        raise Refused(answer)
    faults.point("sign_in.committed")
    return answer


async def session_of(db: Database, policy: Policy, sha256: str, *, in_use: bool = True) -> SessionFacts:
    """The live session of a token; being in use keeps it alive. Refused as `not_signed_in`."""
    async with db.write() as s:
        found = await repository.live_session(s, sha256, now() - (await policy.now(s)).idle)
        if found is None:
            raise Refused("not_signed_in")
        session, user = found
        if in_use:
            await repository.touch(s, session)
        return await _facts(s, policy, session, user)


async def sign_out(db: Database, call: Call) -> None:
    """End the caller's own session."""
    user, session = call.user_in_person(), call.actor.session
    if session is None:
        raise Refused("not_signed_in")
    async with db.write() as s:
        if await repository.end_session(s, session):
            s.say(SessionEnded(session=session, user=user), call.origin())


async def change_password(db: Database, keyring: Keyring, call: Call, current: str, new: str) -> None:
    """Set a new password. Refused as `session_required`, `weak_password`, `rate_limited` or `sign_in_failed`.

    Ends the user's other sessions, and no device is trusted any longer.
    """
    call.user_in_person()
    if not passwords.is_strong(new) or new == current:
        raise Refused("weak_password")
    checked = await confirmation.password(db, keyring, call, current)
    password_hash = await passwords.hashed(new)
    async with db.write() as s:
        user = await confirmation.hold(s, checked)
        await confirmation.proven(s, keyring, user)
        user.password_hash = password_hash
        user.password_change_required = False
        s.add(user)
        s.say(PasswordChanged(user=user.id), call.origin())
        await trusted_devices.forget_all(s, user.id, call.origin())
        for ended in await repository.end_other_sessions(s, user.id, call.actor.session):
            s.say(SessionEnded(session=ended, user=user.id), call.origin())


async def _may_use_password(s: WriteSession, policy: Policy, user: User) -> bool:
    """Whether passwords sign this user in: where local accounts are switched off, one administrator's alone does."""
    if policy.break_glass is None:
        return True
    return user.login == policy.break_glass and Role.ADMIN in await repository.installation_roles(s, user.id)


async def _judged(
    s: WriteSession, keyring: Keyring, call: Call, user: User | None, device: TrustedDevice | None, asked: SignIn
) -> User | str:
    """The user who signs in, whose row is held, or the code of the problem. `user` is one whose password was right."""
    if user is None:
        return "sign_in_failed"
    held = await repository.lock_user(s, user.id)
    if held.disabled_at is not None or held.password_hash != user.password_hash:
        return "sign_in_failed"
    if device is not None and await guard_repository.use_device(s, device.id):
        return held
    typed = None if asked.second_factor is None else asked.second_factor.get_secret_value()
    return await second_factor.refusal_of(s, keyring, user.id, typed, _origin(call, user)) or held


async def open_session(s: WriteSession, policy: Policy, call: Call, user: User, *, trust: bool = False) -> SignedIn:
    """A new session under a new token, whatever the browser sent along."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session = Session(
        user=user.id,
        token_sha256=token_sha256(token),
        csrf_token=secrets.token_urlsafe(TOKEN_BYTES),
        expires_at=now() + (await policy.now(s)).absolute,
        address=call.address,
        user_agent=call.user_agent,
    )
    s.add(session)
    await repository.signed_in(s, user.id)
    origin = _origin(call, user, session.id)
    s.say(SessionOpened(session=session.id, user=user.id), origin)
    trusted = None
    if trust and await guard_repository.confirmed_second_factor(s, user.id) is not None:
        trusted = await trusted_devices.trust(s, user.id, origin)
    return SignedIn(token=token, facts=await _facts(s, policy, session, user), device=trusted)


async def _facts(s: WriteSession, policy: Policy, session: Session, user: User) -> SessionFacts:
    # who has no password signs in by a provider, which asks for a second factor itself
    setup_required = user.password_hash is not None and await second_factor.setup_required(s, policy, user.id)
    return await session_facts.of(
        s,
        user,
        session=session.id,
        csrf_token=session.csrf_token,
        expires_at=session.expires_at,
        second_factor_setup_required=setup_required,
    )


def say_refused(s: WriteSession, call: Call, user: User | None, code: str) -> None:
    """Say that somebody was not let in, and why."""
    s.say(SignInRefused(user=user.id if user else None, code=code, outcome="denied"), _origin(call, user))


def _origin(call: Call, user: User | None, session: UUID | None = None) -> Origin:
    """The gateway asks for somebody who is not signed in yet: the fact belongs to that user."""
    origin = call.origin()
    return origin if user is None else origin.model_copy(update={"user": user.id, "service": None, "session": session})
