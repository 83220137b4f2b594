"""Each operation of the API, for each role, on each kind of target: what may be done, and what may be known."""

import pytest

from dermfolio.contracts.roles import Role
from dermfolio.gateway.visits import SAFE_METHODS

from .asking import OPERATIONS, ask, ask_as
from .matrix import TABLE, operation_of
from .outcomes import EVERYBODY, Case, Who
from .two_sites import World

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("stack"),
    pytest.mark.timeout(600),
    pytest.mark.req("ORG-1"),
]

CONFIRMED = [o.id for o in OPERATIONS.values() if o.method not in SAFE_METHODS and "not_signed_in" in o.problems]
BEFORE_A_PASSWORD = {"sign_in", "get_session", "sign_out", "change_password", "get_installation"}


@pytest.mark.parametrize("who", EVERYBODY, ids=str)
@pytest.mark.parametrize("name", TABLE)
async def test_a_role_may_what_the_table_says_and_what_it_may_not_see_is_as_if_it_were_not(
    world: World, name: str, who: Who
) -> None:
    row, operation = TABLE[name], OPERATIONS[operation_of(name)]
    answers = [
        (case, place, await ask(world, who, operation, row, place))
        for case, places in row.target.places(world).items()
        for place in places
    ]
    wrong = [
        f"{case} {place}: {answer.verdict} and not {row.expected(who, case)}"
        for case, place, answer in answers
        if answer.verdict != row.expected(who, case)
    ]
    assert not wrong
    assert len({answer for case, _, answer in answers if not row.in_sight(who, case)}) <= 1


@pytest.mark.parametrize("id_", CONFIRMED)
async def test_a_change_without_the_sessions_token_is_refused(world: World, id_: str) -> None:
    row = TABLE[id_]
    [place], [who, *_] = row.target.places(world)[Case.OWN], sorted(row.may)
    answer = await ask_as(world.apis[who], world, who, OPERATIONS[id_], row, place, confirmed=False)
    assert answer.verdict == "csrf_failed"


@pytest.mark.req("ORG-2")
@pytest.mark.parametrize("id_", sorted(OPERATIONS.keys() - BEFORE_A_PASSWORD))
async def test_who_must_choose_a_password_does_that_before_anything_else(world: World, id_: str) -> None:
    row = TABLE[id_]
    [place] = row.target.places(world)[Case.OWN]
    answer = await ask_as(world.newcomer, world, Role.SITE_ADMIN, OPERATIONS[id_], row, place)
    assert answer.verdict == "password_change_required"
