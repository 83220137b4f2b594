"""Data keys: 32 random bytes per patient, wrapped by an installation key.

Wrapped form: 12-byte nonce, then AES-256-GCM of the key, with `dermfolio data key/<patient>` as associated data, so
that a wrapped key moved to another patient's row does not open (NIST SP 800-38D).
"""

import os
from typing import Protocol
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_NONCE_BYTES = 12


class KeyProvider(Protocol):
    """Wraps data keys; a key file now, a key service where an installation has one."""

    id: str
    """Which installation key wrapped it."""

    def wrap(self, key: bytes, patient: UUID) -> bytes:
        """Wrap a patient's data key."""

    def unwrap(self, wrapped: bytes, patient: UUID) -> bytes:
        """Unwrap it. Raises DamagedKeyError when it is not this patient's, or damaged."""


class DamagedKeyError(Exception):
    """A wrapped key does not open."""


class KeyFile:
    """Provider for an installation key that lies in a secret file."""

    def __init__(self, key_id: str, installation_key: bytes) -> None:
        self.id = key_id
        self._aead = AESGCM(installation_key)

    def wrap(self, key: bytes, patient: UUID) -> bytes:
        """Wrap a patient's data key."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._aead.encrypt(nonce, key, _context(patient))

    def unwrap(self, wrapped: bytes, patient: UUID) -> bytes:
        """Unwrap it. Raises DamagedKeyError when it is not this patient's, or damaged."""
        try:
            return self._aead.decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], _context(patient))
        except (InvalidTag, ValueError) as error:
            raise DamagedKeyError(str(patient)) from error


def new_key() -> bytes:
    """Make a data key."""
    return os.urandom(KEY_BYTES)


def _context(patient: UUID) -> bytes:
    return f"dermfolio data key/{patient}".encode()
