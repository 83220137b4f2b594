"""Requests that carry an API token instead of a session's cookie."""

import pytest

from dermfolio.common.testing import eventually
from dermfolio.contracts.own import TokenRevoked
from dermfolio.contracts.patients import CreatePatient, ListPatients
from dermfolio.contracts.roles import Permission

from .conftest import Browser, World

pytestmark = pytest.mark.req("ORG-7")


def bearing(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def test_a_token_is_enough_also_for_changes_and_its_scopes_travel_with_every_request(
    stranger: Browser, world: World
) -> None:
    token = world.identity.api_token("clinician", Permission.PATIENT_CREATE)
    created = await stranger.send("POST", "/patients", json={"unique_id": "by-token"}, headers=bearing(token))
    assert created.status == 201
    [call] = world.patients.calls(CreatePatient)
    assert call.actor.scopes == {Permission.PATIENT_CREATE}
    assert call.actor.sites(Permission.PATIENT_CREATE)
    assert not call.actor.sites(Permission.PATIENT_READ)


@pytest.mark.parametrize("named", ["Bearer dfp_unknown-unknown-unknown", "Bearer ", "Basic YTpi", "Bearer x", ""])
async def test_a_credential_that_is_named_counts_and_no_cookie_beside_it(browser: Browser, named: str) -> None:
    answer = await browser.get("/patients", headers={"Authorization": named})
    assert (answer.status, answer.code) == (401, "not_signed_in")


async def test_a_token_in_a_cookie_and_a_cookie_as_a_token_are_nothing(browser: Browser, world: World) -> None:
    [cookie] = [c.value for c in browser.http.cookie_jar]
    as_token = await browser.get("/patients", headers=bearing(cookie))
    as_cookie = Browser(browser.running)
    token = world.identity.api_token("clinician", Permission.PATIENT_READ)
    answer = await as_cookie.get("/patients", cookies={"dermfolio_session": token})
    await as_cookie.close()
    assert (as_token.status, answer.status) == (401, 401)
    assert world.patients.of(ListPatients) == []


async def test_a_revoked_token_is_believed_no_longer_than_it_takes_to_hear_of_it(
    stranger: Browser, world: World
) -> None:
    token = world.identity.api_token("clinician", Permission.PATIENT_READ)
    assert (await stranger.get("/patients", headers=bearing(token))).status == 200
    [(sha256, facts)] = list(world.identity.sessions.items())
    del world.identity.sessions[sha256]
    await world.say(TokenRevoked(token=facts.session, user=facts.user))

    async def refused() -> bool | None:
        return (await stranger.get("/patients", headers=bearing(token))).status == 401 or None

    assert await eventually(refused)


async def test_the_live_feed_opens_with_a_token_from_a_program(stranger: Browser, world: World) -> None:
    token = world.identity.api_token("clinician", Permission.PATIENT_READ, Permission.IMAGE_READ)
    async with stranger.socket(headers=bearing(token)) as socket:
        await socket.send_json({"type": "ping"})
        assert (await socket.receive_json())["type"] == "pong"
