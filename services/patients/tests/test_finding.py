"""Every sort, direction and filter of the Patient Database against a plain oracle, by both ways to a page."""

import base64
import json
import re
import secrets
import unicodedata
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import product
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dermfolio.common.db import Database
from dermfolio.common.migrate import upgrade_async
from dermfolio.common.reads import ReadLog
from dermfolio.common.searching import searchable
from dermfolio.common.testing import Ground
from dermfolio.contracts.replay import Origin
from dermfolio.contracts.views.patient_search import DateRange, PatientSearch, PatientSort
from dermfolio.patients import finding
from dermfolio.patients.finding import find
from dermfolio.patients.models import Patient, Share
from dermfolio.patients.searched import ANYWHERE, NAMELESS, name_key, patterns, searched
from dermfolio.patients.settings import PatientsSettings
from services.patients.tests.conftest import MIGRATIONS

pytestmark = pytest.mark.req("PAT-4")

A, B, ELSEWHERE = (UUID(int=n) for n in (1, 2, 3))
RED, BLUE, RARE, UNUSED = (UUID(int=n) for n in (11, 12, 13, 14))
DAY = datetime(2026, 3, 1, tzinfo=UTC)
BY = UUID(int=99)
NAMES: list[tuple[str | None, str | None]] = [
    ("Björn", "Ångström"),
    ("bjorn", "Angstrom"),
    ("Zoë", "de la Cruz"),
    ("Иван", "Иванов"),
    ("حسن", "علي"),
    ("美咲", "田中"),
    ("Łukasz", "O'Brien_%"),
    (None, None),
    (None, "Angst"),
    ("Ana", None),
]
PATIENTS = 60


def _patients() -> list[Patient]:
    """Many alike, so that ties are met; aliases and the deleted among them."""
    made = []
    for n in range(PATIENTS):
        first, last = NAMES[n % len(NAMES)]
        patient = Patient(
            id=UUID(int=5_000 + n * 7919 % 1000),
            unique_id=f"{'derm' if n % 2 else 'p_x'}-{n:03}",
            site=(A, B, ELSEWHERE)[n % 3],
            first_name=first,
            last_name=last,
            middle_name="Q" if n % 4 == 0 else None,
            preferred_name="Ziggy" if n % 17 == 3 else None,
            record_numbers=[{"system": "mrn", "number": f"MRN {n * 37:05}"}] if n % 5 else [],
            image_count=n % 6,
            entry_count=n % 4,
            tags=sorted([RED] * (n % 2) + [BLUE] * (n % 3 == 0) + [RARE] * (n == 31)),
            last_appointment=DAY - timedelta(days=n // 3) if n % 4 else None,
            last_modified=DAY + timedelta(hours=n // 2),
            created_by=BY,
        )
        if n % 13 == 12:
            patient.deleted_at = DAY
        if n % 11 == 10:
            patient.merged_into, patient.merged_at, patient.merged_by = made[n - 5].id, DAY, BY
        made.append(patient)
    return made


SHARED = [(n, site) for n in range(PATIENTS) for site in (A, B) if n % 3 != (0 if site == A else 1) and n % 5 < 2]


@pytest.fixture
async def db(ground: Ground, database_url: str) -> AsyncIterator[Database]:
    wanted = ground.settings(
        PatientsSettings,
        "patients",
        database_url,
        installation_key=base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    )
    await upgrade_async(wanted, MIGRATIONS)
    parts = urlsplit(database_url)
    url = f"postgresql://{parts.username}@{parts.hostname}:{parts.port}{parts.path}"
    async with Database(url, parts.password or "") as made:
        async with made.write() as s:
            everyone = _patients()
            for patient in everyone:
                s.add(patient)
                await s.flush()
            for n, site in SHARED:
                s.add(Share(patient=everyone[n].id, site=site, shared_by=BY))
        yield made


def _plain(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text).casefold().replace("ł", "l")
    return "".join(c for c in bare if unicodedata.category(c) != "Mn")


def _words(patient: Patient) -> list[str]:
    names = (patient.first_name, patient.middle_name, patient.last_name, patient.preferred_name)
    numbers = (record["number"] for record in patient.record_numbers)
    return [word for text in (patient.unique_id, *names, *numbers) if text for word in _plain(text).split()]


def _is_found(patient: Patient, text: str) -> bool:
    return all(
        any(there.startswith(word) if len(word) < 3 else word in there for there in _words(patient))
        for word in _plain(text).split()
    )


def _is_wanted(patient: Patient, wanted: PatientSearch, sites: list[UUID], everyone: list[Patient]) -> bool:
    seen_at = {patient.site, *(site for n, site in SHARED if everyone[n].id == patient.id)}
    aliases = [one for one in everyone if one.merged_into == patient.id]
    dates = wanted.dates
    at = None if dates is None else getattr(patient, dates.of)
    return (
        patient.deleted_at is None
        and patient.merged_into is None
        and bool(seen_at & set(wanted.sites or sites))
        and any(_is_found(one, wanted.text) for one in (patient, *aliases))
        and (not wanted.tags_any or bool(set(wanted.tags_any) & set(patient.tags)))
        and set(wanted.tags_all) <= set(patient.tags)
        and (
            dates is None
            or (at is not None and (dates.since or at) <= at and (dates.until is None or at < dates.until))
        )
        and all(
            counted is None or (counted.least <= count and (counted.most is None or count <= counted.most))
            for counted, count in ((wanted.entries, patient.entry_count), (wanted.images, patient.image_count))
        )
    )


_NEVER = datetime.min.replace(tzinfo=UTC)
KEYS: dict[PatientSort, Callable[[Patient], Any]] = {
    PatientSort.LAST_MODIFIED: lambda patient: patient.last_modified,
    PatientSort.LAST_APPOINTMENT: lambda patient: patient.last_appointment or _NEVER,
    PatientSort.UNIQUE_ID: lambda patient: patient.unique_id,
    PatientSort.NAME: lambda patient: name_key(
        patient.last_name, patient.first_name, patient.preferred_name, patient.middle_name
    ),
}


def _expected(wanted: PatientSearch, sites: list[UUID]) -> list[UUID]:
    everyone = _patients()
    listed = [patient for patient in everyone if _is_wanted(patient, wanted, sites, everyone)]
    listed.sort(key=lambda patient: (KEYS[wanted.sort](patient), patient.id), reverse=wanted.order == "descending")
    return [patient.id for patient in listed]


async def _found(db: Database, wanted: PatientSearch, sites: list[UUID]) -> tuple[list[UUID], int | None]:
    """Every page of a search, and what was counted."""
    ids: list[UUID] = []
    behind, counted = None, None
    async with db.read() as rows:
        while True:
            page = await find(rows, wanted, wanted.sites or sites, behind)
            ids += page.cards.ids
            counted = page.counted if behind is None else counted
            if page.following is None:
                return ids, counted
            assert len(page.cards.ids) == wanted.limit
            behind = page.following


TEXTS = ["", "a", "an", "ang", "ångström", "ANGST", "bjo ang", "z", "зи", "Ив", "иван", "علي", "田", "田中", "p_x"]
TEXTS += [
    "%",
    "_%",
    "o'brien_%",
    "mrn",
    "00",
    "0103",
    "derm-0",
    "derm-010",
    "p_x-010",
    "ziggy",
    "nobody",
    "q",
    "\\",
    "<",
]
_moments = st.none() | st.integers(-25, 35).map(lambda n: DAY + timedelta(days=n, hours=n % 5))
_counts = st.none() | st.tuples(st.integers(0, 5), st.none() | st.integers(0, 5)).filter(
    lambda pair: pair[1] is None or pair[0] <= pair[1]
).map(lambda pair: {"least": pair[0], "most": pair[1]})
_tags = st.lists(st.sampled_from([RED, BLUE, RARE, UNUSED]), max_size=2, unique=True)
_dates = st.none() | st.tuples(st.sampled_from(["last_modified", "last_appointment"]), _moments, _moments).filter(
    lambda d: d[1] is None or d[2] is None or d[1] < d[2]
).map(lambda d: {"of": d[0], "since": d[1], "until": d[2]})
searches = st.builds(
    lambda **asked: PatientSearch.model_validate(asked),
    text=st.just("") | st.sampled_from(TEXTS),
    dates=_dates,
    tags_any=_tags,
    tags_all=_tags,
    entries=_counts,
    images=_counts,
    sites=st.sampled_from([[], [], [A], [B], [B, A]]),
    sort=st.sampled_from(list(PatientSort)),
    order=st.sampled_from(["ascending", "descending"]),
    limit=st.sampled_from([1, 3, 7, 100]),
)


@pytest.fixture
def ways(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, int], None]:
    """Sets how far is strolled, and how many are counted."""

    def go(patience: int, counted: int) -> None:
        monkeypatch.setattr(finding, "PATIENCE", patience)
        monkeypatch.setattr(finding, "PATIENCE_FOR_WORDS", 1)
        monkeypatch.setattr(finding, "COUNTED", counted)
        monkeypatch.setattr(finding, "FEW_FOR_WORDS", counted)

    return go


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(wanted=searches, patience=st.sampled_from([1, 4, 1000]), counted=st.sampled_from([0, 5, 1000]))
async def test_any_search_finds_who_is_wanted_in_the_order_wanted(
    db: Database, ways: Callable[[int, int], None], wanted: PatientSearch, patience: int, counted: int
) -> None:
    ways(patience, counted)
    found, told = await _found(db, wanted, [A, B])
    expected = _expected(wanted, [A, B])
    assert found == expected
    assert told == min(len(expected), counted + 1)


async def test_every_sort_and_direction_with_every_filter(db: Database, ways: Callable[[int, int], None]) -> None:
    filters: list[dict[str, Any]] = [
        {},
        {"dates": DateRange(of="last_appointment", since=DAY - timedelta(days=9), until=DAY - timedelta(days=2))},
        {"dates": DateRange(of="last_appointment")},
        {"dates": DateRange(of="last_modified", since=DAY + timedelta(hours=8))},
        {"tags_any": [RED, RARE]},
        {"tags_all": [RED, BLUE]},
        {"entries": {"least": 0, "most": 0}},
        {"entries": {"least": 1}},
        {"images": {"least": 2, "most": 4}},
        {"sites": [B]},
        {"text": "ang"},
    ]
    for sort, order, chosen in product(PatientSort, ("ascending", "descending"), filters):
        wanted = PatientSearch.model_validate({"sort": sort, "order": order, "limit": 9, **chosen})
        expected = _expected(wanted, [A, B])
        for patience, counted in ((6, 3), (1000, 0), (1, 1000)):
            ways(patience, counted)
            assert (await _found(db, wanted, [A, B]))[0] == expected, (wanted, patience)


@pytest.mark.parametrize("limit", [1, 7, 100])
async def test_everyone_is_shown_and_recorded_by_one_statement(db: Database, limit: int) -> None:
    reads = ReadLog(db)
    for sort, order, sites in product(PatientSort, ("ascending", "descending"), ([A, B], [B], [ELSEWHERE])):
        wanted = PatientSearch.model_validate({"sort": sort, "order": order, "limit": limit})
        expected = _expected(wanted, sites)
        ids: list[UUID] = []
        behind = None
        while True:
            page = await finding.show(reads, wanted, sites, behind, Origin())
            assert page is not None
            assert page.counted == (len(expected) if behind is None else None)
            assert [UUID(card["id"]) for card in json.loads(page.cards.cards)] == page.cards.ids
            ids += page.cards.ids
            if page.following is None:
                break
            behind = page.following
        assert ids == expected, (sort, order, sites)
        recorded = await db.fetch("WITH gone AS (DELETE FROM outbox RETURNING payload) SELECT payload FROM gone")
        shown = [patient for row in recorded for patient in json.loads(row["payload"])["patients"]]
        assert sorted(shown) == sorted(map(str, expected))


async def test_what_chooses_among_patients_takes_more_than_one_statement(db: Database) -> None:
    for chosen in ({"text": "a"}, {"tags_any": [RED]}, {"entries": {"least": 1}}, {"dates": {"of": "last_modified"}}):
        wanted = PatientSearch.model_validate(chosen)
        shown = await finding.show(ReadLog(db), wanted, [A, B], None, Origin())
        assert (shown is None) is (chosen != {"dates": {"of": "last_modified"}})


async def test_every_script_and_sign_is_found(db: Database, ways: Callable[[int, int], None]) -> None:
    for text, (patience, counted) in product(TEXTS, ((6, 0), (1000, 1000))):
        ways(patience, counted)
        wanted = PatientSearch(text=text, limit=100)
        assert (await _found(db, wanted, [A, B]))[0] == _expected(wanted, [A, B]), text


async def test_an_alias_is_not_listed_and_leads_to_whom_it_was_merged_into(db: Database) -> None:
    everyone = _patients()
    alias = next(one for one in everyone if one.merged_into is not None and one.site == A)
    expected = [alias.merged_into] if alias.merged_into in _expected(PatientSearch(), [A, B]) else []
    for text in (alias.unique_id, alias.record_numbers[0]["number"].replace(" ", " ")):
        assert (await _found(db, PatientSearch(text=text), [A, B]))[0] == expected, text


async def test_what_is_shared_stands_where_its_patient_does(db: Database) -> None:
    """However a patient is changed, the orders of those it is shared with follow."""
    n = next(n for n, site in SHARED if site == A and n % 3 == 2)
    patient = _patients()[n]
    wanted = partial(PatientSearch, limit=100, order="ascending")
    async with db.write() as s:
        held = await s.get_one(Patient, patient.id)
        held.last_name, held.last_appointment = "Aaaa", DAY + timedelta(days=400)
        held.deleted_at = held.merged_into = held.merged_at = held.merged_by = None
    for sort, place in ((PatientSort.NAME, 0), (PatientSort.LAST_APPOINTMENT, -1)):
        assert (await _found(db, wanted(sort=sort), [A]))[0][place] == patient.id
    assert (await _found(db, wanted(text="aaaa"), [A]))[0] == [patient.id]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ångström", ["%angstrom%"]),
        ("jo", ["% jo%"]),
        ("", []),
        ("  A  b_c% ", ["% a%", r"%b\_c\%%"]),
        ("я", ["% BPR%"]),
        ("a<b", ["%a<b%"]),
        ("\u0301", []),
    ],
)
def test_words_of_one_or_two_letters_begin_one_and_longer_ones_are_anywhere(text: str, expected: list[str]) -> None:
    assert patterns(text) == expected


_letters = st.characters(exclude_categories=["Cs"]) | st.sampled_from("aeijklmnor池波柞李ивзΩعЂ<>")


@settings(max_examples=400)
@given(st.text(_letters, min_size=1, max_size=12), st.text(_letters, min_size=1, max_size=4))
@example("池", "leo")
@example("%", "%")
@example("Ђnn", "ann")
@example("ива", "ва")
def test_a_word_is_found_where_its_letters_are_and_nowhere_else(name: str, text: str) -> None:
    written = searched(name, (), ())
    assert written.isascii()
    words = searchable(name).split()
    for word, pattern in zip(searchable(text).split(), patterns(text), strict=True):
        wanted = re.sub(r"\\(.)", r"\1", pattern[1:-1])
        there = any(word in one if len(word) >= ANYWHERE else one.startswith(word) for one in words)
        assert (wanted in written) is there


def test_what_is_searched_has_unique_id_names_and_record_numbers() -> None:
    numbers = [{"system": "lab", "number": "A 1"}]
    assert searched("derm-1", ("Zoë", None, "Ива", "Z"), numbers) == " derm-1 zoe BSPBZOBXO z a 1"


def test_family_names_come_first_then_given_names_and_the_nameless_last() -> None:
    names = [("van", "Abe"), ("van", "Zed"), ("van dijk", "Abe"), ("Vanda", None), (None, "Aba")]
    keys = [name_key(last, first, None, None) for last, first in names]
    assert sorted(keys) == [keys[4], keys[0], keys[1], keys[2], keys[3]]
    assert name_key(None, None, None, None) == NAMELESS > "\U0001f600"
    assert len(name_key("\ufdfa" * 200, None, None, None)) <= 200
