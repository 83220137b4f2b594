"""The S3 object store: which server it is, who may use it, and its buckets."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dermfolio.local.servers.ports import HOST
from dermfolio.local.servers.server import Server, loopback

if TYPE_CHECKING:
    from minio import Minio

SETUP = "setup"
BUCKET = "dermfolio"
TRAIL_BUCKET = "dermfolio-trail"

LOCKED_YEARS = 10


@dataclass(frozen=True)
class Credentials:
    """An S3 access key and its secret, and the only bucket that they open."""

    access_key: str
    secret_key: str
    bucket: str = BUCKET


class ObjectStore(Server):
    """An S3 server with one identity per service that keeps objects, and `setup`, who makes buckets."""

    def __init__(self, directory: Path, *, identities: Mapping[str, Credentials], log: Path | None = None) -> None:
        """`identities` by name; `setup` must be among them."""
        super().__init__(directory, log=log)
        self.identities = identities

    @property
    def url(self) -> str:
        """The S3 endpoint."""
        return f"http://{loopback(self.port)}"

    def client(self, identity: str = SETUP) -> "Minio":
        """A client of the store that does not retry."""
        import urllib3  # importing these takes as long as starting the server
        from minio import Minio

        who = self.identities[identity]
        return Minio(
            f"{HOST}:{self.port}",
            access_key=who.access_key,
            secret_key=who.secret_key,
            secure=False,
            region="us-east-1",
            http_client=urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(10)),
        )

    def ensure_bucket(self, name: str = BUCKET) -> None:
        """Make a bucket if missing."""
        client = self.client()
        if not client.bucket_exists(name):
            client.make_bucket(name)

    def ensure_locked_bucket(self, name: str) -> None:
        """Make a bucket, if missing, that nothing is removed from for ten years, whoever asks (object lock)."""
        from minio.commonconfig import COMPLIANCE
        from minio.objectlockconfig import YEARS, ObjectLockConfig

        client = self.client()
        if not client.bucket_exists(name):
            client.make_bucket(name, object_lock=True)
        client.set_object_lock_config(name, ObjectLockConfig(COMPLIANCE, LOCKED_YEARS, YEARS))

    def remove_bucket(self, name: str) -> None:
        """Remove a bucket with everything in it."""
        client = self.client()
        for found in client.list_objects(name, recursive=True, include_version=True):
            if found.object_name is not None:
                client.remove_object(name, found.object_name, version_id=found.version_id)
        client.remove_bucket(name)

    def answers(self) -> bool:
        """Whether it accepts the signature of `setup`."""
        from minio.error import S3Error
        from urllib3.exceptions import HTTPError

        try:
            self.client().list_buckets()
        except (HTTPError, S3Error, OSError):
            return False
        return True
