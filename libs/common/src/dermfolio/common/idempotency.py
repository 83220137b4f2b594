"""Idempotency keys (draft-ietf-httpapi-idempotency-key-header): kept by the owner, in the transaction of the effect.

The same key with the same request gives the same answer; with another request it is refused; of two at once, one
has the effect and the other waits for its answer.
"""

import hashlib
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel
from sqlalchemy.dialects.postgresql import insert

from dermfolio.common.db import WriteSession
from dermfolio.common.errors import Refused
from dermfolio.common.plumbing import idempotency


def digest(request: BaseModel) -> bytes:
    """What a request is compared by."""
    return hashlib.sha256(request.model_dump_json().encode()).digest()


async def earlier_answer(s: WriteSession, actor: UUID, key: str, request_sha256: bytes) -> bytes | None:
    """The answer given to this key before; None when this transaction is the first, and must `remember` its answer.

    Raises Refused (`idempotency_key_reused`) when the key stood for another request.
    """
    claimed = await s.execute(
        insert(idempotency)
        .values(actor=actor, key=key, request_sha256=request_sha256, answer=b"")
        .on_conflict_do_nothing()
        .returning(idempotency.c.key)
    )
    if claimed.first() is not None:
        return None
    earlier = (
        await s.execute(
            sa.select(idempotency.c.request_sha256, idempotency.c.answer).where(
                idempotency.c.actor == actor, idempotency.c.key == key
            )
        )
    ).one()
    if earlier.request_sha256 != request_sha256:
        raise Refused("idempotency_key_reused")
    return bytes(earlier.answer)


async def remember(s: WriteSession, actor: UUID, key: str, answer: bytes) -> None:
    """Keep the answer with the effect."""
    await s.execute(
        sa.update(idempotency).where(idempotency.c.actor == actor, idempotency.c.key == key).values(answer=answer)
    )
