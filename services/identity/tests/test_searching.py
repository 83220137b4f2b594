"""Users are found by name or login."""

from uuid import UUID

import pytest

from dermfolio.common.auth import Actor
from dermfolio.common.searching import searchable
from dermfolio.common.testing import at
from dermfolio.contracts.organisation import ChangeUser, ListUsers
from dermfolio.contracts.roles import Role
from dermfolio.contracts.views.organisation import UserChanges

from .office import Office


async def found(office: Office, text: str, by: Actor | None = None) -> list[UUID]:
    return [user.id for user in (await office.identity.ask(ListUsers(text=text), office.call(by))).users]


@pytest.mark.parametrize(
    ("name", "searched"),
    [
        ("Zoë Müller", "zoe muller"),
        ("Łukasz Żółw", "lukasz zolw"),
        ("Søren Ångström", "soren angstrom"),
        ("GROẞ", "gross"),
        ("\uff26\uff52\uff45\uff59", "frey"),
        ("\u0130pek I\u015f\u0131k", "ipek isik"),
        ("Ольга", "ольга"),
        ("Ēlīna\u0301", "elina"),
    ],
)
def test_capitals_and_accents_make_no_difference(name: str, searched: str) -> None:
    assert searchable(name) == searched
    assert searchable(searched) == searched


@pytest.mark.req("ORG-1")
async def test_users_are_found_by_any_part_of_name_and_login(office: Office) -> None:
    zoe = (await office.invited(office.first_site, login="z.mueller", name="Dr. Zoë Müller-Frey")).id
    await office.invited(office.first_site, login="a.frey", name="Anna Frey")
    for text in ("zoe", "ZOË", "üller", "muller", "z.mue", "frey zoe", "  Zoë \t Frey  ", "r-f"):
        assert await found(office, text) == [zoe], text
    for text in ("zoey", "zoe anna", "%", "_", "z\\", "zoemuller"):
        assert await found(office, text) == [], text


async def test_who_is_called_otherwise_now_is_found_by_the_new_name_alone(office: Office) -> None:
    user = await office.invited(office.first_site, login="z.mueller", name="Zoë Müller")
    change = ChangeUser(user=user.id, changes=UserChanges(display_name="Zoë Čapek"), version=user.version)
    await office.identity.ask(change, office.call())
    assert await found(office, "capek") == await found(office, "mueller") == [user.id]
    assert await found(office, "muller") == []


@pytest.mark.req("ORG-1")
async def test_a_search_finds_only_whom_one_manages(office: Office) -> None:
    basel = await office.site()
    here, elsewhere = [(await office.invited(site, name="Iris Keller")).id for site in (basel.id, office.first_site)]
    assert await found(office, "keller") == [elsewhere, here]
    assert await found(office, "keller", at(basel.id, Role.SITE_ADMIN)) == [here]
    assert await office.refused(ListUsers(text="keller"), at(basel.id, Role.CLINICIAN)) == "forbidden"


async def test_what_is_found_comes_page_by_page_by_cursors_of_that_search_alone(office: Office) -> None:
    invited = [(await office.invited(office.first_site, name=f"Iris {n}")).id for n in range(3)]
    await office.invited(office.first_site, name="Anna")
    first = await office.identity.ask(ListUsers(text="iris", limit=2), office.call())
    assert first.next is not None
    rest = await office.identity.ask(ListUsers(text=" IRIS ", limit=2, cursor=first.next), office.call())
    assert [user.id for user in (*first.users, *rest.users)] == invited[::-1]
    assert rest.next is None
    for other in (None, "iri"):
        assert await office.refused(ListUsers(text=other, cursor=first.next)) == "invalid_request"


async def test_the_first_administrator_is_found_too(office: Office) -> None:
    assert await found(office, "administrator") == await found(office, "admin") == [office.admin.user]
