"""What verification finds, as a sentence that names the record."""

from dataclasses import dataclass

from dermfolio.audit.chain import Break, Kind, Place
from dermfolio.contracts.views.audit import FindingKind


@dataclass(frozen=True, slots=True)
class Finding:
    """The first thing that is wrong."""

    position: int
    kind: FindingKind
    sentence: str


def of_break(broken: Break) -> Finding:
    """The chain does not hold here."""
    at, span = broken.position, _span("Record", broken.position, broken.count)
    sentences = {
        Kind.EDITED: f"Record {at} was changed after it was written.",
        Kind.MISSING: f"{span} missing.",
        Kind.INSERTED: f"{span} not written by the trail: put in before the true record {at}.",
        Kind.REORDERED: f"Records from {at} on are not in the order in which they were written.",
        Kind.WRONG_KEY: f"From record {at} on nothing verifies: the key is another one, or the chain was recomputed.",
    }
    return Finding(at, broken.kind.value, sentences[broken.kind])


def of_columns(position: int) -> Finding:
    """The record holds, but searches would find it under other values."""
    return Finding(
        position, "diverged", f"Record {position} is intact, but the columns that searches use were changed beside it."
    )


def of_gap(position: int, producer: str, first: int, found: int) -> Finding:
    """The record's producer counted facts before this one that are not in the trail."""
    if found < first:
        return Finding(position, "gap", f"Record {position} repeats fact {found} of {producer}.")
    return Finding(position, "gap", f"Before record {position}, {_facts(first, found - 1)} of {producer} went missing.")


def of_end(proven: Place, head: Place, last: int) -> Finding | None:
    """Compare the end of the records with the chain's head; `last` is the position of the last record there is."""
    if last > head.position:
        after = _span("Record", head.position + 1, last - head.position)
        return Finding(head.position + 1, "inserted", f"{after} not written by the trail: behind its end.")
    if proven.position < head.position:
        gone = _span("Record", proven.position + 1, head.position - proven.position)
        return Finding(proven.position + 1, "missing", f"{gone} missing at the end.")
    if proven.mac != head.mac:
        return Finding(head.position, "edited", f"Record {head.position} is not the one that the chain's head names.")
    return None


def of_lost_end(proven: Place, producer: str, counted: int, taken_up: int) -> Finding:
    """The trail took up facts of a producer that are not in it."""
    facts = _facts(counted + 1, taken_up)
    return Finding(
        proven.position + 1, "gap", f"Behind record {proven.position}, {facts} of {producer} went missing at the end."
    )


def of_truncated(head: int, signed: int, at: str, where: str) -> Finding:
    """A checkpoint names a record behind the last one there is."""
    gone = _span("Record", head + 1, signed - head)
    return Finding(head + 1, "truncated", f"{gone} missing at the end: a checkpoint of {at}, {where}, signed {signed}.")


def of_recomputed(first: int, signed: int, at: str, where: str) -> Finding:
    """The chain holds, with other records than those that were signed."""
    span = _span("Record", first, signed - first + 1)
    return Finding(
        first,
        "recomputed",
        f"{span} not what a checkpoint of {at}, {where}, signed: records were replaced, and the chain was recomputed "
        "with its key.",
    )


def of_forged(position: int, where: str, why: str) -> Finding:
    """A checkpoint is not what the trail signed."""
    return Finding(position, "checkpoint_forged", f"The checkpoint of record {position}, {where}, {why}.")


def of_lost_checkpoint(position: int, where: str) -> Finding:
    """One of the places where a checkpoint is kept has lost it."""
    return Finding(position, "checkpoint_missing", f"The checkpoint of record {position} is missing {where}.")


def _span(noun: str, first: int, count: int) -> str:
    return f"{noun} {first} is" if count == 1 else f"{noun}s {first} to {first + count - 1} are"


def _facts(first: int, last: int) -> str:
    return f"fact {first}" if first == last else f"facts {first} to {last}"
