"""The least that ingest can do: decode the file once, and encode three pictures that are finished already.

Reads {path, prefix} a line and answers each. With `"prepare": true` it makes the pictures, which is not measured.
"""

import json
import sys
from pathlib import Path

from dermfolio.images.imaging.develop import SIZES, encoded

# the imaging core has set libvips up by now
import pyvips  # isort: skip


def main() -> None:
    """Answer jobs until the input ends."""
    prepared: dict[str, list[pyvips.Image]] = {}
    _say({"vips": ".".join(str(pyvips.version(part)) for part in range(3))})
    for line in sys.stdin:
        job = json.loads(line)
        path = job["path"]
        if job.get("prepare"):
            if path not in prepared:
                prepared[path] = [_finished(path, size) for size in SIZES]
        else:
            pyvips.Image.jpegload_buffer(Path(path).read_bytes(), access="sequential").copy_memory()
            for picture in prepared[path]:
                encoded(picture)
        _say({})


def _finished(path: str, size: int) -> pyvips.Image:
    return pyvips.Image.thumbnail(path, size, height=size, export_profile="srgb").copy_memory()


def _say(answer: dict[str, str]) -> None:
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
