"""Comparison groups through the API."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from dermfolio.contracts.comparisons import (
    ChangeComparison,
    ComparisonChanged,
    ComparisonCreated,
    ComparisonDeleted,
    ComparisonGivenUp,
    ComparisonRestored,
    CreateComparison,
)
from dermfolio.contracts.messages import Event

from .conftest import Browser, World
from .hearing import Open
from .owner import HOME

pytestmark = pytest.mark.req("CMP-1")


@pytest.fixture
def path() -> str:
    return f"/patients/{uuid4()}/entries/{uuid4()}/comparisons"


def body(*images: UUID, **more: Any) -> dict[str, Any]:
    chosen = [str(image) for image in images or (uuid4(), uuid4())]
    return {"images": chosen, "reference": chosen[0], **more}


async def test_a_comparison_is_put_under_the_clients_id(world: World, browser: Browser, path: str) -> None:
    id_, new = uuid4(), body(name=" Scar ")
    for _ in range(2):
        made = await browser.send("PUT", f"{path}/{id_}", json=new)
        assert (made.status, made.headers["ETag"], made.json["id"]) == (201, '"1"', str(id_))
    assert made.json["name"] == "Scar"
    assert world.registration.of(CreateComparison)[0].comparison == id_
    assert (await browser.get(path)).json["comparisons"] == [made.json]
    shown = await browser.get(f"{path}/{id_}")
    assert (shown.status, shown.headers["ETag"], shown.json) == (200, '"1"', made.json)


async def test_who_changes_it_says_which_version(world: World, browser: Browser, path: str) -> None:
    one = f"{path}/{uuid4()}"
    await browser.send("PUT", one, json=body())
    unsaid = await browser.send("PATCH", one, json={"name": "Scar"})
    assert (unsaid.status, unsaid.code) == (428, "if_match_required")
    assert world.registration.of(ChangeComparison) == []
    changed = await browser.send("PATCH", one, json={"name": "Scar"}, headers={"If-Match": '"1"'})
    assert (changed.status, changed.json["name"], changed.headers["ETag"]) == (200, "Scar", '"2"')
    stale = await browser.send("PATCH", one, json={"name": "Other"}, headers={"If-Match": '"1"'})
    assert (stale.status, stale.code, stale.json["version"]) == (412, "stale_version", 2)


async def test_it_is_deleted_and_restored(browser: Browser, path: str) -> None:
    one = f"{path}/{uuid4()}"
    made = await browser.send("PUT", one, json=body())
    gone = await browser.send("DELETE", one)
    assert (gone.status, gone.body, gone.headers["Cache-Control"]) == (204, b"", "no-store")
    assert (await browser.get(one)).code == "not_found"
    back = await browser.send("POST", f"{one}/restoration")
    assert (back.status, back.json) == (200, made.json)


async def test_what_is_no_comparison_is_refused_with_what_to_correct(world: World, browser: Browser, path: str) -> None:
    first, second = uuid4(), uuid4()
    wrong = (
        body(first, first),
        body(first),
        body(*(uuid4() for _ in range(25))),
        body(first, second, reference=str(uuid4())),
        body(first, second, name="a" * 201),
        body(first, second, name="a\x00b"),
        body(first, second, hold=str(uuid4())),
    )
    for new in wrong:
        refused = await browser.send("PUT", f"{path}/{uuid4()}", json=new)
        assert (refused.status, refused.code) == (400, "invalid_request")
        assert refused.json["errors"]
    assert world.registration.of(CreateComparison) == []


@pytest.mark.req("ENT-3")
async def test_browsers_are_told_of_every_change(world: World, browser: Browser) -> None:
    patient = world.patients.add("p-1").id
    about = {"patient": patient, "site": HOME, "comparison": uuid4(), "entry": uuid4()}
    images = [uuid4(), uuid4()]
    compared = {"images": images, "reference": images[0], **about}
    told: list[Event] = [
        ComparisonCreated(version=1, **compared),
        ComparisonChanged(version=2, freed=uuid4(), **compared),
        ComparisonDeleted(version=3, **about),
        ComparisonRestored(version=4, **compared),
    ]
    async with browser.socket() as ws:
        socket = Open(ws)
        await socket.follow(patient)
        await world.say(ComparisonGivenUp(**about), *told)
        heard = [await socket.hear() for _ in told]
    assert [one["event"] for one in heard] == [event.subject.removeprefix("evt.") for event in told]
    ids = {"comparison": str(about["comparison"]), "entry": str(about["entry"])}
    assert [one["data"] for one in heard] == [{**ids, "version": version} for version in range(1, 5)]
