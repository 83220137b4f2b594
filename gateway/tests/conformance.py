"""Every answer that any test sees is compared with what its operation promises."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dermfolio.contracts.problems import PROBLEMS
from dermfolio.contracts.views.problems import ProblemView
from dermfolio.gateway.door import SECURITY_HEADERS
from dermfolio.gateway.operations import PREFIX, Operation
from dermfolio.gateway.problems import MEDIA_TYPE


@dataclass
class Seen:
    """An answer."""

    status: int
    headers: Any
    body: bytes

    @property
    def json(self) -> Any:
        """Its body."""
        return json.loads(self.body)

    @property
    def code(self) -> str | None:
        """The code of a problem."""
        return str(self.json["code"]) if self.headers.get("Content-Type") == MEDIA_TYPE else None


def check(operations: Sequence[Operation], method: str, place: str, seen: Seen) -> None:
    """Fail when an answer is not as documented."""
    for name, value in SECURITY_HEADERS.items():
        assert seen.headers[name] == value
    assert re.fullmatch(r"[A-Za-z0-9_-]{8,64}", seen.headers["X-Request-Id"])
    assert "Server" not in seen.headers
    operation = _operation(operations, method, place)
    if operation is None:
        return
    if seen.status >= 400:
        _check_problem(operation, seen)
        return
    success = operation.successes[seen.status]
    if success.view is not None:
        success.view.model_validate_json(seen.body)
        assert seen.headers["Content-Type"] == "application/json"
        assert seen.headers["Cache-Control"] == "no-store"
    for name in success.headers.keys() - {"Content-Range"}:
        assert name in seen.headers


def _check_problem(operation: Operation, seen: Seen) -> None:
    assert seen.headers["Content-Type"] == MEDIA_TYPE
    problem = ProblemView.model_validate_json(seen.body)
    assert problem.code in operation.problems, f"{operation.id} does not document {problem.code}"
    assert problem.status == seen.status == PROBLEMS[problem.code].status
    assert problem.type == PROBLEMS[problem.code].type
    assert problem.request_id == seen.headers["X-Request-Id"]


def _operation(operations: Sequence[Operation], method: str, place: str) -> Operation | None:
    path = place.partition("?")[0]
    for operation in operations:
        pattern = re.sub(r"\{\w+\}", "[^/]+", PREFIX + operation.path)
        if operation.method == method and re.fullmatch(pattern, path):
            return operation
    return None
