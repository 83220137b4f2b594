"""SeaweedFS as the embedded S3 server."""

import io
import itertools
import shutil
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import urllib3
from minio import Minio
from minio.error import S3Error

from dermfolio.local.scratch import scratch_directory
from dermfolio.local.secrets import hexadecimal, password
from dermfolio.local.servers.minio_server import MinIO, is_wanted
from dermfolio.local.servers.object_store import BUCKET, SETUP, Credentials, ObjectStore
from dermfolio.local.servers.ports import HOST
from dermfolio.local.servers.seaweedfs import SeaweedFS
from dermfolio.local.testing import Bucket

KEYS = {name: hexadecimal() for name in SeaweedFS.key_names}
IDENTITIES = {user: Credentials(hexadecimal(), password()) for user in (SETUP, "images")}


@contextmanager
def running(server: SeaweedFS) -> Iterator[SeaweedFS]:
    server.start()
    try:
        yield server
    finally:
        server.stop()


def put(client: Minio, bucket: str, name: str, data: bytes) -> None:
    client.put_object(bucket, name, io.BytesIO(data), len(data))


def test_keeps_objects_and_ports_and_is_written_to_at_once_after_each_kind_of_start():
    with scratch_directory() as directory:
        with running(SeaweedFS(directory, identities=IDENTITIES, keys=KEYS)) as server:
            server.ensure_bucket()
            server.ensure_bucket()
            client, url = server.client("images"), server.url
            put(client, BUCKET, "originals/0", b"0" * 5000)
            for number, again in enumerate((server.restart, lambda: (server.kill(), server.start())), start=1):
                again()
                assert server.url == url
                put(client, BUCKET, f"originals/{number}", str(number).encode() * 5000)
        with running(SeaweedFS(directory, identities=IDENTITIES, keys=KEYS)) as later:
            client = later.client("images")
            put(client, BUCKET, "originals/3", b"3" * 5000)
            for number in range(4):
                assert client.get_object(BUCKET, f"originals/{number}").read() == str(number).encode() * 5000


def test_a_service_uses_its_bucket_but_makes_and_removes_none():
    with (
        scratch_directory() as directory,
        running(SeaweedFS(directory, identities=IDENTITIES, keys=KEYS)) as server,
    ):
        server.ensure_bucket()
        server.ensure_bucket("other")
        client = server.client("images")
        put(client, BUCKET, "renditions/1/1/320.webp", b"small")
        assert [found.object_name for found in client.list_objects(BUCKET, recursive=True)] == [
            "renditions/1/1/320.webp"
        ]
        client.remove_object(BUCKET, "renditions/1/1/320.webp")
        assert not list(client.list_objects(BUCKET, recursive=True))
        for forbidden in (
            lambda: put(client, "other", "x", b""),
            lambda: client.make_bucket("mine"),
            lambda: client.remove_bucket(BUCKET),
        ):
            with pytest.raises(S3Error, match="AccessDenied"):
                forbidden()


def test_refuses_wrong_and_missing_signatures(object_store: ObjectStore, bucket: Bucket):
    who = Minio(
        f"{HOST}:{object_store.port}",
        access_key=bucket.access_key,
        secret_key="wrong",
        secure=False,
        region="us-east-1",
    )
    with pytest.raises(S3Error, match="SignatureDoesNotMatch"):
        put(who, bucket.name, "x", b"")
    nobody = Minio(f"{HOST}:{object_store.port}", secure=False, region="us-east-1")
    with pytest.raises(S3Error, match="AccessDenied"):
        put(nobody, bucket.name, "x", b"")


@pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_its_inner_parts_refuse_strangers(object_store: ObjectStore, bucket: Bucket, scheme: str):
    put(bucket.client, bucket.name, "secret", b"s" * 5000)
    stranger = urllib3.PoolManager(retries=False, cert_reqs="CERT_NONE", timeout=5)
    master, volume, filer, admin = (object_store._ports[i] for i in (2, 4, 6, 8))
    asked = {
        master: ["/dir/assign", "/dir/status", "/vol/grow?count=1", f"/col/delete?collection={bucket.name}", "/1,01"],
        volume: ["/1,01", "/2,02", "/"],
        filer: [f"/buckets/{bucket.name}/secret", "/buckets/", "/"],
        admin: ["/", "/api/users", "/object-store/buckets"],
    }
    for port, paths in asked.items():
        for method, path in itertools.product(("GET", "POST", "DELETE"), paths):
            try:
                answer = stranger.request(method, f"{scheme}://{HOST}:{port}{path}", redirect=False)
            except urllib3.exceptions.HTTPError:
                continue
            assert answer.status >= 400, (port, method, path)
    assert bucket.client.get_object(bucket.name, "secret").read() == b"s" * 5000


def greeting(port: int) -> bytes:
    """What a gRPC server says first to a client without a certificate: nothing, if it wants one."""
    stranger = ssl.create_default_context()
    stranger.check_hostname = False
    stranger.verify_mode = ssl.CERT_NONE
    try:
        with (
            socket.create_connection((HOST, port), timeout=5) as raw,
            stranger.wrap_socket(raw, server_hostname=HOST) as connection,
        ):
            connection.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
            return connection.recv(100)
    except (ssl.SSLError, ConnectionError):
        return b""


def test_its_grpc_ports_take_no_strangers(object_store: ObjectStore):
    admin = object_store._ports[8] + 10_000
    for port in (*(object_store._ports[i] for i in (1, 3, 5, 7)), admin):
        assert greeting(port) == b""


def test_a_bucket_of_a_test_is_empty_and_takes_encrypted_objects(bucket: Bucket):
    assert not list(bucket.client.list_objects(bucket.name))
    put(bucket.client, bucket.name, "a/b/c", b"x" * 6_000_000)
    assert bucket.client.stat_object(bucket.name, "a/b/c").size == 6_000_000


def test_minio_runs_only_where_it_is_asked_for_and_can_be_had(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("DERMFOLIO_LOCAL_STORE", "minio")
    assert not is_wanted()
    (tmp_path / "minio").touch(mode=0o755)
    assert is_wanted()
    monkeypatch.delenv("DERMFOLIO_LOCAL_STORE")
    assert not is_wanted()


@pytest.mark.skipif(shutil.which("minio") is None, reason="there is no MinIO server here")
def test_minio_keeps_objects_over_a_crash():
    with scratch_directory() as directory:
        server = MinIO(directory, identities={SETUP: IDENTITIES[SETUP]})
        server.start()
        try:
            server.ensure_bucket()
            put(server.client(), BUCKET, "originals/1", b"1" * 5000)
            server.kill()
            server.start()
            assert server.client().get_object(BUCKET, "originals/1").read() == b"1" * 5000
        finally:
            server.stop()
