"""Signing in and out, and the session behind a cookie."""

import hashlib
import secrets
from datetime import timedelta
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
    SignInRefused,
)
from dermfolio.contracts.messages import now
from dermfolio.contracts.replay import Origin
from dermfolio.identity import passwords, repository, session_facts
from dermfolio.identity.models import Session, User
from dermfolio.identity.policy import Policy

TOKEN_BYTES = 32


async def sign_in(db: Database, policy: Policy, call: Call, login: str, password: str) -> SignedIn:
    """Open a session. Refused as `sign_in_failed`, alike for a wrong password, an unknown and a disabled user."""
    async with db.write() as s:
        user = await repository.user_by_login(s, login)
    right = await passwords.matches(user.password_hash if user else None, password)
    if user is None or not right or user.disabled_at is not None:
        async with db.write() as s:
            s.say(SignInRefused(user=user.id if user else None, outcome="denied"), _origin(call, user))
        raise Refused("sign_in_failed")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    async with db.write() as s:
        longest = timedelta(hours=(await policy.now(s)).absolute_hours)
        session = Session(
            user=user.id,
            token_sha256=token_sha256(token),
            csrf_token=secrets.token_urlsafe(TOKEN_BYTES),
            expires_at=now() + longest,
        )
        s.add(session)
        await repository.signed_in(s, user.id)
        facts = await _facts(s, session, user)
        s.say(SessionOpened(session=session.id, user=user.id), _origin(call, user, session.id))
    faults.point("sign_in.committed")
    return SignedIn(token=token, facts=facts)


async def session_of(db: Database, policy: Policy, sha256: str, *, in_use: bool = True) -> SessionFacts:
    """The live session of a token; being in use keeps it alive. Refused as `not_signed_in`."""
    async with db.write() as s:
        idle = timedelta(minutes=(await policy.now(s)).idle_minutes)
        found = await repository.live_session(s, sha256, now() - idle)
        if found is None:
            raise Refused("not_signed_in")
        session, user = found
        if in_use:
            await repository.touch(s, session)
        return await _facts(s, session, user)


async def sign_out(db: Database, call: Call) -> None:
    """End the caller's own session."""
    user, session = call.user_in_person(), call.actor.session
    if session is None:
        raise Refused("not_signed_in")
    async with db.write() as s:
        if await repository.end_session(s, session):
            s.say(SessionEnded(session=session, user=user), call.origin())


async def change_password(db: Database, call: Call, current: str, new: str) -> None:
    """Set a new password. Refused as `sign_in_failed` or `weak_password`. Ends the user's other sessions."""
    async with db.write() as s:
        user = await repository.user_by_id(s, call.user_in_person())
    if not await passwords.matches(user.password_hash, current):
        raise Refused("sign_in_failed")
    if not passwords.is_strong(new) or new == current:
        raise Refused("weak_password")
    password_hash = await passwords.hashed(new)
    async with db.write() as s:
        user = await repository.user_by_id(s, call.user())
        user.password_hash = password_hash
        user.password_change_required = False
        s.add(user)
        s.say(PasswordChanged(user=user.id), call.origin())
        for ended in await repository.end_other_sessions(s, user.id, call.actor.session):
            s.say(SessionEnded(session=ended, user=user.id), call.origin())


def token_sha256(token: str) -> str:
    """What identity keeps of a cookie's token."""
    return hashlib.sha256(token.encode()).hexdigest()


async def _facts(s: WriteSession, session: Session, user: User) -> SessionFacts:
    return await session_facts.of(
        s, user, session=session.id, csrf_token=session.csrf_token, expires_at=session.expires_at
    )


def _origin(call: Call, user: User | None, session: UUID | None = None) -> Origin:
    """The gateway asks for somebody who is not signed in yet: the fact belongs to that user."""
    origin = call.origin()
    return origin if user is None else origin.model_copy(update={"user": user.id, "service": None, "session": session})
