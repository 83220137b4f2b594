"""The matrix is whole: what the gateway offers is in it, and it says what the grants say."""

import pytest
from pydantic import TypeAdapter
from starlette.routing import Route, WebSocketRoute

from dermfolio.contracts.roles import GRANTS, Permission
from dermfolio.contracts.views.live import SocketHears
from dermfolio.gateway import openapi
from dermfolio.gateway.operations import PREFIX

from .asking import OPERATIONS
from .matrix import OPEN_TO_ALL, TABLE, TOPICS, operation_of
from .outcomes import Row

pytestmark = pytest.mark.req("ORG-1")
ROWS = {**TABLE, **{f"/ws {kind}": row for kind, row in TOPICS.items()}}


def test_every_operation_is_in_the_matrix_and_nothing_that_does_not_exist() -> None:
    assert {operation_of(name) for name in TABLE} == set(OPERATIONS)
    assert set(OPERATIONS) <= set(TABLE), "each operation has a row of its own name"


def test_every_route_is_an_operation_the_socket_or_open_to_all() -> None:
    operations = {f"{o.method} {PREFIX}{o.path}" for o in OPERATIONS.values()}
    found = set()
    for route in openapi.unconnected().api.router.routes:
        if isinstance(route, WebSocketRoute):
            assert route.path == "/ws"
            continue
        assert isinstance(route, Route)
        found |= {f"{method} {route.path}" for method in (route.methods or set()) - {"HEAD"}}
    assert found == operations | OPEN_TO_ALL


def test_every_message_of_the_socket_is_in_the_matrix() -> None:
    hears = TypeAdapter(SocketHears).json_schema()
    assert set(TOPICS) == set(hears["discriminator"]["mapping"])


@pytest.mark.parametrize(("name", "row"), ROWS.items(), ids=ROWS)
def test_a_row_says_what_its_permission_grants(name: str, row: Row) -> None:
    assert row.permission is None or row.may == GRANTS[row.permission]


def test_every_permission_is_asked_for_in_some_row() -> None:
    assert {row.permission for row in ROWS.values()} - {None} == set(Permission)
