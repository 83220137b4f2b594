"""SeaweedFS as the S3 store: master, volume server, filer and S3 gateway in one process, `weed mini`."""

import json
import os
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar
from urllib.error import URLError

from dermfolio.local.programs import program
from dermfolio.local.servers.inner_tls import InnerTls
from dermfolio.local.servers.object_store import SETUP, Credentials, ObjectStore
from dermfolio.local.servers.ports import HOST, free_ports, is_free

# The admin server's worker looks for it 10,000 above its HTTP port, whatever its gRPC port is set to.
_GRPC_OFFSET = 10_000
_ADMIN_PORTS = range(10_000, 20_000)


class SeaweedFS(ObjectStore):
    """An S3 server of about 80 MB that is ready in under a second.

    `keys` holds what its inner parts trust each other by: `sse_kek` (64 hexadecimal digits) and four JWT keys; all of
    them must stay the same for the same data.
    """

    name = "seaweedfs"
    port_count: ClassVar[int] = 9
    # It stops in about a second, but now and then hangs half a minute; its data survive a kill.
    stop_seconds: ClassVar[float] = 2.0
    key_names: ClassVar[tuple[str, ...]] = (
        "sse_kek",
        "jwt_signing_key",
        "jwt_signing_read_key",
        "jwt_filer_signing_key",
        "jwt_filer_signing_read_key",
    )

    def __init__(
        self,
        directory: Path,
        *,
        identities: Mapping[str, Credentials],
        keys: Mapping[str, str],
        log: Path | None = None,
    ) -> None:
        """`keys` by the names in `key_names`."""
        super().__init__(directory, identities=identities, log=log)
        self.keys = keys
        self._tls = InnerTls(self.directory / "tls")

    def choose_ports(self) -> list[int]:
        """S3, S3 gRPC, master, its gRPC, volume, its gRPC, filer, its gRPC, admin."""
        while True:
            ports = free_ports(self.port_count - 1)
            for admin in free_ports(8):
                if admin in _ADMIN_PORTS and admin not in ports and is_free(admin + _GRPC_OFFSET):
                    return [*ports, admin]

    def prepare(self) -> None:
        """Write the identities for our eyes only, and forget the settings that the last run noted down."""
        self._tls.make()
        (self.directory / "data").mkdir(mode=0o700, exist_ok=True)
        (self.directory / "data" / "mini.options").unlink(missing_ok=True)
        descriptor = os.open(self._identities, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump({"identities": [_identity(name, who) for name, who in self.identities.items()]}, file)

    def command(self) -> list[str | Path]:
        """Everything on loopback, nothing that calls home, no interface but S3."""
        s3, s3_grpc, master, master_grpc, volume, volume_grpc, filer, filer_grpc, admin = self._ports
        return [
            program("weed"),
            "mini",
            f"-dir={self.directory / 'data'}",
            f"-ip={HOST}",
            f"-ip.bind={HOST}",
            f"-s3.port={s3}",
            f"-s3.port.grpc={s3_grpc}",
            f"-master.port={master}",
            f"-master.port.grpc={master_grpc}",
            f"-volume.port={volume}",
            f"-volume.port.grpc={volume_grpc}",
            f"-filer.port={filer}",
            f"-filer.port.grpc={filer_grpc}",
            f"-admin.port={admin}",
            f"-admin.port.grpc={admin + _GRPC_OFFSET}",
            "-admin.ui=false",
            "-webdav=false",
            "-s3.port.iceberg=0",
            "-s3.port.lance=0",
            "-s3.iam=false",
            f"-s3.config={self._identities}",
            "-s3.autoCreateBucket=false",
            "-s3.allowDeleteBucketNotEmpty=false",
            "-master.telemetry=false",
            # A master that remembers volumes may refuse writes for 15 s after a start, waiting for volume servers to
            # report; one that does not learns all it needs, the next ids too, when its only one does.
            "-master.resumeState=false",
            "-master.volumeSizeLimitMB=1024",
            "-volume.max=1000",  # volumes are made as needed; the default, by free disk space, runs out of numbers
            "-volume.preStopSeconds=0",
        ]

    def environment(self) -> Mapping[str, str]:
        """Keys, one growing volume per bucket, and a bound for memory: without it 60 uploads of 8 MB leave 800 MB.

        JWT keys close the HTTP ports of volume server and filer; gRPC and the master's HTTP take only our certificate.
        """
        tls = {"CERT": str(self._tls.certificate), "KEY": str(self._tls.key)}
        parts = ("MASTER", "VOLUME", "FILER", "S3", "ADMIN", "WORKER", "CLIENT")
        return {
            **super().environment(),
            **{f"WEED_GRPC_{part}_{name}": path for part in parts for name, path in tls.items()},
            **{f"WEED_HTTPS_MASTER_{name}": path for name, path in tls.items()},
            "WEED_GRPC_CA": str(self._tls.authority),
            "WEED_HTTPS_MASTER_CA": str(self._tls.authority),
            "HOME": str(self.directory),
            "WEED_S3_SSE_KEK": self.keys["sse_kek"],
            "WEED_JWT_SIGNING_KEY": self.keys["jwt_signing_key"],
            "WEED_JWT_SIGNING_READ_KEY": self.keys["jwt_signing_read_key"],
            "WEED_JWT_FILER_SIGNING_KEY": self.keys["jwt_filer_signing_key"],
            "WEED_JWT_FILER_SIGNING_READ_KEY": self.keys["jwt_filer_signing_read_key"],
            "WEED_MASTER_VOLUME_GROWTH_COPY_1": "1",
            "GOMEMLIMIT": "256MiB",
        }

    def answers(self) -> bool:
        """Whether S3 accepts us and the master knows its volumes: before that, reads fail with 500."""
        return self._volumes_are_known() and super().answers()

    def stop(self) -> None:
        """Stop, and remove the sockets that it leaves in /tmp when it is killed."""
        super().stop()
        for port in [*self._ports, self._ports[-1] + _GRPC_OFFSET] if self._ports else []:
            for socket in Path("/tmp").glob(f"seaweedfs-*-{port}.sock"):  # noqa: S108 (the server's choice)
                socket.unlink(missing_ok=True)

    def _volumes_are_known(self) -> bool:
        status = f"https://{HOST}:{self._ports[2]}/dir/status"
        try:
            with urllib.request.urlopen(status, timeout=1, context=self._tls.client()) as answer:
                topology = json.load(answer)["Topology"]
        except (URLError, OSError, ValueError):
            return False
        return bool(topology.get("DataCenters"))

    @property
    def _identities(self) -> Path:
        return self.directory / "s3.json"


def _identity(name: str, who: Credentials) -> dict[str, object]:
    actions = ("Read", "Write", "List", "Tagging", "GetBucketObjectLockConfiguration")
    on_bucket = [f"{action}:{who.bucket}" for action in actions]
    return {
        "name": name,
        "credentials": [{"accessKey": who.access_key, "secretKey": who.secret_key}],
        "actions": ["Admin"] if name == SETUP else on_bucket,
    }
