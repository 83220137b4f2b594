"""Invented patients: pure, so that a seed's people are the same anywhere."""

from uuid import UUID

import pytest

from dermfolio.contracts.seeding import SeededSite
from dermfolio.contracts.views.patients import NewPatient
from dermfolio.patients.consent_state import Latest, why_missing
from dermfolio.patients.invented.course import BEGAN, ENDS, Invented, invented
from dermfolio.patients.invented.cultures import CULTURES
from dermfolio.patients.invented.people import DUPLICATES_EVERY, is_duplicate

WRITTEN = frozenset(NewPatient.model_fields)
TAGS = [UUID(int=n) for n in range(100, 112)]
SITES = [
    SeededSite(site=UUID(int=1), time_zone="Europe/Berlin", tags=TAGS),
    SeededSite(site=UUID(int=2), time_zone="America/New_York", tags=TAGS),
]
BY = UUID(int=9)


def made(count: int = 3000, seed: int = 1) -> list[Invented]:
    return [invented(seed, number, SITES, BY) for number in range(count)]


def test_the_same_seed_makes_the_same_people_and_another_one_others() -> None:
    assert made(50) == made(50)
    theirs = {one.patient["id"] for one in made(50)}
    assert theirs.isdisjoint(one.patient["id"] for one in made(50, seed=2))


def test_everybody_is_somebody_whom_the_api_would_take() -> None:
    for one in made():
        NewPatient.model_validate({name: value for name, value in one.patient.items() if name in WRITTEN})


def test_the_shares_of_cultures_are_of_a_thousand_and_all_of_them_come() -> None:
    assert sum(culture.share for culture in CULTURES) == 1000
    families = {one.patient["last_name"] for one in made()}
    assert all(families.intersection(culture.families) for culture in CULTURES)


def test_all_states_of_consent_come() -> None:
    states = set()
    for one in made():
        events = one.rows["consent_events"]
        last = events[-1] if events else {}
        latest = Latest(*(last.get(name) for name in ("id", "version", "kind")), last.get("purposes", ()))
        missing = why_missing(latest, ENDS)
        states.add(missing)
        assert one.patient["consent_given"] == (missing is None)
        assert (one.patient["consent_until"] is not None) <= one.patient["consent_given"]
    assert states == {None, "never_given", "revoked", "expired", "not_for_care"}


def test_counts_and_times_are_those_of_what_there_is() -> None:
    for one in made():
        visits = one.rows["entries"]
        assert one.patient["entry_count"] == len(visits)
        assert one.patient["last_appointment"] == max((v["appointment"] for v in visits), default=None)
        times = [v["appointment"] for v in visits] + [e["at"] for e in one.rows["consent_events"]]
        assert all(BEGAN <= one.patient["created_at"] <= at <= ENDS for at in times)
        assert all(v["appointment"].weekday() < 5 for v in visits)
        assert [e["version"] for e in one.rows["consent_events"]] == [*range(1, len(one.rows["consent_events"]) + 1)]


@pytest.mark.parametrize("number", [DUPLICATES_EVERY - 1, 7 * DUPLICATES_EVERY - 1])
def test_a_duplicate_is_the_person_before_under_another_unique_id(number: int) -> None:
    assert is_duplicate(number)
    before, again = (invented(1, n, SITES, BY).patient for n in (number - 1, number))
    same = ("first_name", "last_name", "date_of_birth", "site")
    assert [before[name] for name in same] == [again[name] for name in same]
    assert again["merged_into"] == before["id"]
    assert before["unique_id"] != again["unique_id"]
