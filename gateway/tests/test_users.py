"""Users through the API."""

from typing import Any
from uuid import uuid4

import pytest

from dermfolio.contracts.identity import PEOPLE_AT_ONCE
from dermfolio.contracts.organisation import ListUsers

from .conftest import Browser, World
from .owner import USERS


@pytest.mark.req("ORG-1")
async def test_what_is_searched_for_stands_in_the_body_and_reaches_the_owner(world: World, browser: Browser) -> None:
    answer = await browser.send("POST", "/users/search", json={"text": "  Zoë Müller ", "limit": 2, "cursor": "c"})
    assert (answer.status, answer.json) == (200, {"users": [], "next": None})
    assert world.identity.of(ListUsers) == [ListUsers(text="Zoë Müller", limit=2, cursor="c")]


async def test_a_search_is_bounded_and_says_for_what(world: World, browser: Browser) -> None:
    bodies: list[dict[str, Any]] = [
        {},
        {"text": " "},
        {"text": "x" * 101},
        {"text": "a\tb"},
        {"text": "a", "limit": 201},
        {"text": "a", "cursor": "c" * 501},
        {"text": "a", "role": "admin"},
    ]
    for body in bodies:
        answer = await browser.send("POST", "/users/search", json=body)
        assert (answer.status, answer.code) == (400, "invalid_request"), body
    assert not world.identity.of(ListUsers)


async def test_a_search_needs_the_token_of_the_session(world: World, browser: Browser) -> None:
    answer = await browser.send("POST", "/users/search", json={"text": "keller"}, headers={"X-CSRF-Token": "guessed"})
    assert answer.code == "csrf_failed"
    assert not world.identity.of(ListUsers)


@pytest.mark.req("AUD-4")
async def test_the_names_of_a_page_are_told_in_one_answer(world: World, browser: Browser) -> None:
    (one, _, _), (two, _, _) = USERS["viewer"], USERS["admin"]
    answer = await browser.get(f"/people?users={one},{uuid4()},{two}")
    assert [person["id"] for person in answer.json["people"]] == [str(one), str(two)]
    many = ",".join(str(uuid4()) for _ in range(PEOPLE_AT_ONCE + 1))
    for query in ("", "?users=", "?users=x", f"?users={one},", f"?users={many}"):
        answer = await browser.get(f"/people{query}")
        assert (answer.status, answer.code, answer.json["errors"][0]["loc"]) == (400, "invalid_request", "query.users")
