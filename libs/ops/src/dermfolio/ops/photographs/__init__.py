"""Generated photographs of skin: nobody's, always the same for a seed, made in moments."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from dermfolio.ops.photographs.camera import Shot, as_jpeg, as_png, developed
from dermfolio.ops.photographs.scenes import Scene, seen, textures

RENDERED_EDGE = 1440
"""Scenes are computed with this long edge at most; the camera enlarges them, as its sensor does with soft detail."""

TOO_LARGE_BYTES = 16 * 2**20 + 64 * 2**10
"""A little more than an installation accepts unless it is set otherwise."""

JPEG, PNG = "image/jpeg", "image/png"


class Fate(StrEnum):
    """What the system should make of a file."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    TOO_LARGE = "too large"
    EMPTY = "empty"
    DUPLICATE = "duplicate"


@dataclass(frozen=True)
class Photograph:
    """A file as a user would upload it."""

    file_name: str
    media_type: str
    data: bytes
    fate: Fate | None = Fate.ACCEPTED
    """What it is meant for; None where nobody knows."""


_SERIES = (
    ("IMG_2041.JPG", Scene("II", "mole", 42, 0.2), Shot(4000, 3000, "2026:03:02 09:14:51", orientation=6)),
    ("IMG_2042.JPG", Scene("V", "atypical mole", 30, 0.08), Shot(3264, 2448, "2026:03:02 09:15:20", wide_gamut=True)),
    ("DSC_0312.jpg", Scene("I", "freckles", 150, 0.01), Shot(2592, 1944, "2026:03:02 09:31:07")),
    ("DSC_0313.jpg", Scene("III", "many moles", 240, 0.02, on_drape=True), Shot(2400, 1600, "2026:03:02 09:31:40")),
    ("left calf.jpg", Scene("VI", "plaque", 110, 0.04), Shot(2048, 1536, "2026:03:02 10:02:13", orientation=3)),
    (
        "P1010001.JPG",
        Scene("II", "angiomas", 48, 0.05),
        Shot(2400, 1600, "2026:03:02 10:20:55", latitude="52/1 31/1 12/1"),
    ),
    (
        "IMG_2043.JPG",
        Scene("IV", "rash", 90, 0.05),
        Shot(2048, 1536, "2026:03:02 10:44:02", orientation=8, wide_gamut=True),
    ),
    ("Rücken, Übersicht.jpg", Scene("IV", "mole", 36, 0.3), Shot(2048, 1536, "2026:03:02 11:05:38", quality=88)),
    ("photo_7.jpeg", Scene("VI", "atypical mole", 34, 0.06), Shot(1600, 1200, "2026:03:02 11:26:10", quality=85)),
    ("export.png", Scene("III", "plaque", 200, 0.02, on_drape=True), Shot(1500, 1000, "", noise=1.2)),
    ("export 2.png", Scene("I", "mole", 30, 0.05), Shot(1200, 900, "", noise=1.0)),
    ("scan.jpg", Scene("V", "many moles", 180, 0.01), Shot(1200, 900, "2026:03:02 11:40:00", quality=90)),
)
"""Six phototypes, 1 to 12 megapixels, turned cameras, two wide gamuts, names with spaces and letters beyond ASCII."""


def photograph(scene: Scene, shot: Shot, seed: int, *, png: bool = False) -> bytes:
    """One photograph as the bytes of its file."""
    rng = np.random.default_rng(seed)
    scale = min(1.0, RENDERED_EDGE / max(shot.columns, shot.rows))
    turned = shot.orientation in {6, 8}
    columns, rows = (shot.rows, shot.columns) if turned else (shot.columns, shot.rows)
    light = seen(scene, rng, (round(rows * scale), round(columns * scale)))
    picture = developed(light, shot, (rows, columns))
    return as_png(picture) if png else as_jpeg(picture, shot)


def series(seed: int = 1) -> list[Photograph]:
    """A dozen good photographs, made on two cores."""

    def made(number: int) -> Photograph:
        name, scene, shot = _SERIES[number]
        png = name.endswith(".png")
        return Photograph(name, PNG if png else JPEG, photograph(scene, shot, seed * 1000 + number, png=png))

    textures()
    with ThreadPoolExecutor(2) as threads:
        return list(threads.map(made, range(len(_SERIES))))


def demonstration(seed: int = 1) -> list[Photograph]:
    """The dozen, and what goes wrong in real life: a cut-off copy, a file too large, the same photograph again."""
    good = series(seed)
    first = good[0].data
    return [
        *good,
        Photograph("IMG_2044.JPG", JPEG, good[1].data[: len(good[1].data) * 6 // 10], Fate.REJECTED),
        Photograph("IMG_2045 with film.JPG", JPEG, first + bytes(TOO_LARGE_BYTES - len(first)), Fate.TOO_LARGE),
        Photograph("DSC_0312 (1).jpg", JPEG, good[2].data, Fate.DUPLICATE),
    ]


def retaken(jpeg: bytes, number: int) -> bytes:
    """The same picture as another file: a comment (ITU-T T.81, B.2.4.5) tells them apart."""
    comment = b"%08d" % number
    return jpeg[:2] + b"\xff\xfe" + (2 + len(comment)).to_bytes(2) + comment + jpeg[2:]
