"""The API's client, against a small server that answers what gateways seldom do."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from aiohttp import web

from dermfolio.ops.api_client import Api, ApiProblem

PROBLEM = {"type": "urn:x", "title": "T", "status": 409, "detail": "D.", "code": "image_id_used", "request_id": "r-1"}


class Server:
    """Answers with what a test puts here, and keeps what it got."""

    answer: web.Response
    headers: dict[str, str]
    body: bytes
    url: str

    async def handle(self, request: web.Request) -> web.Response:
        self.headers, self.body = dict(request.headers), await request.read()
        return self.answer


@pytest.fixture
async def server(unused_port: int) -> AsyncIterator[Server]:
    made = Server()
    application = web.Application(client_max_size=2**24)
    application.router.add_route("*", "/{path:.*}", made.handle)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", unused_port)
    await site.start()
    made.url = f"http://127.0.0.1:{unused_port}"
    yield made
    await runner.cleanup()


@pytest.fixture
def unused_port() -> int:
    from dermfolio.local.servers.ports import free_ports

    return free_ports(1)[0]


async def test_a_problem_document_becomes_an_error_with_its_code(server: Server):
    server.answer = web.json_response(PROBLEM, status=409, content_type="application/problem+json")
    async with Api(server.url) as api:
        with pytest.raises(ApiProblem, match=r"D\. \(request r-1\)") as caught:
            await api.put_image(uuid4(), uuid4(), b"bytes", file_name="a.jpg")
    assert (caught.value.status, caught.value.code) == (409, "image_id_used")


async def test_another_server_s_page_is_an_error_without_a_code(server: Server):
    server.answer = web.Response(text="<h1>Bad gateway</h1>", status=502, content_type="text/html")
    async with Api(server.url) as api:
        with pytest.raises(ApiProblem, match="text/html") as caught:
            await api.get_session()
    assert (caught.value.status, caught.value.code) == (502, "")


@pytest.mark.parametrize("size", [5, 3_000_000])
@pytest.mark.parametrize("from_file", [False, True])
async def test_uploads_announce_their_length_and_their_name(
    server: Server, tmp_path: Path, size: int, *, from_file: bool
):
    server.answer = web.json_response(PROBLEM, status=409, content_type="application/problem+json")
    data = b"x" * size
    path = tmp_path / "a.jpg"
    path.write_bytes(data)
    async with Api(server.url) as api:
        with pytest.raises(ApiProblem):
            await api.put_image(uuid4(), uuid4(), path if from_file else data, file_name='Rücken "1"\r\n.jpg')
    assert server.body == data
    assert server.headers["Content-Length"] == str(size)
    assert "Transfer-Encoding" not in server.headers
    assert server.headers["Content-Disposition"] == "attachment; filename*=UTF-8''R%C3%BCcken%20%221%22%0D%0A.jpg"
