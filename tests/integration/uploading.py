"""Uploads as a clinic makes them: many at once, some twice, some bad, some that must be refused."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID, uuid4

from dermfolio.contracts.views.images import ImageState
from dermfolio.ops.api_client import Api, ApiProblem

from .browser import Browser
from .photographs import File, damaged, photograph


class Kind(StrEnum):
    """What is special about an upload."""

    FRESH = "fresh"
    TWIN = "twin"
    """Sent twice at the same moment under the same id, through both gateways."""
    COPY = "copy"
    """The same bytes at the same moment under two ids, through both gateways."""
    DAMAGED = "damaged"
    REUSED_ID = "reused_id"
    """Other bytes under an id that is taken."""
    NO_PATIENT = "no_patient"


@dataclass(frozen=True)
class Seen:
    """One upload, and the answer that its client saw in the end."""

    kind: Kind
    id: UUID
    patient: UUID
    sha256: str
    outcome: str
    """`accepted`, `duplicate`, or the code of a refusal."""
    image: UUID | None
    """The photograph that the answer names."""

    @property
    def end(self) -> ImageState:
        """What must become of it, if it was accepted."""
        return ImageState.REJECTED if self.kind is Kind.DAMAGED else ImageState.READY


_MIX = (*[Kind.FRESH] * 10, *[Kind.TWIN] * 2, *[Kind.COPY] * 3, *[Kind.DAMAGED] * 2, Kind.REUSED_ID, Kind.NO_PATIENT)


class Uploading:
    """Uploads for one patient by one user. `seen` has an entry for each that got its answer."""

    def __init__(self, browser: Browser, patient: UUID, seed: int) -> None:
        self.seen: list[Seen] = []
        self.files: list[File] = []
        self._browser, self._patient = browser, patient
        self._random = random.Random(seed)
        self._stop = asyncio.Event()

    def stop(self) -> None:
        """Begin no more."""
        self._stop.set()

    async def go_on(self, *, at_once: int = 3, pause: float = 0.5) -> None:
        """Upload until stopped, with pauses of `pause` seconds on average; returns when all have their answers."""
        async with asyncio.TaskGroup() as group:
            for _ in range(at_once):
                group.create_task(self._worker(pause))

    async def some(self, count: int) -> None:
        """Upload some, of all kinds."""
        for _ in range(count):
            await self._one(self._random.choice(_MIX))

    async def fresh(self) -> Seen:
        """Upload one new photograph."""
        return await self._one(Kind.FRESH)

    async def _worker(self, pause: float) -> None:
        while not self._stop.is_set():
            await self._one(self._random.choice(_MIX))
            await asyncio.sleep(self._random.uniform(0, 2 * pause))

    async def _one(self, kind: Kind) -> Seen:
        file = damaged(uuid4()) if kind is Kind.DAMAGED else photograph(uuid4())
        self.files.append(file)
        image, first, second = uuid4(), *self._browser.apis[:2]
        match kind:
            case Kind.TWIN:
                seen, _ = await asyncio.gather(
                    self._put(kind, image, file, first), self._put(kind, image, file, second)
                )
                return seen
            case Kind.COPY:
                seen, _ = await asyncio.gather(
                    self._put(kind, image, file, first), self._put(kind, uuid4(), file, second)
                )
                return seen
            case Kind.REUSED_ID:
                await self._put(Kind.FRESH, image, file)
                return await self._put(kind, image, photograph(uuid4()))
            case Kind.NO_PATIENT:
                return await self._put(kind, image, file, patient=uuid4())
            case _:
                return await self._put(kind, image, file)

    async def _put(
        self, kind: Kind, image: UUID, file: File, at: Api | None = None, *, patient: UUID | None = None
    ) -> Seen:
        patient = patient or self._patient
        put: Callable[[Api], Awaitable[tuple[str, UUID | None]]] = lambda api: _answer(api, patient, image, file)  # noqa: E731
        # who prefers a gateway tries it first, and any once it fails
        outcome, named = await self._browser.insist(put, first=at)
        seen = Seen(kind, image, patient, file.sha256, outcome, named)
        self.seen.append(seen)
        if named is not None:
            await self._browser.insist(
                lambda api: api.get_image(patient, named)
            )  # what was answered can be read at once
        return seen


async def _answer(api: Api, patient: UUID, image: UUID, file: File) -> tuple[str, UUID | None]:
    try:
        answer = await api.put_image(patient, image, file.data, file_name=file.name)
    except ApiProblem as problem:
        if problem.status in {404, 409}:
            return problem.code, None
        raise
    return answer.outcome, answer.image.id
