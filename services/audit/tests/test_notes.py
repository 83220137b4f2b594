"""Signed notes: opened with the key that signed them, found in what people keep."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from dermfolio.audit.chain import Place
from dermfolio.audit.notes import Checkpoint, VerifierKeys, origin_of
from dermfolio.contracts.signed_notes import newest_of, notes_in, position_of

if TYPE_CHECKING:
    pass

from dermfolio.common.note_keys import SigningKey

SEED = bytes(range(32))
ORIGIN = origin_of(UUID(int=5))


def test_a_note_is_opened_with_the_key_that_signed_it_and_with_no_other() -> None:
    checkpoint = Checkpoint(ORIGIN, Place(7, bytes(range(32))), "2026-03-01T12:30:00.000005Z")
    signer = SigningKey(ORIGIN, SEED)
    note = signer.note(checkpoint.text)
    assert VerifierKeys.of(ORIGIN, [str(signer.public)]).open(note) == checkpoint
    strangers = [str(key.public) for key in (SigningKey(ORIGIN, bytes(32)), SigningKey(origin_of(UUID(int=6)), SEED))]
    for verifiers in (VerifierKeys.of(ORIGIN, strangers), VerifierKeys.of(ORIGIN, [])):
        with pytest.raises(ValueError, match="signed by none of the known keys"):
            verifiers.open(note)
    with pytest.raises(ValueError, match="is of another trail"):
        VerifierKeys.of(origin_of(UUID(int=6)), strangers).open(note)


def test_a_note_of_which_a_byte_was_changed_is_not_genuine() -> None:
    signer = SigningKey(ORIGIN, SEED)
    verifiers = VerifierKeys.of(ORIGIN, [str(signer.public)])
    note = signer.note(Checkpoint(ORIGIN, Place(7, bytes(range(32))), "2026-03-01T12:30:00.000005Z").text)
    for nth in range(len(note)):
        for changed in (note[:nth] + "x" + note[nth + 1 :], note[:nth] + note[nth + 1 :]):
            if changed != note:
                with pytest.raises(ValueError, match=r"^is "):
                    verifiers.open(changed)


def test_notes_are_found_in_what_people_keep() -> None:
    signer = SigningKey(ORIGIN, SEED)
    made = [signer.note(Checkpoint(ORIGIN, Place(n, bytes(32)), "2026-03-01T12:30:00.000005Z").text) for n in (1, 2, 3)]
    line = f"Mar  1 12:30:00 host dermfolio-audit: checkpoint 3 {base64.b64encode(made[2].encode()).decode()}"
    kept = f"# ours\n\n{made[0]}\n{made[1]}".replace("\n", "\r\n") + f"\r\n{line}\ncheckpoint 9 AAAA\n"
    assert list(notes_in(kept)) == made
    assert [position_of(note) for note in notes_in(newest_of(kept))] == [3, 2, 1]
    many = "".join(signer.note(Checkpoint(ORIGIN, Place(n, bytes(32)), "").text) for n in range(1, 2000))
    newest = [position_of(note) for note in notes_in(newest_of(many))]
    assert newest[0] == 1999
    assert 500 < len(newest) < 2000
