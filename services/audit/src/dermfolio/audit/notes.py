"""Checkpoints of the trail as signed notes: pure functions over text. `docs/audit-trail.md` is their specification.

A checkpoint says which record stood at a position, and when that was signed. It is a note as of c2sp.org/signed-note
with the lines of c2sp.org/tlog-checkpoint, signed with Ed25519, so tools of others verify it without the chain's key.
"""

import base64
import binascii
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from dermfolio.audit.chain import Place
from dermfolio.contracts.signed_notes import NOTE

ED25519 = b"\x01"
_ID_BYTES = 4
_ORIGIN = "dermfolio-trail/"


class NotGenuineError(ValueError):
    """A note that none of the known keys signed, or that is no checkpoint; the message is a clause about it."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What is signed: the record that stands at a place of the trail `origin`. `at` is a time as records have them."""

    origin: str
    place: Place
    at: str

    @property
    def text(self) -> str:
        """The lines that are signed."""
        root = base64.b64encode(self.place.mac).decode()
        return f"{self.origin}\n{self.place.position}\n{root}\nat {self.at}\n"


def origin_of(installation: UUID) -> str:
    """The name of the trail of an installation; also the name of its keys."""
    return f"{_ORIGIN}{installation}"


class Signer:
    """Signs the checkpoints of one trail. `seed` is an Ed25519 private key (32 bytes)."""

    def __init__(self, origin: str, seed: bytes) -> None:
        self.origin = origin
        self._key = Ed25519PrivateKey.from_private_bytes(seed)

    @property
    def verifier_key(self) -> str:
        """The public half as `name+hash+key`, which verifiers are given."""
        public = ED25519 + self._key.public_key().public_bytes_raw()
        return f"{self.origin}+{_key_id(self.origin, public).hex()}+{base64.b64encode(public).decode()}"

    def sign(self, checkpoint: Checkpoint) -> str:
        """The signed note."""
        public = ED25519 + self._key.public_key().public_bytes_raw()
        signature = _key_id(self.origin, public) + self._key.sign(checkpoint.text.encode())
        return f"{checkpoint.text}\n— {self.origin} {base64.b64encode(signature).decode()}\n"


@dataclass(frozen=True, slots=True)
class VerifierKeys:
    """Public keys of one trail by their ids: the one that signs, and those that did before."""

    origin: str
    keys: Mapping[bytes, Ed25519PublicKey]

    @classmethod
    def of(cls, origin: str, verifier_keys: Sequence[str]) -> Self:
        """Read them as they are written; raises ValueError for what is not such a key."""
        return cls(origin, dict(read_verifier_key(key) for key in verifier_keys))

    def open(self, note: str) -> Checkpoint:
        """The checkpoint that a note of this trail holds. Raises NotGenuineError."""
        found = NOTE.fullmatch(note)
        if found is None:
            raise NotGenuineError("is not a signed checkpoint")
        text = found["text"]
        origin, size, root, *more = text.splitlines()
        if origin != self.origin:
            raise NotGenuineError(f"is of another trail, {origin}")
        if not any(self._signed(text, line) for line in found["signed"].splitlines()):
            raise NotGenuineError("is signed by none of the known keys")
        said = [line.removeprefix("at ") for line in more if line.startswith("at ")]
        return Checkpoint(origin, Place(int(size), base64.b64decode(root)), said[0] if said else "")

    def _signed(self, text: str, line: str) -> bool:
        _, name, encoded = line.split(" ")
        try:
            signature = base64.b64decode(encoded, validate=True)
            key = self.keys.get(signature[:_ID_BYTES])
            if name != self.origin or key is None:
                return False
            key.verify(signature[_ID_BYTES:], text.encode())
        except (binascii.Error, InvalidSignature):
            return False
        return True


def read_verifier_key(text: str) -> tuple[bytes, Ed25519PublicKey]:
    """The id and the key of a `name+hash+key`; raises ValueError for what is none."""
    name, _, rest = text.partition("+")
    named, _, encoded = rest.partition("+")
    public = base64.b64decode(encoded, validate=True)
    if public[:1] != ED25519 or len(public) != 33 or named != _key_id(name, public).hex():
        raise ValueError("is not a verifier key (name+hash+key, Ed25519)")
    return bytes.fromhex(named), Ed25519PublicKey.from_public_bytes(public[1:])


def _key_id(name: str, public: bytes) -> bytes:
    return hashlib.sha256(f"{name}\n".encode() + public).digest()[:_ID_BYTES]
