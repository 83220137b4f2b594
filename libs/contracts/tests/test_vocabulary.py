"""The vocabulary of the trail is whole: every event means something to readers of FHIR, and has its level."""

from typing import get_args

import pytest

from dermfolio.contracts import codings
from dermfolio.contracts.audit import KEPT_DIRECTLY, AppendRecord, GatewayEvent
from dermfolio.contracts.catalog import EVENTS_BY_SUBJECT
from dermfolio.contracts.codings import Coding, Pattern
from dermfolio.contracts.images import OriginalDownloaded
from dermfolio.contracts.messages import Event
from dermfolio.contracts.own import PreferencesChanged
from dermfolio.contracts.records import BACKGROUND, Records, nothing
from dermfolio.contracts.sharing import OpeningsListed
from dermfolio.contracts.views.own import Preferences
from dermfolio.contracts.vocabulary import ENTITIES, OF_GATEWAY, VOCABULARY

EVENTS = {*EVENTS_BY_SUBJECT.values(), *KEPT_DIRECTLY}
PATTERNS = [value for value in vars(codings).values() if isinstance(value, Pattern)]

REST = {"create", "read", "update", "delete", "search-type", "operation"}
DICOM = {*map(str, range(110100, 110115)), *map(str, range(110120, 110143))}
"""The codes of events in the value sets audit-event-type and audit-event-sub-type of FHIR R4."""


@pytest.mark.req("AUD-1")
def test_every_event_has_a_meaning_and_nothing_that_does_not_exist() -> None:
    assert set(VOCABULARY) == EVENTS


@pytest.mark.req("AUD-1")
def test_every_refusal_of_the_gateway_has_a_meaning() -> None:
    assert set(OF_GATEWAY) == set(get_args(GatewayEvent))
    assert AppendRecord.model_fields["event"].annotation == GatewayEvent


def test_every_kind_of_object_is_something_to_readers_of_fhir() -> None:
    kinds = {event.about for event in EVENTS} | {refusal.about for refusal in OF_GATEWAY.values()}
    assert set(ENTITIES) == kinds


@pytest.mark.parametrize("event", VOCABULARY, ids=lambda event: event.name())
def test_the_action_of_an_event_is_the_one_that_its_pattern_asks_for(event: type[Event]) -> None:
    pattern = VOCABULARY[event].pattern
    wanted = {"Create": "C", "Read": "R", "Query": "R", "Update": "U", "Delete": "D", None: event.action}
    assert event.action == wanted[pattern.balp]
    assert pattern.action == ("E" if pattern.balp == "Query" else None)


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: f"{pattern.type.code} {pattern.subtype}")
def test_codes_are_those_of_fhir(pattern: Pattern) -> None:
    for code in (pattern.type, pattern.subtype):
        match code:
            case Coding("http://dicom.nema.org/resources/ontology/DCM", number):
                assert number in DICOM
            case Coding("http://hl7.org/fhir/restful-interaction", interaction):
                assert interaction in REST
            case Coding("http://terminology.hl7.org/CodeSystem/audit-event-type", "rest") | None:
                pass
            case _:
                pytest.fail(f"unknown: {code}")


@pytest.mark.req("AUD-2")
def test_only_reads_are_routine_and_what_leaves_the_house_or_watches_the_trail_is_not() -> None:
    routine = {event for event, meaning in VOCABULARY.items() if meaning.routine}
    reads = {event for event in EVENTS if event.action == "R"}
    assert routine == reads - {OriginalDownloaded, OpeningsListed, *KEPT_DIRECTLY}
    assert not any(refusal.routine for refusal in OF_GATEWAY.values())


def test_what_leaves_no_record_says_why() -> None:
    with pytest.raises(ValueError, match="says why"):
        Records()
    with pytest.raises(ValueError, match="says why"):
        Records((OriginalDownloaded,), nothing_because="It leaves one.")
    assert nothing("Nothing is shown.").leaves == ()
    assert all(records.nothing_because or records.besides for records in BACKGROUND.values())


def test_changed_preferences_are_named() -> None:
    [named] = get_args(PreferencesChanged.model_fields["fields"].annotation)
    assert set(get_args(named)) == {*Preferences.model_fields, "sections"}, "and what is folded of an entry"
