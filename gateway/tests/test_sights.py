"""What one browser sees, with patients' answers written by hand."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from math import inf
from typing import Any, cast
from uuid import UUID, uuid4

import pytest

from dermfolio.common.auth import Call
from dermfolio.common.bus import Requests
from dermfolio.common.errors import Refused, Unavailable
from dermfolio.common.testing import at
from dermfolio.contracts.messages import now
from dermfolio.contracts.roles import Permission, Role
from dermfolio.contracts.sharing import Sight
from dermfolio.gateway.live.shown import Shown
from dermfolio.gateway.live.sights import Sights

HOME, ELSEWHERE, PATIENT = uuid4(), uuid4(), uuid4()
CLINICIAN = at(ELSEWHERE, Role.CLINICIAN)
CALL = Call(CLINICIAN)


class Answering:
    """Answers as patients would; a test may hold the answer back."""

    def __init__(self, *answers: Sight | str) -> None:
        self.answers = list(answers)
        self.goes_on = asyncio.Event()
        self.goes_on.set()

    async def ask(self, *_: Any) -> Sight:
        answer = self.answers.pop(0)
        await self.goes_on.wait()
        if answer == "unavailable":
            raise Unavailable("patients")
        if isinstance(answer, str):
            raise Refused(answer)
        return answer


def event(needs: Permission = Permission.PATIENT_READ, site: UUID = HOME) -> Shown:
    return Shown(1, PATIENT, site, needs, "{}")


def opened(minutes: float = 60) -> Sight:
    return Sight(site=HOME, opening=uuid4(), until=now() + timedelta(minutes=minutes))


SHARED = Sight(site=HOME, shared=[ELSEWHERE])


def asking(answering: Answering) -> Sights:
    return Sights(cast(Requests, answering))


async def seen(answer: Sight) -> Sights:
    sights = asking(Answering(answer))
    await sights.look(PATIENT, CALL)
    return sights


@pytest.mark.req("ORG-1")
async def test_roles_at_a_site_that_it_is_shared_with_count_as_they_are_held_now() -> None:
    sights = await seen(SHARED)
    assert sights.allow(CLINICIAN, event(Permission.IMAGE_WRITE))
    assert not sights.allow(at(ELSEWHERE, Role.VIEWER), event(Permission.IMAGE_WRITE))
    assert not sights.allow(at(uuid4(), Role.CLINICIAN), event())
    assert not sights.allow(CLINICIAN, event(site=ELSEWHERE)), "an event of another site is not of this patient"


@pytest.mark.req("ORG-8")
async def test_an_emergency_shows_and_lets_nothing_else_be_told_and_ends_with_the_role() -> None:
    sights = await seen(opened())
    assert sights.allow(CLINICIAN, event(Permission.IMAGE_READ))
    assert not sights.allow(CLINICIAN, event(Permission.IMAGE_WRITE))
    assert not sights.allow(at(ELSEWHERE, Role.PHOTOGRAPHER), event())
    assert not sights.allow(replace(CLINICIAN, scopes=frozenset({Permission.PATIENT_READ})), event())


@pytest.mark.req("ORG-8")
async def test_an_emergency_that_is_over_is_doubted_and_tells_nothing() -> None:
    sights = await seen(opened(minutes=-1))
    assert sights.doubted() == [PATIENT]
    assert not sights.allow(CLINICIAN, event())


async def test_doubt_is_removed_by_looking_and_kept_when_it_came_while_looking() -> None:
    answering = Answering(SHARED, SHARED, SHARED)
    sights = asking(answering)
    await sights.look(PATIENT, CALL)
    sights.doubt(PATIENT)
    assert sights.doubted() == [PATIENT]
    answering.goes_on.clear()
    looking = asyncio.create_task(sights.look(PATIENT, CALL))
    await asyncio.sleep(0)
    sights.doubt(PATIENT)
    answering.goes_on.set()
    await looking
    assert sights.doubted() == [PATIENT], "the answer may be older than the news"
    await sights.look(PATIENT, CALL)
    assert sights.doubted() == []


async def test_what_is_refused_is_forgotten_and_what_is_not_answered_stays_in_doubt() -> None:
    answering = Answering(SHARED, "unavailable", "not_found")
    sights = asking(answering)
    await sights.look(PATIENT, CALL)
    with pytest.raises(Unavailable):
        await sights.look(PATIENT, CALL)
    assert sights.doubted() == [PATIENT]
    with pytest.raises(Refused):
        await sights.look(PATIENT, CALL)
    assert sights.doubted() == []
    assert not sights.allow(CLINICIAN, event()), "the right that was known before is gone"


async def test_all_is_doubted_when_news_may_have_been_missed() -> None:
    sights = await seen(SHARED)
    sights.doubt_all()
    assert sights.doubted() == [PATIENT]


@pytest.mark.req("ORG-8")
async def test_it_is_known_when_the_next_emergency_ends() -> None:
    assert (await seen(SHARED)).next_end() == inf
    assert 59 * 60 < (await seen(opened())).next_end() <= 60 * 60


async def test_what_is_not_followed_is_neither_doubted_nor_told() -> None:
    sights = asking(Answering("not_found"))
    sights.doubt(PATIENT)
    with pytest.raises(Refused):
        await sights.look(PATIENT, CALL)
    assert sights.doubted() == []
    assert not sights.allow(at(HOME, Role.SITE_ADMIN), event())
    followed = await seen(SHARED)
    followed.forget(PATIENT)
    assert followed.doubted() == []
    assert not followed.allow(CLINICIAN, event())
