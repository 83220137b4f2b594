"""Keys of signed notes (c2sp.org/signed-note) with Ed25519 (RFC 8032): a text, an empty line, and a line

— name base64( the four bytes of the key's hash ‖ 64 bytes of signature )
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

HASH_BYTES = 4
SIGNATURE_BYTES = HASH_BYTES + 64
LONGEST_NAME = 100

_ED25519 = b"\x01"
_PRIVATE = "PRIVATE+KEY+"
_LEAST_DIFFERENT_BYTES = 8


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key, written `name+hash+key`."""

    name: str
    raw: bytes

    @property
    def hash(self) -> bytes:
        """The bytes by which a signature names its key."""
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.raw).digest()[:HASH_BYTES]

    @property
    def id(self) -> str:
        """Name and hash: enough to tell keys apart."""
        return f"{self.name}+{self.hash.hex()}"

    def __str__(self) -> str:
        return f"{self.id}+{base64.b64encode(_ED25519 + self.raw).decode()}"

    def signed(self, text: str, signature: bytes) -> bool:
        """Whether a signature, behind the hash of its key, is this key's of a text."""
        if signature[:HASH_BYTES] != self.hash:
            return False
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature[HASH_BYTES:], text.encode())
        except InvalidSignature:
            return False
        return True

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a key as it is written. Raises ValueError."""
        name, hashed, encoded = _three(text.strip())
        found = cls(_name(name), _key_bytes(encoded))
        if found.hash.hex() != hashed:
            raise ValueError("the key does not match its own hash: it was not copied whole")
        Ed25519PublicKey.from_public_bytes(found.raw)
        return found


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key: 32 bytes."""

    name: str
    seed: bytes

    @property
    def public(self) -> VerifierKey:
        """The key that believes what this one signs."""
        return VerifierKey(self.name, self._key().public_key().public_bytes_raw())

    def text(self) -> str:
        """As it is written into a key file."""
        hashed = self.public.hash.hex()
        return f"{_PRIVATE}{self.name}+{hashed}+{base64.b64encode(_ED25519 + self.seed).decode()}\n"

    def note(self, text: str) -> str:
        """The signed note of a text, which ends with a line feed."""
        signature = base64.b64encode(self.public.hash + self._key().sign(text.encode())).decode()
        return f"{text}\n— {self.name} {signature}\n"

    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a key file. Raises ValueError, also for a key that nobody can have drawn at random."""
        if not text.startswith(_PRIVATE):
            raise ValueError("this is not a private key")
        name, hashed, encoded = _three(text.removeprefix(_PRIVATE).strip())
        found = cls(_name(name), _key_bytes(encoded))
        if len(set(found.seed)) < _LEAST_DIFFERENT_BYTES:
            raise ValueError("the key is not random")
        if found.public.hash.hex() != hashed:
            raise ValueError("the key does not match its own hash: it was not copied whole")
        return found


def _three(text: str) -> Sequence[str]:
    parts = text.split("+", 2)
    if len(parts) != 3:
        raise ValueError("a key has three parts with a plus sign between them")
    return parts


def _name(text: str) -> str:
    if not 1 <= len(text) <= LONGEST_NAME or "+" in text or any(map(str.isspace, text)):
        raise ValueError(f"a key's name is 1 to {LONGEST_NAME} characters without spaces and plus signs")
    return text


def _key_bytes(encoded: str) -> bytes:
    raw = base64.b64decode(encoded, validate=True)
    if len(raw) != 33 or raw[:1] != _ED25519:
        raise ValueError("this is not an Ed25519 key")
    return raw[1:]
