"""Every query of identity."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from dermfolio.common.db import WriteSession
from dermfolio.contracts.messages import now
from dermfolio.identity.models import InstallationRoleGrant, Session, Site, SiteRoleGrant, User

SEEN_EVERY_SECONDS = 60
"""A session's last use is written at most this often."""


async def user_by_login(s: WriteSession, login: str) -> User | None:
    """The user of a login, disabled or not."""
    return (await s.exec(select(User).where(User.login == login.lower()))).first()


async def user_by_id(s: WriteSession, user: UUID) -> User:
    """The user of an id that is known to exist."""
    return (await s.exec(select(User).where(User.id == user))).one()


async def user_if_known(s: WriteSession, user: UUID) -> User | None:
    """The user of an id, if there is one."""
    return (await s.exec(select(User).where(User.id == user))).first()


async def users_of(s: WriteSession, ids: Collection[UUID]) -> Sequence[User]:
    """The users of these ids whom there are, by name."""
    return (await s.exec(select(User).where(col(User.id).in_(ids)).order_by(User.display_name, col(User.id)))).all()


async def lock_user(s: WriteSession, user: UUID) -> User:
    """The user of an id that is known to exist, held until the transaction ends."""
    found = await s.exec(
        select(User).where(User.id == user).with_for_update().execution_options(populate_existing=True)
    )
    return found.one()


async def first_site_name(s: WriteSession) -> str:
    """The name of the oldest site; an installation has one from its first start on."""
    return (await s.exec(select(Site.name).order_by(col(Site.created_at), col(Site.id)).limit(1))).one()


async def live_session(s: WriteSession, token_sha256: str, idle_since: datetime) -> tuple[Session, User] | None:
    """The session of a token, if it is neither ended, expired nor idle, and its user is not disabled."""
    moment = now()
    found = await s.exec(
        select(Session, User)
        .join(User, col(User.id) == Session.user)
        .where(
            Session.token_sha256 == token_sha256,
            col(Session.ended_at).is_(None),
            col(Session.expires_at) > moment,
            col(Session.last_seen_at) > idle_since,
            col(User.disabled_at).is_(None),
        )
    )
    return found.first()


async def signed_in(s: WriteSession, user: UUID) -> None:
    """Note that a user signed in."""
    await s.execute(sa.update(User).where(col(User.id) == user).values(last_sign_in_at=now()))


async def touch(s: WriteSession, session: Session) -> None:
    """Note that a session is in use."""
    if (now() - session.last_seen_at).total_seconds() > SEEN_EVERY_SECONDS:
        await s.execute(sa.update(Session).where(col(Session.id) == session.id).values(last_seen_at=now()))


async def end_session(s: WriteSession, session: UUID) -> bool:
    """End a session; False when it was over already."""
    ended = await s.execute(
        sa.update(Session)
        .where(col(Session.id) == session, col(Session.ended_at).is_(None))
        .values(ended_at=now())
        .returning(col(Session.id))
    )
    return ended.first() is not None


async def end_other_sessions(s: WriteSession, user: UUID, keep: UUID | None) -> list[UUID]:
    """End every live session of a user but one; returns the ended ones."""
    ended = await s.execute(
        sa.update(Session)
        .where(col(Session.user) == user, col(Session.ended_at).is_(None), col(Session.id).is_distinct_from(keep))
        .values(ended_at=now())
        .returning(col(Session.id))
    )
    return list(ended.scalars())


async def is_own_session(s: WriteSession, user: UUID, session: UUID) -> bool:
    """Whether a session is this user's, over or not."""
    return (await s.exec(select(Session.id).where(Session.id == session, Session.user == user))).first() is not None


async def open_sessions(s: WriteSession, user: UUID, idle_since: datetime, limit: int) -> list[Session]:
    """The sessions of a user that are neither ended, expired nor idle; the one seen last first."""
    found = await s.exec(
        select(Session)
        .where(
            Session.user == user,
            col(Session.ended_at).is_(None),
            col(Session.expires_at) > now(),
            col(Session.last_seen_at) > idle_since,
        )
        .order_by(col(Session.last_seen_at).desc(), col(Session.id))
        .limit(limit)
    )
    return list(found.all())


async def site_roles(s: WriteSession, user: UUID) -> list[tuple[Site, str]]:
    """The sites a user belongs to, with each role held there."""
    found = await s.exec(
        select(Site, SiteRoleGrant.role)
        .join(SiteRoleGrant, col(SiteRoleGrant.site) == Site.id)
        .where(SiteRoleGrant.user == user)
        .order_by(col(Site.name), col(Site.id))
    )
    return list(found.all())


async def installation_roles(s: WriteSession, user: UUID) -> list[str]:
    """The roles a user holds in the whole installation."""
    found = await s.exec(select(InstallationRoleGrant.role).where(InstallationRoleGrant.user == user))
    return sorted(found.all())


async def is_empty(s: WriteSession) -> bool:
    """Whether nobody can sign in yet."""
    return (await s.exec(select(User.id).limit(1))).first() is None
