"""Each operation of the API, for each role, on each kind of target: what may be done, and what may be known."""

import json
from itertools import product
from uuid import UUID

import asyncpg
import pytest

from dermfolio.common.host import RECORDED_REFUSALS
from dermfolio.common.testing import eventually
from dermfolio.contracts.roles import Role
from dermfolio.gateway.visits import SAFE_METHODS

from .asking import OPERATIONS, ask, ask_as
from .conftest import System
from .matrix import TABLE, operation_of
from .outcomes import EVERYBODY, Place, Row, Who
from .truth import looking_into
from .two_sites import World, made

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("stack"),
    pytest.mark.timeout(600),
    pytest.mark.req("ORG-1"),
]

CONFIRMED = [o.id for o in OPERATIONS.values() if o.method not in SAFE_METHODS and "not_signed_in" in o.problems]
BEFORE_A_PASSWORD = {
    "sign_in",
    "sign_in_by_provider",
    "finish_sign_in_by_provider",
    "get_session",
    "sign_out",
    "change_password",
    "get_installation",
    "choose_password_by_link",
}


@pytest.mark.parametrize("who", EVERYBODY, ids=str)
@pytest.mark.parametrize("name", TABLE)
async def test_a_role_may_what_the_table_says_and_what_it_may_not_see_is_as_if_it_were_not(
    world: World, name: str, who: Who
) -> None:
    row, operation = TABLE[name], OPERATIONS[operation_of(name)]
    answers = [
        (case, place, await ask(world, who, operation, row, place))
        for case, places in (await row.target.places(world, who)).items()
        for place in places
    ]
    wrong = [
        f"{case} {place}: {answer.verdict} and not {row.expected(who, case)}"
        for case, place, answer in answers
        if answer.verdict != row.expected(who, case)
    ]
    assert not wrong, "\n".join(wrong)
    assert len({answer for case, _, answer in answers if row.hidden(who, case)}) <= 1


@pytest.mark.parametrize("id_", CONFIRMED)
async def test_a_change_without_the_sessions_token_is_refused(world: World, id_: str) -> None:
    row = TABLE[id_]
    [who, *_] = sorted(row.may)
    [place, *_] = await _some_places(world, who, row)
    answer = await ask_as(world.apis[who], world, who, OPERATIONS[id_], row, place, confirmed=False)
    assert answer.verdict == "csrf_failed"


@pytest.mark.req("ORG-2")
@pytest.mark.parametrize("id_", sorted(OPERATIONS.keys() - BEFORE_A_PASSWORD))
async def test_who_must_choose_a_password_does_that_before_anything_else(world: World, id_: str) -> None:
    row = TABLE[id_]
    [place, *_] = await _some_places(world, Role.SITE_ADMIN, row)
    answer = await ask_as(world.newcomer, world, Role.SITE_ADMIN, OPERATIONS[id_], row, place)
    assert answer.verdict == "password_change_required"


@pytest.mark.req("AUD-1")
async def test_every_refusal_is_in_the_trail_with_who_asked_and_for_what(system: System) -> None:
    # people of its own: those of the others may have guessed at so many unique IDs that they have to wait
    async with made(system.stack, system.clinic.password) as world:
        refused = await _refused(world)
    async with looking_into(system.stack) as truth:

        async def recorded() -> dict[str, asyncpg.Record] | None:
            trail = {row["request_id"]: row for row in await truth.rows("audit", _DENIED, list(refused))}
            return trail if refused.keys() == trail.keys() else None

        trail = await eventually(recorded, seconds=180)
    wrong = [
        f"{what}: {trail[id_]}"
        for id_, (what, user, targets) in refused.items()
        if trail[id_]["user"] != (user and str(user)) or trail[id_]["target"] not in targets
    ]
    assert not wrong, "\n".join(wrong)


async def _refused(world: World) -> dict[str, tuple[str, UUID | None, set[str | None]]]:
    """Everything that is refused to somebody and recorded, by the request's id: what, to whom and for which target."""
    refused: dict[str, tuple[str, UUID | None, set[str | None]]] = {}
    for name, who in product(TABLE, Role):
        row, operation, session = TABLE[name], OPERATIONS[operation_of(name)], world.apis[who].session
        for case, place in ((c, p) for c, ps in (await row.target.places(world, who)).items() for p in ps[:1]):
            if session is not None and row.expected(who, case) in RECORDED_REFUSALS:
                answer = await ask(world, who, operation, row, place)
                assert answer.verdict == row.expected(who, case), f"{name} as {who}: {case}"
                # which photograph an archive or a change of several is refused for is told by their bodies alone
                carried = "" if row.body is None else json.dumps(row.body(world, who, place))
                asked: set[str | None] = {
                    str(id_)
                    for key, id_ in place.items()
                    if key in row.query.values() or key in operation.path or (key == "image" and str(id_) in carried)
                }
                # who comes by a link is nobody yet, whatever the browser carries
                user = session.user if "not_signed_in" in operation.problems else None
                refused[answer.request_id] = (f"{name} as {who}: {case}", user, asked or {None})
    return refused


async def _some_places(world: World, who: Role, row: Row) -> list[Place]:
    return [place for places in (await row.target.places(world, who)).values() for place in places]


_DENIED = """
SELECT body ->> 'request_id' AS request_id, body ->> 'user' AS user, body -> 'detail' ->> 'target' AS target
FROM trail WHERE body ->> 'outcome' = 'denied' AND body ->> 'request_id' = ANY($1::text[])
"""
