"""Signed checkpoints of the trail as text: how they are found in what people kept of them. `docs/audit-trail.md`
specifies them.
"""

import base64
import binascii
import re
from collections.abc import Iterator

MOST_TEXT = 200_000
"""Characters of checkpoints that are taken at once: about 600 of them."""

NOTE = re.compile(
    r"^(?P<text>dermfolio-trail/\S{1,80}\n(?P<position>\d{1,18})\n[A-Za-z0-9+/]{43}=\n(?:\S[^\n]{0,200}\n)*)"
    r"\n(?P<signed>(?:— \S{1,100} \S{1,200}\n)+)",
    re.MULTILINE,
)
"""A signed note (c2sp.org/signed-note) around a checkpoint (c2sp.org/tlog-checkpoint)."""

_ON_ONE_LINE = re.compile(r"\bcheckpoint \d{1,18} ([A-Za-z0-9+/]{1,2000}={0,2})")


def one_line(position: int, note: str) -> str:
    """A note as one line, for what carries lines; `notes_in` finds it there."""
    return f"checkpoint {position} {base64.b64encode(note.encode()).decode()}"


def notes_in(text: str) -> Iterator[str]:
    """Every note in a text: as they are, one behind the other, or in lines of a log."""
    lines = text.replace("\r\n", "\n") + "\n"
    yield from (found[0] for found in NOTE.finditer(lines))
    for found in _ON_ONE_LINE.finditer(lines):
        try:
            note = base64.b64decode(found[1], validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            continue  # words that look like one
        if NOTE.fullmatch(note):
            yield note


def position_of(note: str) -> int:
    """The position that a note names; 0 for what is no note."""
    found = NOTE.fullmatch(note)
    return int(found["position"]) if found else 0


def newest_of(text: str) -> str:
    """The newest notes in a text, as many as are taken at once, one behind the other; each stands for all before it."""
    taken, left = [], MOST_TEXT
    for note in sorted(set(notes_in(text)), key=position_of, reverse=True):
        left -= len(note) + 1
        if left < 0:
            break
        taken.append(note)
    return "\n".join(taken)
