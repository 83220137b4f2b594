"""One photograph's way through the system, as its user sees it: uploaded, announced, shown, given back."""

import asyncio
import hashlib
import time
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pyvips

from dermfolio.contracts.views.images import RENDITION_SIZES, ImageState, ImageView
from dermfolio.ops.api_client import Api, ApiProblem
from dermfolio.ops.photographs import Fate, Photograph
from dermfolio.ops.watching import Watch

ANNOUNCED_SECONDS = 60.0
_REFUSALS = {"too_large": Fate.TOO_LARGE, "empty_file": Fate.EMPTY}
_CARRIERS = (b"EXIF", b"XMP ")
"""Chunks of WebP that carry metadata (WebP container specification, extended file format)."""


@dataclass
class Journey:
    """What happened to one file."""

    photograph: Photograph
    image: UUID = field(default_factory=uuid4)
    fate: Fate | None = None
    """What the system made of it, None while that is open."""
    answered: float | None = None
    """Seconds from the first byte sent to the answer."""
    announced: float | None = None
    """Seconds from the first byte sent to the word that it is ready, or rejected."""
    renditions: list[int] = field(default_factory=list)
    """Bytes of each rendition, smallest first."""
    note: str = ""
    faults: list[str] = field(default_factory=list)
    """What is not as it should be."""


async def travel(api: Api, watch: Watch, patient: UUID, photograph: Photograph) -> Journey:
    """Upload a file, wait for its end, look at what came of it."""
    journey = Journey(photograph)
    began = time.monotonic()
    try:
        uploaded = await api.put_image(
            patient, journey.image, photograph.data, file_name=photograph.file_name, media_type=photograph.media_type
        )
    except ApiProblem as problem:
        journey.answered = time.monotonic() - began
        _refused(journey, problem)
        return journey
    journey.answered = time.monotonic() - began
    if uploaded.outcome == "duplicate":
        journey.fate = Fate.DUPLICATE
        journey.note = f"of {uploaded.image.file_name}"
        _expect(journey, uploaded.image.id != journey.image, "a duplicate was answered with its own id")
    else:
        await _arrive(api, watch, patient, journey, began)
    wanted = photograph.fate
    _expect(journey, wanted in {None, journey.fate}, f"{journey.fate} instead of {wanted}")
    return journey


def _refused(journey: Journey, problem: ApiProblem) -> None:
    journey.note = f"{problem.status} {problem.code}"
    journey.fate = _REFUSALS.get(problem.code)
    wanted = journey.photograph.fate
    _expect(journey, journey.fate is not None and wanted in {None, journey.fate}, f"the upload was refused: {problem}")


async def _arrive(api: Api, watch: Watch, patient: UUID, journey: Journey, began: float) -> None:
    try:
        end = await watch.end_of(journey.image, ANNOUNCED_SECONDS)
    except TimeoutError:
        journey.faults.append(f"nothing was announced within {ANNOUNCED_SECONDS:.0f} s")
        return
    journey.announced = end.at - began
    image = await api.get_image(patient, journey.image)
    _expect(journey, image.state is end.state, f"announced as {end.state}, but it is {image.state}")
    if end.state is ImageState.READY:
        journey.fate = Fate.ACCEPTED
        journey.note = f"{image.width} x {image.height}"
        await asyncio.gather(_see(api, patient, journey, image), _get_back(api, patient, journey, image))
    elif end.state is ImageState.REJECTED:
        journey.fate = Fate.REJECTED
        journey.note = f"{image.reason}"
        _expect(journey, bool(image.message), "rejected without a sentence for its user")
    else:
        journey.faults.append("processing failed")


async def _see(api: Api, patient: UUID, journey: Journey, image: ImageView) -> None:
    """Fetch every rendition and look at what it is."""
    for size in RENDITION_SIZES:
        seen = await api.get_rendition(patient, journey.image, size)
        journey.renditions.append(len(seen))
        name = f"the rendition of {size} px"
        if seen[:4] != b"RIFF" or seen[8:12] != b"WEBP":
            journey.faults.append(f"{name} is no WebP")
            continue
        _expect(journey, not any(carrier in _chunks(seen) for carrier in _CARRIERS), f"{name} carries metadata")
        picture = pyvips.Image.new_from_buffer(seen, "")
        long_edge = max(image.width or 0, image.height or 0)
        _expect(journey, max(picture.width, picture.height) == min(size, long_edge), f"{name} has another size")
        upright = (picture.width >= picture.height) == ((image.width or 0) >= (image.height or 0))
        _expect(journey, upright, f"{name} lies on its side")


async def _get_back(api: Api, patient: UUID, journey: Journey, image: ImageView) -> None:
    """Download the original and compare it with what was uploaded."""
    sent, got = journey.photograph.data, await api.get_original(patient, journey.image)
    _expect(journey, got == sent, "the original came back with other bytes")
    _expect(journey, image.sha256 == hashlib.sha256(sent).hexdigest(), "its SHA-256 is not that of the uploaded bytes")
    _expect(journey, image.file_name == journey.photograph.file_name, f"it is called {image.file_name!r} now")


def _chunks(webp: bytes) -> list[bytes]:
    """The names of a RIFF file's chunks."""
    names, place = [], 12
    while place + 8 <= len(webp):
        names.append(webp[place : place + 4])
        size = int.from_bytes(webp[place + 4 : place + 8], "little")
        place += 8 + size + size % 2
    return names


def _expect(journey: Journey, holds: bool, otherwise: str) -> None:
    if not holds:
        journey.faults.append(otherwise)
