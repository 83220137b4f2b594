"""Checkpoints of the trail as signed notes: pure functions over text. `docs/audit-trail.md` is their specification.

A checkpoint says which record stood at a position, and when that was signed. It is a note as of c2sp.org/signed-note
with the lines of c2sp.org/tlog-checkpoint, signed with Ed25519, so tools of others verify it without the chain's key.
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from dermfolio.audit.chain import Place
from dermfolio.common.note_keys import VerifierKey
from dermfolio.contracts.signed_notes import NOTE

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


@dataclass(frozen=True, slots=True)
class VerifierKeys:
    """Public keys of one trail: the one that signs, and those that did before."""

    origin: str
    keys: Sequence[VerifierKey]

    @classmethod
    def of(cls, origin: str, verifier_keys: Sequence[str]) -> Self:
        """Read them as they are written; raises ValueError for what is not such a key."""
        return cls(origin, [VerifierKey.parse(key) for key in verifier_keys])

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
        except binascii.Error:
            return False
        return any(key.name == name == self.origin and key.signed(text, signature) for key in self.keys)
