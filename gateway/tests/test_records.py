"""No operation is offered that does not say which records of the trail it leaves."""

from dataclasses import replace

import pytest
from pydantic import TypeAdapter
from starlette.routing import Route

from dermfolio.contracts.audit import KEPT_DIRECTLY
from dermfolio.contracts.catalog import EVENTS_BY_SUBJECT
from dermfolio.contracts.views.live import SocketHears
from dermfolio.gateway import openapi, records
from dermfolio.gateway.operations import PREFIX
from dermfolio.gateway.records import ELSEWHERE, OPERATIONS, SOCKET

pytestmark = pytest.mark.req("AUD-1")
MADE = openapi.unconnected()
CHANGING = {operation.id for operation in MADE.operations if operation.method != "GET"}
SEARCHES = {"search_users"}
"""Changes nothing and shows nothing of patients, though it is sent like a change."""


def test_a_gateway_with_an_operation_that_says_nothing_of_its_records_is_not_made() -> None:
    one_more = replace(MADE.operations[0], id="one_more")
    with pytest.raises(ValueError, match="one_more"):
        records.check([*MADE.operations, one_more])
    with pytest.raises(ValueError, match=MADE.operations[0].id):
        records.check(MADE.operations[1:])


def test_every_change_leaves_a_record() -> None:
    assert {id_ for id_ in CHANGING if OPERATIONS[id_].nothing_because is not None} == SEARCHES


def test_what_is_left_is_an_event_that_exists() -> None:
    known = {*EVENTS_BY_SUBJECT.values(), *KEPT_DIRECTLY}
    every = [event for it in OPERATIONS.values() for event in (*it.leaves, *it.besides)]
    assert set(every) <= known


def test_every_message_of_the_socket_says_which_records_it_leaves() -> None:
    hears = TypeAdapter(SocketHears).json_schema()
    assert SOCKET.keys() == {*hears["discriminator"]["mapping"], "connect"}


def test_every_other_address_says_which_records_it_leaves() -> None:
    operations = {PREFIX + operation.path for operation in MADE.operations}
    others = {route.path for route in MADE.api.router.routes if isinstance(route, Route)} - operations
    assert others == ELSEWHERE.keys() - {"/"}
