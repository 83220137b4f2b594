"""What workers read and write of a photograph: its original, and whole revisions of what is shown of it."""

import asyncio
import hashlib
from collections.abc import Sequence
from uuid import UUID

from dermfolio.common.blobs import Blobs
from dermfolio.common.data_keys import DataKeys
from dermfolio.common.sealing import Tampered
from dermfolio.images import keys
from dermfolio.images.imaging import Developed, Rendition
from dermfolio.images.models import Image


class Revisions:
    """The objects of photographs, sealed with their patients' keys."""

    def __init__(self, blobs: Blobs, data_keys: DataKeys) -> None:
        self._blobs = blobs
        self._data_keys = data_keys

    async def original(self, image: Image) -> bytes:
        """The uploaded bytes, as they were uploaded. Raises Tampered when they are not."""
        key = keys.original(image.id, image.attempt)
        data = await self._blobs.read(await self._data_keys.seal(image.patient, owner=keys.OWNER, key=key))
        if hashlib.sha256(data).hexdigest() != image.sha256:
            raise Tampered(f"{key} does not have the SHA-256 of its row")
        return data

    async def store(
        self, image: Image, revision: int, renditions: Sequence[Rendition], rotated: bytes | None = None
    ) -> None:
        """Write a revision whole: its renditions and, where there is one, the original as a file that says that it
        is turned.
        """
        objects = {keys.rendition(image.id, revision, r.size): r.data for r in renditions}
        if rotated is not None:
            objects[keys.rotated(image.id, revision)] = rotated
        await asyncio.gather(*(self._write(image.patient, key, revision, data) for key, data in objects.items()))

    async def _write(self, patient: UUID, key: str, revision: int, data: bytes) -> None:
        seal = await self._data_keys.seal(patient, owner=keys.OWNER, key=key, revision=revision)
        await self._blobs.write(seal, data)


def switch(image: Image, revision: int, developed: Developed, rotated: bytes | None) -> None:
    """Let a row show a revision that is written whole; see `Revisions.store`."""
    image.revision = revision
    image.width, image.height = developed.width, developed.height
    image.renditions = [
        {"size": r.size, "media_type": r.media_type, "width": r.width, "height": r.height, "bytes": len(r.data)}
        for r in developed.renditions
    ]
    image.rotated_bytes = None if rotated is None else len(rotated)
    image.thumbhash = developed.thumbhash
