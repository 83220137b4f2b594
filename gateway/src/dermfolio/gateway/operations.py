"""What the API offers, as data: each operation says what it takes, what it answers and what can go wrong.

FastAPI documents the operations from this; at run time a request goes straight to its handler, which reads its
parameters itself. (FastAPI's own way through dependencies and response models costs a hot read a quarter of its time.)
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from dermfolio.contracts.problems import PROBLEMS
from dermfolio.gateway.parameters import Parameter
from dermfolio.gateway.problems import MEDIA_TYPE

PREFIX = "/api/v1"

Handler = Callable[[Request], Awaitable[Response]]

READING = (
    "not_signed_in",
    "password_change_required",
    "second_factor_setup_required",
    "rate_limited",
    "internal",
    "unavailable",
)
"""What can go wrong with every request of a signed-in user."""

CHANGING = (*READING, "csrf_failed")
"""What can go wrong with every change by a signed-in user."""

WITH_BODY = ("invalid_request", "too_large", "unsupported_media_type", "upload_incomplete")
"""What can go wrong with a JSON body."""

EDITING = (*CHANGING, *WITH_BODY, "forbidden", "not_found", "if_match_required", "stale_version")
"""What can go wrong with a change to one version of something."""


@dataclass(frozen=True)
class Success:
    """One way of going well: a view as JSON, bytes of some media types, or nothing."""

    about: str
    view: type[BaseModel] | None = None
    media_types: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    """Headers worth knowing, by name: what they say."""


@dataclass(frozen=True)
class Operation:
    """One operation of the API."""

    id: str
    method: str
    path: str
    about: str
    handler: Handler
    successes: Mapping[int, Success]
    problems: Sequence[str]
    takes: Sequence[Parameter[Any]] = ()
    body: type[BaseModel] | None = None
    body_may_lack: bool = False
    """Whether a request without a body asks for what an empty object would."""
    raw_body: bool = False
    """Takes a file's bytes as they are."""

    @property
    def tag(self) -> str:
        """The part of the API that it belongs to."""
        return self.path.split("/")[1]

    def responses(self) -> dict[int | str, dict[str, Any]]:
        """The responses object of OpenAPI."""
        found: dict[int | str, dict[str, Any]] = {s: _success(x) for s, x in self.successes.items()}
        codes: dict[int, list[str]] = {}
        for code in sorted({*self.problems, "internal"}):
            codes.setdefault(PROBLEMS[code].status, []).append(code)
        schema = {"$ref": "#/components/schemas/ProblemView"}
        for status, causes in sorted(codes.items()):
            about = " · ".join(f"`{c}`: {PROBLEMS[c].detail}" for c in causes)
            found[status] = {"description": about, "content": {MEDIA_TYPE: {"schema": schema}}}
        return found

    def extra(self) -> dict[str, Any]:
        """What FastAPI cannot know: parameters and body, which the handler reads itself."""
        found: dict[str, Any] = {"parameters": [p.document() for p in self.takes]}
        if "not_signed_in" in self.problems:
            found["security"] = [{"session": [], "csrf": []} if "csrf_failed" in self.problems else {"session": []}]
            if "session_required" not in self.problems:
                found["security"].append({"token": []})
        if self.body is not None:
            schema = {"$ref": f"#/components/schemas/{self.body.__name__}"}
            required = not self.body_may_lack
            found["requestBody"] = {"required": required, "content": {"application/json": {"schema": schema}}}
        elif self.raw_body:
            found["requestBody"] = {
                "required": True,
                "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
            }
        return found


def mount(router: APIRouter, operations: Sequence[Operation]) -> None:
    """Add operations to a router, under `PREFIX`."""
    methods: dict[str, list[str]] = {}
    for operation in operations:
        methods.setdefault(operation.path, []).append(operation.method)
    for operation in operations:
        router.add_api_route(
            PREFIX + operation.path,
            operation.handler,
            methods=[operation.method],
            operation_id=operation.id,
            name=operation.id,
            summary=operation.about.split(".")[0],
            description=operation.about,
            tags=[operation.tag],
            responses=operation.responses(),
            openapi_extra=operation.extra(),
            response_class=Response,
            status_code=next(iter(operation.successes)),
            route_class_override=_Direct,
        )
        route = router.routes[-1]
        assert isinstance(route, _Direct)  # noqa: S101 - the line above made it
        route.allow = ", ".join(sorted(methods[operation.path]))


class _Direct(APIRoute):
    """A route whose requests go to the handler as they are."""

    allow = ""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in (self.methods or ()):
            raise HTTPException(405, headers={"Allow": self.allow})
        response: Response = await self.endpoint(Request(scope, receive, send))
        await response(scope, receive, send)


def _success(success: Success) -> dict[str, Any]:
    found: dict[str, Any] = {"description": success.about}
    if success.view is not None:
        schema = {"$ref": f"#/components/schemas/{success.view.__name__}"}
        found["content"] = {"application/json": {"schema": schema}}
    elif success.media_types:
        bytes_of_it = {"schema": {"type": "string", "format": "binary"}}
        found["content"] = dict.fromkeys(success.media_types, bytes_of_it)
    if success.headers:
        found["headers"] = {
            name: {"description": about, "schema": {"type": "string"}} for name, about in success.headers.items()
        }
    return found
