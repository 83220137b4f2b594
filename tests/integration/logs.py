"""What logs must not hold: personal data, and faults that nobody expected."""

import json
from collections.abc import Iterable
from pathlib import Path

from dermfolio.local.stack import Stack

_SHOWN = 300

_NEVER = {
    "job.buried",
    "follower.buried",
    "trail.facts_missed",
    "trail.broken",
    "blob.tampered",
    "object.missing",
    "object.damaged",
    "objects.missing",
}
"""What nobody may meet here, even without an exception."""


class Logs:
    """The logs of a stack, from now on."""

    def __init__(self, stack: Stack) -> None:
        self._directory = stack.directory / "logs"
        self._servers = set(stack.servers)
        self._read = {log: log.stat().st_size for log in self._every()}

    def wrong(self, personal: Iterable[str]) -> list[str]:
        """Every line, of servers too, that holds something personal; of services, every unexpected fault."""
        needles = sorted(personal)
        found: list[str] = []
        for log in self._every():
            text = log.read_bytes()[self._read.get(log, 0) :].decode(errors="replace")
            for line in text.splitlines():
                holds = [needle for needle in needles if needle in line]
                if holds:
                    found.append(f"{log.name} holds {holds[0]!r}: {line[:_SHOWN]}")
                if log.stem not in self._servers and (fault := _fault(line)) is not None:
                    found.append(f"{log.name}: {fault}")
        return found

    def _every(self) -> list[Path]:
        return sorted(self._directory.glob("*.log"))


def _fault(line: str) -> str | None:
    """What an operator would have to look into."""
    try:
        said = json.loads(line)
    except ValueError:
        return f"no JSON: {line[:_SHOWN]}"
    if said.get("exception") or said.get("level") == "critical" or said.get("event") in _NEVER:
        return f"{said.get('event')}: {str(said.get('exception', ''))[-_SHOWN:]}"
    return None
