"""Our side of the race: `develop` makes the renditions, `floor` does nothing but decode and encode."""

import json
import os
import sys
from pathlib import Path

from dermfolio.images.imaging import Developed, develop
from dermfolio.images.imaging.develop import SIZES, encoded

# the imaging core has set libvips up by now
import pyvips  # isort: skip


def _cpu_seconds() -> float:
    used = os.times()
    return used.user + used.system


def _develop(path: Path, prefix: str) -> float:
    begun = _cpu_seconds()
    outcome = develop(path.read_bytes())
    assert isinstance(outcome, Developed)
    for rendition in outcome.renditions:
        Path(f"{prefix}{rendition.size}.webp").write_bytes(rendition.data)
    return _cpu_seconds() - begun


def _floor(path: Path, _: str) -> float:
    pictures = [
        pyvips.Image.thumbnail(str(path), size, height=size, export_profile="srgb").copy_memory() for size in SIZES
    ]
    begun = _cpu_seconds()
    pyvips.Image.new_from_buffer(path.read_bytes(), "", access="sequential").copy_memory()
    for picture in pictures:
        encoded(picture)
    return _cpu_seconds() - begun


_WAYS = {"develop": _develop, "floor": _floor}

if __name__ == "__main__":
    way = _WAYS[sys.argv[1]]
    print(json.dumps({"vips": ".".join(str(pyvips.version(part)) for part in range(3))}), flush=True)
    for line in sys.stdin:
        job = json.loads(line)
        print(json.dumps({"cpu_seconds": way(Path(job["path"]), job["prefix"])}), flush=True)
