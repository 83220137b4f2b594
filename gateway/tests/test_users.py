"""Users through the API."""

from typing import Any

import pytest

from dermfolio.contracts.organisation import ListUsers

from .conftest import Browser, World


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
