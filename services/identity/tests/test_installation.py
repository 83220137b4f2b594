"""Whose installation this is, and how colleagues are called."""

from uuid import uuid4

import pytest

from dermfolio.common.auth import Actor
from dermfolio.common.bus import Requests
from dermfolio.common.errors import Refused
from dermfolio.common.testing import Ground, user
from dermfolio.contracts.identity import GetInstallation, GetPerson, ListPeople, SessionFacts, SignIn
from dermfolio.contracts.roles import Role

from .conftest import ONE_TIME


async def admin(identity: Requests) -> SessionFacts:
    return (await identity.ask(SignIn(login="admin", password=ONE_TIME))).facts


async def test_an_installation_is_called_by_its_first_site_until_it_is_given_a_name(identity: Requests) -> None:
    assert (await identity.ask(GetInstallation())).name == "Zürich"


async def test_colleagues_know_each_other_by_name(ground: Ground, identity: Requests) -> None:
    facts = await admin(identity)
    colleague = Actor("user", "gateway", user=uuid4(), session=uuid4(), site_roles={uuid4(): frozenset({Role.VIEWER})})
    person = await identity.ask(GetPerson(user=facts.user), ground.call(colleague))
    assert (person.id, person.display_name) == (facts.user, "Administrator")
    with pytest.raises(Refused) as refused:
        await identity.ask(GetPerson(user=uuid4()), ground.call(colleague))
    assert refused.value.code == "not_found"


@pytest.mark.req("AUD-4")
@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUDITOR])
async def test_who_reads_the_trail_learns_how_those_are_called_whom_it_names(
    ground: Ground, identity: Requests, role: Role
) -> None:
    facts = await admin(identity)
    reader = user(installation=role)
    found = (await identity.ask(ListPeople(users=[uuid4(), facts.user, facts.user]), ground.call(reader))).people
    assert [(person.id, person.display_name) for person in found] == [(facts.user, "Administrator")]
    assert (await identity.ask(GetPerson(user=facts.user), ground.call(reader))).display_name == "Administrator"


async def test_who_holds_no_role_learns_no_names(ground: Ground, identity: Requests) -> None:
    facts = await admin(identity)
    with pytest.raises(Refused, match="forbidden"):
        await identity.ask(ListPeople(users=[facts.user]), ground.call(user()))
    with pytest.raises(Refused) as refused:
        await identity.ask(GetPerson(user=facts.user), ground.call(user()))
    assert refused.value.code == "not_found"
