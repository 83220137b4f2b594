"""One-time links by which a user chooses a password: after an invitation, or when the old one is lost (ORG-2)."""

import secrets
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from dermfolio.common.auth import Call
from dermfolio.common.db import Database, WriteSession
from dermfolio.common.errors import Refused
from dermfolio.contracts.identity import PasswordChanged, SessionEnded
from dermfolio.contracts.messages import now
from dermfolio.contracts.organisation import ChoosePasswordByLink, PasswordLinkMade
from dermfolio.contracts.views.organisation import LoginView, PasswordLinkView
from dermfolio.identity import passwords, repository, throttle, trusted_devices, users
from dermfolio.identity.keyring import Keyring
from dermfolio.identity.models import PasswordLink, User
from dermfolio.identity.tokens import TOKEN_BYTES, token_sha256

LIFETIME = timedelta(hours=72)


async def make_password_link(db: Database, call: Call, user: UUID) -> PasswordLinkView:
    """Make a user's link; an earlier one is void. Refused as `not_found` or `forbidden`."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    async with db.write() as s:
        held = await users.held(s, call, user)
        await users.need_whole(s, call, held)
        await _void(s, held.id)
        link = PasswordLink(
            user=held.id, token_sha256=token_sha256(token), made_by=call.user(), expires_at=now() + LIFETIME
        )
        s.add(link)
        s.say(PasswordLinkMade(user=held.id), call.origin())
    return PasswordLinkView(token=token, expires_at=link.expires_at)


async def choose_password(db: Database, keyring: Keyring, call: Call, request: ChoosePasswordByLink) -> LoginView:
    """Choose a password by a link. Refused as `link_not_valid` or, the link staying good, `weak_password`."""
    password = request.new_password.get_secret_value()
    async with db.write() as s:
        await _user_of(s, request.token_sha256)
    if not passwords.is_strong(password):
        raise Refused("weak_password")
    password_hash = await passwords.hashed(password)
    async with db.write() as s:
        user = await _user_of(s, request.token_sha256)
        await _void(s, user.id)
        user.password_hash = password_hash
        user.password_change_required = False
        user.version += 1
        s.add(user)
        origin = call.origin().model_copy(update={"user": user.id, "service": None})
        s.say(PasswordChanged(user=user.id), origin)
        await throttle.forget(s, throttle.account(keyring, user.login))
        await trusted_devices.forget_all(s, user.id, origin)
        for ended in await repository.end_other_sessions(s, user.id, None):
            s.say(SessionEnded(session=ended, user=user.id), origin)
    return LoginView(login=user.login)


async def _user_of(s: WriteSession, sha256: str) -> User:
    """The user of a link that is good, held. Of two who use it at once, the second finds it void."""
    found = await s.exec(
        select(User)
        .join(PasswordLink, col(PasswordLink.user) == User.id)
        .where(
            PasswordLink.token_sha256 == sha256,
            col(PasswordLink.expires_at) > now(),
            col(User.disabled_at).is_(None),
        )
        .with_for_update()
    )
    user = found.first()
    if user is None:
        raise Refused("link_not_valid")
    return user


async def _void(s: WriteSession, user: UUID) -> None:
    await s.execute(sa.delete(PasswordLink).where(col(PasswordLink.user) == user))
