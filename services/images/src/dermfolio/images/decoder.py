"""The process that reads files of strangers: a file in, an outcome out, until its input ends.

`python -m dermfolio.images.decoder JSON`, started by `decoding`. The JSON says its limits; files come on standard
input, outcomes leave on what was standard output, both as `frames`.
"""

import json
import os
import signal
import sys
from typing import BinaryIO

import pyvips

from dermfolio.images import frames
from dermfolio.images.imaging import Limits
from dermfolio.images.imaging.confine import confine
from dermfolio.images.imaging.develop import develop

READY = b"ready"


def main() -> None:
    """Serve until the input ends."""
    told = json.loads(sys.argv[1])
    limits = Limits(**told["limits"])
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.SIG_IGN)  # whoever started it says when to end, by closing its input
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # nobody is left to tell: end without a word
    outcomes = _output()
    confine(told["memory_bytes"])
    _warm_up(limits)
    _send(outcomes, [READY])
    while (asked := _received(sys.stdin.buffer)) is not None and (data := _received(sys.stdin.buffer)) is not None:
        # no one may be left to end a decoder that hangs: then the alarm does, whose default is death
        signal.setitimer(signal.ITIMER_REAL, told["seconds"])
        answer = frames.written(develop(data, limits, rotation=json.loads(asked)["rotation"]))
        signal.setitimer(signal.ITIMER_REAL, 0)
        _send(outcomes, answer)


def _output() -> BinaryIO:
    """Take standard output for outcomes alone; what a library prints goes to standard error."""
    own = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(own, "wb")


def _warm_up(limits: Limits) -> None:
    """Load and start what the first photograph would wait for."""
    grey = pyvips.Image.black(64, 64, bands=3).copy(interpretation=pyvips.Interpretation.SRGB)
    grey.set_type(pyvips.GValue.blob_type, "icc-profile-data", pyvips.Operation.call("profile_load", "p3"))
    develop(grey.jpegsave_buffer(), limits)


def _received(files: BinaryIO) -> bytes | None:
    head = files.read(frames.HEAD)
    return files.read(int.from_bytes(head, "big")) if len(head) == frames.HEAD else None


def _send(outcomes: BinaryIO, parts: list[bytes]) -> None:
    outcomes.writelines(frames.framed(part) for part in parts)
    outcomes.flush()


if __name__ == "__main__":
    main()
