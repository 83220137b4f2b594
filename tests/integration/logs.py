"""What logs must not hold: personal data, and faults that nobody expected."""

import json
from collections.abc import Iterable

from dermfolio.local.stack import Stack

_SHOWN = 300


def what_logs_say(stack: Stack, personal: Iterable[str]) -> list[str]:
    """Every line of every log, of servers too, that holds something personal; every traceback and critical event."""
    needles = sorted(personal)
    wrong: list[str] = []
    for log in sorted((stack.directory / "logs").glob("*.log")):
        for number, line in enumerate(log.read_text(errors="replace").splitlines(), start=1):
            found = [needle for needle in needles if needle in line]
            if found:
                wrong.append(f"{log.name}:{number} holds {found[0]!r}: {line[:_SHOWN]}")
            if log.stem not in stack.servers and (fault := _fault(line)) is not None:
                wrong.append(f"{log.name}:{number} {fault}")
    return wrong


def _fault(line: str) -> str | None:
    """What an operator would have to look into."""
    try:
        said = json.loads(line)
    except ValueError:
        return f"is no JSON: {line[:_SHOWN]}"
    if said.get("exception") or said.get("level") == "critical" or said.get("event") in _NEVER:
        return f"{said.get('event')}: {str(said.get('exception', ''))[-_SHOWN:]}"
    return None


_NEVER = {"job.buried", "follower.buried", "trail.facts_missed", "trail.broken", "blob.tampered", "answer.failed"}
"""What is an error even without an exception."""
