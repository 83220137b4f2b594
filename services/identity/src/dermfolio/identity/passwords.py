"""Passwords: the rule of ORG-3 and Argon2id (RFC 9106)."""

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_LENGTH = 12

_hasher = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)
"""64 MiB and 3 passes: RFC 9106's second recommendation, on one lane because two cores serve everyone."""

_threads = ThreadPoolExecutor(2, thread_name_prefix="argon2")
_nobody = _hasher.hash(secrets.token_urlsafe(32))


def is_strong(password: str) -> bool:
    """At least 12 characters with upper, lower, digit and special."""
    return (
        len(password) >= MIN_LENGTH
        and any(c.isupper() for c in password)
        and any(c.islower() for c in password)
        and any(c.isdigit() for c in password)
        and any(not c.isalnum() and not c.isspace() for c in password)
    )


async def hashed(password: str) -> str:
    """Hash a password, off the event loop."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _hasher.hash, password)


async def matches(stored: str | None, password: str) -> bool:
    """Whether the password belongs to the stored hash. Without a hash it takes as long, and says no."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _verify, stored, password)


def _verify(stored: str | None, password: str) -> bool:
    try:
        return _hasher.verify(stored or _nobody, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False
