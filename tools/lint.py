"""House rules that ruff cannot know. Each rule says what it guards against; each has a test.

Usage: python -m tools.lint [FILE…]; without files, everything that git tracks or would track.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
Finding = tuple[int, str]

_FACT = re.compile(r"^[a-z_]+(\.[a-z_]+)+$")
_LEVELS = {"debug", "info", "warning", "error", "critical", "exception"}
_PERSONAL = {"name", "file_name", "caption", "notes", "note", "login", "password", "token", "email", "unique_id"}


@dataclass(frozen=True)
class Rule:
    """One rule: where it holds, and what it finds in a module."""

    name: str
    holds_in: Callable[[str], bool]
    find: Callable[[ast.Module], Iterator[Finding]]


def _product(path: str) -> bool:
    return "/src/dermfolio/" in path


def _commits(tree: ast.Module) -> Iterator[Finding]:
    """A commit in the middle of a use case leaves half of it behind when the rest fails: `db.write()` commits."""
    for node in _calls(tree):
        if isinstance(node.func, ast.Attribute) and node.func.attr == "commit":
            yield node.lineno, "commit at the end of `async with db.write()` and nowhere else"


def _log_facts(tree: ast.Module) -> Iterator[Finding]:
    """Logs are read by operators: dotted facts with ids, never a sentence with a patient's name in it."""
    for node in _calls(tree):
        func = node.func
        if not (isinstance(func, ast.Attribute) and func.attr in _LEVELS and _is_log(func.value)):
            continue
        first = node.args[0] if node.args else None
        if not (isinstance(first, ast.Constant) and isinstance(first.value, str) and _FACT.match(first.value)):
            yield node.lineno, "a log event is a constant dotted fact, such as 'image.ingested'"
        for keyword in node.keywords:
            if keyword.arg in _PERSONAL:
                yield node.lineno, f"'{keyword.arg}' does not belong in a log: ids only"


def _forks(tree: ast.Module) -> Iterator[Finding]:
    """A forked child of libvips hangs: processes start by spawn."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in {"fork", "forkpty"}:
            yield node.lineno, "processes start by spawn, never by fork"
        if isinstance(node, ast.Constant) and node.value in {"fork", "forkserver"}:
            yield node.lineno, "processes start by spawn, never by fork"


def _publishes(tree: ast.Module) -> Iterator[Finding]:
    """Published outside the outbox, a fact is lost when the process dies before, and untrue when it rolls back."""
    for node in _calls(tree):
        if isinstance(node.func, ast.Attribute) and node.func.attr in {"publish", "publish_async"}:
            yield node.lineno, "services say things in a transaction (`s.say`); only the bus publishes"


RULES = (
    Rule(
        "commit-at-the-end",
        lambda p: _product(p) and not p.endswith(("common/db.py", "common/migrate.py", "local/migration.py")),
        _commits,
    ),
    Rule("log-facts", _product, _log_facts),
    Rule("spawn", _product, _forks),
    Rule("say-not-publish", lambda p: _product(p) and "/common/" not in p, _publishes),
)


def findings(path: str, source: str) -> list[str]:
    """What the rules find in one file, as `path:line: rule: sentence`."""
    tree = ast.parse(source)
    return [
        f"{path}:{line}: {rule.name}: {sentence}"
        for rule in RULES
        if rule.holds_in(path)
        for line, sentence in rule.find(tree)
    ]


def _calls(tree: ast.Module) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _is_log(value: ast.expr) -> bool:
    return isinstance(value, ast.Name) and value.id == "log"


def _files() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [path for path in listed.stdout.splitlines() if (ROOT / path).exists()]


def main(paths: list[str]) -> int:
    """Print every finding; 1 when there is one."""
    found = [line for path in paths or _files() for line in findings(path, (ROOT / path).read_text())]
    print("\n".join(found) or "the house rules hold")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
