"""Identity's own key, which no database holds: it seals the secrets of authenticator apps and names what is only
compared.

Two keys are derived from it (HKDF-SHA-256, RFC 5869), one per use. Sealed form: 12-byte nonce, then AES-256-GCM with
the user as associated data, so that a secret moved to another user's row does not open (NIST SP 800-38D).
"""

import hmac
import os
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE_BYTES = 12
_KEY_BYTES = 32


class DamagedSecretError(Exception):
    """A sealed secret does not open: it is another user's, damaged, or was sealed with another key."""


class Keyring:
    """What is done with identity's key."""

    def __init__(self, identity_key: bytes) -> None:
        self._aead = AESGCM(_derived(identity_key, b"dermfolio second factor"))
        self._digests = _derived(identity_key, b"dermfolio digests")

    def seal(self, secret: str, user: UUID) -> bytes:
        """Seal a user's secret."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._aead.encrypt(nonce, secret.encode(), user.bytes)

    def unseal(self, sealed: bytes, user: UUID) -> str:
        """Open it. Raises DamagedSecretError."""
        try:
            return self._aead.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], user.bytes).decode()
        except (InvalidTag, ValueError) as error:
            raise DamagedSecretError(str(user)) from error

    def digest(self, kind: str, text: str) -> str:
        """Name a text that is only compared (HMAC-SHA-256): without the key nobody can try texts against it."""
        return hmac.digest(self._digests, f"{kind}\0{text}".encode(), "sha256").hex()


def _derived(key: bytes, use: bytes) -> bytes:
    return HKDF(SHA256(), _KEY_BYTES, salt=None, info=use).derive(key)
