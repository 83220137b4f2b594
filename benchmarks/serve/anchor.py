"""The anchor: one route that streams an object of the store, in Starlette and the minio SDK.

It knows no users, no patients and no encryption. Served by `uvicorn benchmarks.serve.anchor:app`, one process, as it
comes.
"""

import os
from collections.abc import Iterator

import urllib3
from minio import Minio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

THREADS = 40
"""Of Starlette's pool. Each may hold a connection to the store, which the SDK's own client would not keep."""

store = Minio(
    os.environ.get("ANCHOR_STORE", "localhost"),
    access_key=os.environ.get("ANCHOR_ACCESS_KEY"),
    secret_key=os.environ.get("ANCHOR_SECRET_KEY"),
    secure=False,
    region="us-east-1",
    http_client=urllib3.PoolManager(maxsize=THREADS),
)
bucket = os.environ.get("ANCHOR_BUCKET", "")


def send(request: Request) -> StreamingResponse:
    """An object, as the store has it."""
    found = store.get_object(bucket, request.path_params["key"])
    headers = {"Content-Length": found.headers["Content-Length"]}
    return StreamingResponse(_parts(found), headers=headers, media_type="image/webp")


def _parts(found: urllib3.BaseHTTPResponse) -> Iterator[bytes]:
    try:
        yield from found.stream()
    finally:
        found.close()
        found.release_conn()


app = Starlette(routes=[Route("/{key:path}", send)])
