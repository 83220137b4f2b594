"""Write what is generated from the code: `python -m tools.generate`, or with `--check` fail when a file is stale."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from dermfolio.contracts import asyncapi
from dermfolio.gateway import openapi
from tools import vocabulary

ROOT = Path(__file__).resolve().parents[1]


def texts() -> dict[Path, str]:
    """The text of every generated file, by its path."""
    api = _json(openapi.describe())
    return {
        ROOT / "libs/contracts/asyncapi.json": _json(asyncapi.describe()),
        ROOT / "gateway/openapi.json": api,
        ROOT / "web/src/api/schema.ts": _typescript(api),
        ROOT / "docs/audit-vocabulary.md": vocabulary.page(),
    }


def main() -> None:
    """Write or check."""
    checking = sys.argv[1:] == ["--check"]
    if sys.argv[1:] and not checking:
        raise SystemExit("usage: python -m tools.generate [--check]")
    stale = [path for path, text in texts().items() if not _settled(path, text, write=not checking)]
    for path in stale:
        print(f"{path.relative_to(ROOT)} is stale" if checking else f"{path.relative_to(ROOT)} written")
    if checking and stale:
        raise SystemExit("Run 'make generate' and commit the result.")


def _json(document: object) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _typescript(api: str) -> str:
    """The API's types for the user interface."""
    with tempfile.TemporaryDirectory() as directory:
        document, types = Path(directory, "openapi.json"), Path(directory, "schema.ts")
        document.write_text(api)
        subprocess.run([ROOT / "tools/web.sh", "types", document, types], check=True, stdout=subprocess.DEVNULL)
        return types.read_text()


def _settled(path: Path, text: str, *, write: bool) -> bool:
    """Tell whether the file holds the text already; if not, write it when asked to."""
    if path.exists() and path.read_text() == text:
        return True
    if write:
        path.write_text(text)
    return False


if __name__ == "__main__":
    main()
