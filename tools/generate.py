"""Write what is generated from the code: `python -m tools.generate`, or with `--check` fail when a file is stale."""

import json
import sys
from pathlib import Path
from typing import Any

from dermfolio.contracts import asyncapi
from dermfolio.gateway import openapi

ROOT = Path(__file__).resolve().parents[1]


def documents() -> dict[Path, dict[str, Any]]:
    """Every generated document, by the file it is kept in."""
    return {
        ROOT / "libs/contracts/asyncapi.json": asyncapi.describe(),
        ROOT / "gateway/openapi.json": openapi.describe(),
    }


def main() -> None:
    """Write or check."""
    checking = sys.argv[1:] == ["--check"]
    if sys.argv[1:] and not checking:
        raise SystemExit("usage: python -m tools.generate [--check]")
    stale = [path for path, document in documents().items() if not _settled(path, document, write=not checking)]
    for path in stale:
        print(f"{path.relative_to(ROOT)} is stale" if checking else f"{path.relative_to(ROOT)} written")
    if checking and stale:
        raise SystemExit("Run 'make generate' and commit the result.")


def _settled(path: Path, document: dict[str, Any], *, write: bool) -> bool:
    """Tell whether the file holds the document already; if not, write it when asked to."""
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    if path.exists() and path.read_text() == text:
        return True
    if write:
        path.write_text(text)
    return False


if __name__ == "__main__":
    main()
