"""Checkpoints in the object store, plain, in a bucket of their own: object lock keeps them there."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable, Sequence
from itertools import islice
from typing import NamedTuple, TypeVar
from urllib.parse import urlsplit

import structlog
import urllib3
from minio import Minio
from minio.error import MinioException, S3Error

from dermfolio.audit.checkpoint_repository import Kept
from dermfolio.common.errors import Unavailable

log = structlog.get_logger()
T = TypeVar("T")

FOLDER = "checkpoints/"
SECONDS = 8.0
PAGE = 1000
LONGEST_NOTE = 4096

_NO_LOCK = frozenset({"ObjectLockConfigurationNotFoundError", "NotImplemented", "InvalidRequest"})


class Copy(NamedTuple):
    """One version of a stored checkpoint."""

    position: int
    etag: str
    """MD5 of what was stored, in most stores; a hint, never a proof."""
    version: str | None


class NoteStore:
    """The bucket of checkpoints. Every method raises Unavailable when the store does not answer or refuses us."""

    def __init__(self, endpoint: str, bucket: str, *, access_key: str, secret_key: str) -> None:
        address = urlsplit(endpoint)
        self._bucket = bucket
        self._locked: bool | None = None
        self._sdk = Minio(
            address.netloc,
            access_key=access_key,
            secret_key=secret_key,
            secure=address.scheme == "https",
            region="us-east-1",  # unknown, it would be asked of the store while signing
            http_client=urllib3.PoolManager(timeout=urllib3.Timeout(SECONDS), retries=False),
        )

    @property
    def name(self) -> str:
        """Another bucket is another destination, which gets all of them."""
        return f"store:{self._bucket}"

    async def bring(self, checkpoints: Sequence[Kept]) -> None:
        """Store each under its position. Where a store keeps versions, nothing is overwritten by this."""
        locked = await self.locked()
        if locked is not self._locked:
            log.info("checkpoint.store", bucket=self._bucket, locked=locked)
            self._locked = locked
        for checkpoint in checkpoints:
            await self._ask(lambda checkpoint=checkpoint: self._put(checkpoint))  # type: ignore[misc]

    async def locked(self) -> bool:
        """Whether the store refuses to remove what is in the bucket, for as long as the bucket's own rule says."""

        def ask() -> bool:
            try:
                return self._sdk.get_object_lock_config(self._bucket).mode is not None
            except S3Error as error:
                if error.code in _NO_LOCK:
                    return False
                raise

        return await self._ask(ask)

    async def copies(self) -> AsyncIterator[list[Copy]]:
        """Every version of every stored checkpoint in order of position, in pages."""
        found = self._sdk.list_objects(self._bucket, FOLDER, recursive=True, include_version=True)
        while page := await self._ask(lambda: [*islice(found, PAGE)]):
            yield [
                Copy(int(position), str(item.etag).strip('"'), item.version_id)
                for item in page
                if not item.is_delete_marker and (position := _position(str(item.object_name))) is not None
            ]

    async def read(self, copy: Copy) -> str:
        """What a version says."""

        def get() -> bytes:
            answer = self._sdk.get_object(self._bucket, _key(copy.position), version_id=copy.version)
            try:
                return answer.read(LONGEST_NOTE)
            finally:
                answer.close()
                answer.release_conn()

        return (await self._ask(get)).decode(errors="replace")

    def _put(self, checkpoint: Kept) -> None:
        note = checkpoint.note.encode()
        kind = "text/plain; charset=utf-8"
        self._sdk.put_object(self._bucket, _key(checkpoint.position), io.BytesIO(note), len(note), content_type=kind)

    async def _ask(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.to_thread(work)
        except (MinioException, urllib3.exceptions.HTTPError) as error:
            what = error.code if isinstance(error, S3Error) else type(error).__name__
            raise Unavailable(f"the object store fails: {what}") from error


def _key(position: int) -> str:
    return f"{FOLDER}{position:020}.note"


def _position(key: str) -> int | None:
    digits = key.removeprefix(FOLDER).removesuffix(".note")
    return int(digits) if digits.isdigit() and _key(int(digits)) == key else None
