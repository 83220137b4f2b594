"""Signatures lie in the database as objects in the store: sealed under the patient's data key, bound to an event."""

from collections.abc import AsyncIterator
from uuid import UUID

from pydantic import TypeAdapter

from dermfolio.common.sealing import Context, DataKey, Seal
from dermfolio.contracts.views.consent import Signature

OWNER = "patients"

_SIGNATURE: TypeAdapter[Signature] = TypeAdapter(Signature)


async def sealed(signature: Signature, key: bytes, event: UUID) -> bytes:
    """What is stored of a signature."""
    plain = _SIGNATURE.dump_json(signature)
    return b"".join([part async for part in _seal(key, event).seal(_once(plain), len(plain))])


async def opened(stored: bytes, key: bytes, event: UUID) -> Signature:
    """The signature of an event. Raises Tampered when it is not what was sealed for this event and patient."""
    plain = b"".join([part async for part in _seal(key, event).unseal(_once(stored), len(stored))])
    return _SIGNATURE.validate_json(plain)


def _seal(key: bytes, event: UUID) -> Seal:
    return Seal(DataKey(key), Context(owner=OWNER, key=f"consent/{event}/signature"))


async def _once(part: bytes) -> AsyncIterator[bytes]:
    yield part
