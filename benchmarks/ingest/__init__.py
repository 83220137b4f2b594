"""What ingest costs and yields: 12-megapixel wide-gamut JPEGs to three renditions, against the npm package `sharp`.

Three processes take the same photographs in turn, in the same run: ours, sharp, and the floor (one decode and the three
encodes alone). CPU is user plus system time of the process, without its start; memory is the peak of its resident set.
"""

from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory

from benchmarks.ingest.contestants import Contestant, floor, ours, sharp
from benchmarks.ingest.inputs import photographs
from benchmarks.ingest.quality import similarities
from benchmarks.rows import Row, bound, ratio
from dermfolio.images.imaging.develop import SIZES

ROUNDS = 2
SHARP, FLOOR = "sharp, default WebP settings", "one full decode and the three encodes alone"


def rows() -> list[Row]:
    """The figures of this benchmark; fetches sharp where it is not there yet."""
    with TemporaryDirectory(prefix="dermfolio-ingest-") as name:
        directory = Path(name)
        originals = photographs(directory)
        with ours() as us, sharp() as them, floor() as least:
            contestants = (us, them, least)
            _run(contestants, originals, directory)
            memory = {c.name: c.peak_bytes() for c in contestants}
        similar, theirs = (fmean(similarities(originals, _renditions(c, directory))) for c in (us, them))
        sizes = {c.name: sum(p.stat().st_size for p in directory.glob(f"{c.name}-*.webp")) for c in (us, them)}
    return [
        ratio("ingest.cpu_vs_sharp", us.cpu_seconds / them.cpu_seconds, SHARP, 0.5),
        ratio("ingest.cpu_vs_floor", us.cpu_seconds / least.cpu_seconds, FLOOR, 1.5),
        ratio("ingest.bytes_vs_sharp", sizes[us.name] / sizes[them.name], SHARP, 1.05),
        ratio("ingest.rss_vs_sharp", memory[us.name] / memory[them.name], SHARP, 0.75),
        bound(
            "ingest.ssim_delta",
            similar - theirs,
            "SSIM",
            f"{SHARP}; both against the same downscale of the original",
            -0.001,
            "higher",
        ),
    ]


def _run(contestants: tuple[Contestant, ...], originals: list[Path], directory: Path) -> None:
    for contestant in contestants:  # a first one, uncounted: libraries are loaded, memory is mapped
        contestant.render(originals[0], directory / f"{contestant.name}-{originals[0].stem}-", counted=False)
    for turn in range(ROUNDS):
        for number, original in enumerate(originals):
            first = (turn + number) % len(contestants)
            for contestant in contestants[first:] + contestants[:first]:
                contestant.render(original, directory / f"{contestant.name}-{original.stem}-")


def _renditions(contestant: Contestant, directory: Path) -> dict[tuple[str, int], Path]:
    return {
        (original.stem, size): directory / f"{contestant.name}-{original.stem}-{size}.webp"
        for original in directory.glob("*.jpg")
        for size in SIZES
    }
