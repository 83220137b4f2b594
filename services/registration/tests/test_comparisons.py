"""Comparison groups: who makes which, of what, and who sees them."""

import asyncio
from datetime import datetime
from secrets import token_hex
from uuid import uuid4

import pytest
from pydantic import ValidationError

from dermfolio.common.testing import at, eventually
from dermfolio.contracts.comparisons import (
    ComparisonChanged,
    ComparisonCreated,
    ComparisonDeleted,
    ComparisonRestored,
    ComparisonsListed,
    ComparisonViewed,
    DeleteComparison,
    GetComparison,
    ListComparisons,
    RegistrationAccessDenied,
    RestoreComparison,
)
from dermfolio.contracts.entries import GetEntry
from dermfolio.contracts.merging import MergePatient, PreviewMerge, UnmergePatient
from dermfolio.contracts.messages import now
from dermfolio.contracts.patients import GetPatient
from dermfolio.contracts.roles import Role
from dermfolio.contracts.sharing import OpenPatient
from dermfolio.contracts.views.comparisons import ComparisonChanges, NewComparison
from dermfolio.contracts.views.merging import MergeCandidate
from dermfolio.contracts.views.sharing import NewOpening
from dermfolio.registration import create

from .desk import Desk

pytestmark = pytest.mark.req("CMP-1")


async def test_a_comparison_is_made_once_shown_and_told_of(desk: Desk) -> None:
    first, second, third = desk.images
    asked = desk.creating([second, first], name=" Left forearm ", reference=first)
    made = await desk.ask(asked)
    assert await desk.ask(asked) == made
    assert (made.images, made.reference, made.name, made.version) == ([second, first], first, "Left forearm", 1)
    assert (made.patient, made.entry, made.created_by) == (desk.patient, desk.entry, desk.call.user())
    unnamed = await desk.create([third, first])
    assert [one.id for one in await desk.all()] == [made.id, unnamed]
    assert await desk.get(made.id) == made
    assert [fact.data["comparison"] for fact in await desk.said(ComparisonCreated)] == [str(made.id), str(unnamed)]
    [listed] = await desk.said(ComparisonsListed)
    assert listed.data["comparisons"] == [str(made.id), str(unnamed)]
    [viewed] = await desk.said(ComparisonViewed)
    assert (viewed.data["comparison"], viewed.data["patient"]) == (str(made.id), str(desk.patient))
    another = desk.creating([first, second], made.id)
    assert (await desk.refused(another)).code == "comparison_id_used"
    colleague = desk.ground.call(at(desk.site, Role.CLINICIAN))
    assert (await desk.refused(asked, colleague)).code == "comparison_id_used"


async def test_only_photographs_of_the_patient_in_this_workspace_are_compared(desk: Desk) -> None:
    foreign = await desk.photograph(await desk.new_patient(f"pat-{token_hex(6)}"))
    first, aside = desk.images[0], await desk.photograph()
    for image in (foreign, uuid4()):
        assert (await desk.refused(desk.creating([first, image]))).code == "not_found"
    refusal = await desk.refused(desk.creating([first, aside]))
    assert (refusal.code, refusal.facts) == ("image_not_in_workspace", {"images": [str(aside)]})
    id_ = await desk.create()
    assert (await desk.refused(desk.changing(id_, 1, images=[first, foreign]))).code == "not_found"
    assert (await desk.refused(desk.changing(id_, 1, images=[first, aside]))).code == "image_not_in_workspace"
    await desk.choose([first], entry=(elsewhere := await desk.another_entry()))
    misplaced = desk.creating().model_copy(update={"entry": elsewhere})
    assert (await desk.refused(misplaced)).facts == {"images": sorted(map(str, desk.images[1:]))}
    taken = desk.creating(id_=id_).model_copy(update={"entry": elsewhere})
    assert (await desk.refused(taken)).code == "not_found"
    assert await desk.holds(id_)


async def test_a_comparison_is_edited_upon_its_version(desk: Desk) -> None:
    first, second, third = desk.images
    id_ = await desk.create([first, second])
    assert (await desk.change(id_, 1)).version == 1, "nothing asked for, nothing changed"
    assert (await desk.change(id_, 1, name="")).version == 1
    named = await desk.change(id_, 1, name="Scar", images=[second, first])
    assert (named.version, named.images, named.reference) == (2, [second, first], first)
    stale = await desk.refused(desk.changing(id_, 1, name="Other"))
    assert (stale.code, stale.facts) == ("stale_version", {"version": 2})
    assert (await desk.refused(desk.changing(id_, 2, images=[second, third]))).code == "reference_not_compared"
    assert (await desk.refused(desk.changing(id_, 2, reference=third))).code == "reference_not_compared"
    changed = await desk.change(id_, 2, images=[third, second], reference=third)
    assert (changed.images, changed.reference, changed.name) == ([third, second], third, "Scar")
    assert [fact.data["version"] for fact in await desk.said(ComparisonChanged)] == [2, 3]
    assert await desk.holds(id_)


async def test_a_deleted_comparison_is_there_no_more_and_comes_back_as_it_was(desk: Desk) -> None:
    id_ = await desk.create(name="Scar")
    for _ in range(2):
        await desk.delete(id_)
    assert await desk.all() == []
    assert (await desk.refused(GetComparison(**desk.at(id_)))).code == "not_found"
    assert (await desk.refused(desk.changing(id_, 2, name="Other"))).code == "not_found"
    assert (await desk.refused(desk.creating(id_=id_, name="Scar"))).code == "comparison_id_used"
    restored, other = await asyncio.gather(*(desk.restore(id_) for _ in range(2)))
    assert other == restored
    assert (restored.name, restored.images, restored.version) == ("Scar", desk.images, 3)
    assert await desk.restore(id_) == restored
    assert [len(await desk.said(kind)) for kind in (ComparisonDeleted, ComparisonRestored)] == [1, 1]
    assert await desk.holds(id_)


async def test_an_entry_has_so_many_comparisons_and_no_more(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(create, "COMPARISONS_AT_MOST", 2)
    first, second = await desk.create(), await desk.create()
    assert (await desk.refused(desk.creating())).code == "too_many_comparisons"
    await desk.delete(first)
    third = await desk.create()
    assert (await desk.refused(RestoreComparison(**desk.at(first)))).code == "too_many_comparisons"
    assert await desk.holds(second, third)


@pytest.mark.req("ORG-1", "ORG-8")
async def test_who_sees_the_entry_sees_them_and_clinicians_change_them(desk: Desk) -> None:
    id_ = await desk.create()
    changes = (
        desk.creating(),
        desk.changing(id_, 1, name="Other"),
        DeleteComparison(**desk.at(id_)),
        RestoreComparison(**desk.at(id_)),
    )
    looks = (GetComparison(**desk.at(id_)), ListComparisons(patient=desk.patient, entry=desk.entry))
    viewer = desk.ground.call(at(desk.site, Role.VIEWER))
    stranger = desk.ground.call(at(uuid4(), Role.CLINICIAN))
    for look in looks:
        await desk.ask(look, viewer)
        assert (await desk.refused(look, stranger)).code == "not_found"
    for change in changes:
        assert (await desk.refused(change, viewer)).code == "forbidden"
        assert (await desk.refused(change, stranger)).code == "not_found"
    opening = NewOpening(unique_id=desk.unique_id, reason="Anaphylaxis in the emergency room")
    await desk.ask(OpenPatient(opening=opening, idempotency_key="once"), stranger)
    for look in looks:
        await desk.ask(look, stranger)
    for change in changes:
        assert (await desk.refused(change, stranger)).code == "forbidden"
    denied = await desk.said(RegistrationAccessDenied)
    assert {(fact.data["code"], fact.data["target"]) for fact in denied} >= {
        ("forbidden", str(id_)),
        ("not_found", str(id_)),
        ("not_found", str(desk.entry)),
    }
    [*_, viewed] = await desk.said(ComparisonViewed)
    assert viewed.origin.opening is not None
    assert (await desk.get(id_)).version == 1


@pytest.mark.req("PAT-3")
async def test_the_entry_and_its_patient_say_that_they_were_changed(desk: Desk) -> None:
    id_ = uuid4()
    changes = (lambda: desk.create(id_=id_), lambda: desk.change(id_, 1, name="Scar"), lambda: desk.delete(id_))
    for change in changes:
        moment = now()
        await change()

        async def said(since: datetime = moment) -> bool:
            entry = await desk.ask(GetEntry(patient=desk.patient, entry=desk.entry))
            patient = await desk.ask(GetPatient(patient=desk.patient))
            return since < entry.last_modified <= patient.last_modified

        assert await eventually(said)


@pytest.mark.req("PAT-7")
async def test_comparisons_of_a_merged_record_are_seen_with_the_survivor(desk: Desk) -> None:
    id_, alias = await desk.create(), desk.patient
    survivor = await desk.new_patient(f"pat-{token_hex(6)}")
    chief = desk.ground.call(at(desk.site, Role.SITE_ADMIN))
    preview = await desk.ask(PreviewMerge(patient=survivor, candidate=MergeCandidate(unique_id=desk.unique_id)), chief)
    await desk.ask(MergePatient(patient=survivor, alias=alias, version=preview.version), chief)
    desk.patient = survivor
    theirs = await desk.photograph(survivor)
    await desk.choose([theirs])
    changed = await desk.change(id_, 1, images=[*desk.images, theirs])
    assert (changed.patient, changed.images) == (alias, [*desk.images, theirs])
    assert [one.id for one in await desk.all()] == [id_]
    await desk.ask(UnmergePatient(patient=survivor, alias=alias), chief)
    assert (await desk.refused(GetComparison(**desk.at(id_)))).code == "not_found"
    desk.patient = alias
    assert (await desk.get(id_)).id == id_


@pytest.mark.parametrize("count", [1, 25])
def test_a_comparison_has_two_to_twenty_four_photographs(count: int) -> None:
    images = [uuid4() for _ in range(count)]
    with pytest.raises(ValidationError):
        NewComparison(images=images, reference=images[0])


def test_they_are_different_ones_and_the_reference_is_among_them() -> None:
    first, second = uuid4(), uuid4()
    for images, reference in (([first, first], first), ([first, second], uuid4())):
        for kind in (NewComparison, ComparisonChanges):
            with pytest.raises(ValidationError):
                kind(images=images, reference=reference)
