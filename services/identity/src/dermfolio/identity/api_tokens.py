"""API tokens (ORG-7): made, listed and revoked by their user in person, believed for what both of them may do."""

import secrets
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from dermfolio.common.auth import Call
from dermfolio.common.db import Database, WriteSession
from dermfolio.common.errors import Refused
from dermfolio.contracts.identity import SessionFacts
from dermfolio.contracts.messages import now
from dermfolio.contracts.own import CREDENTIAL_MARK, TokenCreated, TokenRevoked
from dermfolio.contracts.replay import Origin
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.views.own import NewToken, TokenList, TokenMade, TokenView
from dermfolio.identity import repository, session_facts
from dermfolio.identity.models import ApiToken, User
from dermfolio.identity.tokens import TOKEN_BYTES, token_sha256

MOST = 50
"""Live tokens of one user."""

SHOWN = 10
"""Characters of a token that stay known, to tell one's tokens apart."""


async def list_tokens(db: Database, call: Call) -> TokenList:
    """The caller's live tokens, newest first."""
    user = call.user_in_person()
    async with db.write() as s:
        found = await s.exec(_live().where(ApiToken.user == user).order_by(col(ApiToken.created_at).desc()))
        return TokenList(tokens=[_view(token) for token in found])


async def make_token(db: Database, call: Call, new: NewToken) -> TokenMade:
    """Make a token. Refused as `not_found` (a site that is not the caller's) or `too_many_tokens`."""
    user = call.user_in_person()
    if not set(new.sites) <= set(call.actor.site_roles):
        raise Refused("not_found")
    text = CREDENTIAL_MARK + secrets.token_urlsafe(TOKEN_BYTES)
    token = ApiToken(
        **new.model_dump(exclude={"scopes"}),
        scopes=sorted(set(new.scopes)),
        user=user,
        begins_with=text[:SHOWN],
        token_sha256=token_sha256(text),
    )
    async with db.write() as s:
        await s.exec(select(User.id).where(User.id == user).with_for_update())
        if len(list(await s.exec(_live().where(ApiToken.user == user)))) >= MOST:
            raise Refused("too_many_tokens")
        s.add(token)
        s.say(TokenCreated(token=token.id, user=user), call.origin())
    return TokenMade(**_view(token).model_dump(), token=text)


async def revoke_token(db: Database, call: Call, token: UUID) -> None:
    """Revoke one of the caller's tokens; once is enough. Refused as `not_found`."""
    user = call.user_in_person()
    async with db.write() as s:
        mine = select(ApiToken).where(ApiToken.id == token, ApiToken.user == user)
        if (await s.exec(mine)).first() is None:
            raise Refused("not_found")
        await _revoke(s, call.origin(), col(ApiToken.id) == token)


async def revoke_all(s: WriteSession, user: UUID, origin: Origin) -> None:
    """Revoke every token of a user."""
    await _revoke(s, origin, col(ApiToken.user) == user)


async def session_of_token(db: Database, sha256: str) -> SessionFacts:
    """Who a live token stands for, and how far. Refused as `not_signed_in`."""
    async with db.write() as s:
        found = await s.exec(
            select(ApiToken, User)
            .join(User, col(User.id) == ApiToken.user)
            .where(
                ApiToken.token_sha256 == sha256,
                col(ApiToken.revoked_at).is_(None),
                col(ApiToken.expires_at) > now(),
                col(User.disabled_at).is_(None),
                col(User.password_change_required).is_(False),
            )
        )
        row = found.first()
        if row is None:
            raise Refused("not_signed_in")
        token, user = row
        await _touch(s, token)
        facts = await session_facts.of(s, user, session=token.id, csrf_token="", expires_at=token.expires_at)
    return _narrowed(facts, token)


def _narrowed(facts: SessionFacts, token: ApiToken) -> SessionFacts:
    """The rights of now that the token's user has, at the token's sites, for the token's scopes."""
    sites = [at for at in facts.view.sites if at.site in token.sites]
    return facts.model_copy(
        update={
            "site_roles": {at.site: at.roles for at in sites},
            "scopes": [Permission(scope) for scope in token.scopes],
            "view": facts.view.model_copy(update={"sites": sites}),
        }
    )


async def _touch(s: WriteSession, token: ApiToken) -> None:
    used = token.last_used_at
    if used is None or (now() - used).total_seconds() > repository.SEEN_EVERY_SECONDS:
        await s.execute(sa.update(ApiToken).where(col(ApiToken.id) == token.id).values(last_used_at=now()))


async def _revoke(s: WriteSession, origin: Origin, which: sa.ColumnElement[bool]) -> None:
    revoked = await s.execute(
        sa.update(ApiToken)
        .where(which, col(ApiToken.revoked_at).is_(None))
        .values(revoked_at=now())
        .returning(col(ApiToken.id), col(ApiToken.user))
    )
    for token, user in revoked:
        s.say(TokenRevoked(token=token, user=user), origin)


def _live() -> SelectOfScalar[ApiToken]:
    return select(ApiToken).where(col(ApiToken.revoked_at).is_(None), col(ApiToken.expires_at) > now())


def _view(token: ApiToken) -> TokenView:
    return TokenView.model_validate(token, from_attributes=True)
