"""Named points at which a test may kill or stop a process. Outside the evaluation profile there are none.

Where the environment names a directory, `DERMFOLIO_FAULTS`, a file in it with the name of a point is a fault that waits
there: the first process that comes by removes the file, then sends itself the signal that is written in it (SIGKILL,
if it is empty). So a fault happens once, and its end shows by the file being gone.
"""

import os
import signal
from pathlib import Path

POINTS: dict[str, str] = {
    "upload.arrived": "gateway: every byte of an upload is there, not yet whole in the store",
    "upload.stored": "gateway: the bytes are in the store, nothing knows of them",
    "upload.registered": "gateway: the photograph is registered, the browser is not answered",
    "register.undecided": "images: an upload is known to be new, nobody was asked whether it may be",
    "register.admitted": "images: the patient's owner has admitted the image, there is no row",
    "register.written": "images: row, fact and job are written, not committed",
    "register.committed": "images: row, fact and job are committed, the gateway is not answered",
    "register.superfluous": "images: the bytes are known not to become the image, and still there",
    "sweep.noted": "images: bytes of which nothing is known are in quarantine, none is removed",
    "sweep.recorded": "images: the removal of unclaimed bytes is recorded, they are still there",
    "decode.begun": "images work: another process decodes",
    "ingest.stored": "images work: the renditions are in the store, the row does not point to them",
    "move.admitted": "images: the patient that a photograph goes to takes it, its row does not know",
    "move.written": "images: row, fact and job of a move are written, not committed",
    "move.committed": "images: row, fact and job of a move are committed, the gateway is not answered",
    "carry.copied": "images work: the objects are sealed for the other patient, the row does not point to them",
    "carry.switched": "images work: the row points to them and is the other patient's, not committed",
    "rotate.written": "images: the wish to turn a photograph, fact and job are written, not committed",
    "rotate.committed": "images: the wish to turn a photograph is committed, the gateway is not answered",
    "turn.stored": "images work: the turned renditions are in the store, the row does not point to them",
    "turn.switched": "images work: the row points to the turned renditions, not committed",
    "hold.written": "images: photographs are held for a comparison, not committed",
    "hold.granted": "registration: images holds photographs for a comparison, which is not written",
    "comparison.written": "registration: comparison and fact are written, its hold is crossed out, not committed",
    "job.done": "worker: a job's effect is committed, the job is not acknowledged",
    "admission.written": "patients: an admission is written, not committed",
    "admission.committed": "patients: an admission is committed, images is not answered",
    "move.decided": "patients: the admission of a photograph of another patient is written, not committed",
    "sign_in.committed": "identity: a session is open, the gateway is not answered",
    "outbox.stamped": "relay: facts have their numbers, none is on the bus",
    "outbox.published": "relay: facts and jobs are on the bus, the outbox does not say so",
    "reads.shown": "any service: what is shown is read and recorded in one, the reader is not answered",
    "reads.committed": "any service: the record of a read is committed, the reader is not answered",
    "follower.applied": "follower: the effect of facts is written, not committed",
    "follower.committed": "follower: the effect of facts is committed, the next ones are not asked for",
    "trail.kept": "audit: a record is committed, the gateway is not answered",
}
"""Every point, and what has happened there and what has not."""


def _directory() -> Path | None:
    named = os.environ.get("DERMFOLIO_FAULTS")
    return Path(named) if named and os.environ.get("DERMFOLIO_PROFILE") == "evaluation" else None


_DIRECTORY = _directory()


def point(name: str) -> None:
    """Come by a named point of `POINTS`."""
    if _DIRECTORY is not None:
        _happen(_DIRECTORY / name)


def _happen(fault: Path) -> None:
    try:
        text = fault.read_text()
        fault.unlink()
    except FileNotFoundError:
        return  # none waits here, or another process was faster
    os.kill(os.getpid(), signal.Signals[text.strip() or "SIGKILL"])
