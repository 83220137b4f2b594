"""Sign-ins under way at a provider: each is of one browser, is used once, and is forgotten after ten minutes."""

import secrets
from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import col

from dermfolio.common.db import Database
from dermfolio.contracts.messages import now
from dermfolio.contracts.oidc import ATTEMPT_SECONDS
from dermfolio.identity.models import OidcAttempt
from dermfolio.identity.oidc.relying import Asked
from dermfolio.identity.tokens import TOKEN_BYTES, token_sha256

VERIFIER_BYTES = 48
"""64 characters; RFC 7636 asks for 43 to 128."""


def new(returns_to: str) -> Asked:
    """What to ask of a provider: three secrets that nobody can guess."""
    return Asked(
        state=secrets.token_urlsafe(TOKEN_BYTES),
        nonce=secrets.token_urlsafe(TOKEN_BYTES),
        code_verifier=secrets.token_urlsafe(VERIFIER_BYTES),
        returns_to=returns_to,
    )


async def keep(db: Database, provider: str, asked: Asked, browser: str) -> None:
    """Remember an attempt, and forget those whose time is over."""
    async with db.write() as s:
        await s.execute(sa.delete(OidcAttempt).where(col(OidcAttempt.expires_at) < now()))
        s.add(
            OidcAttempt(
                state_sha256=token_sha256(asked.state),
                browser_sha256=token_sha256(browser),
                provider=provider,
                nonce=asked.nonce,
                code_verifier=asked.code_verifier,
                returns_to=asked.returns_to,
                expires_at=now() + timedelta(seconds=ATTEMPT_SECONDS),
            )
        )


async def take(db: Database, provider: str, state: str, browser: str) -> Asked | None:
    """The attempt of this browser at this provider, which is thereby used up; None when there is none."""
    used = (
        sa.delete(OidcAttempt)
        .where(
            col(OidcAttempt.state_sha256) == token_sha256(state),
            col(OidcAttempt.browser_sha256) == token_sha256(browser),
            col(OidcAttempt.provider) == provider,
            col(OidcAttempt.expires_at) > now(),
        )
        .returning(col(OidcAttempt.nonce), col(OidcAttempt.code_verifier), col(OidcAttempt.returns_to))
    )
    async with db.write() as s:
        row = (await s.execute(used)).first()
    return None if row is None else Asked(state, *row)
