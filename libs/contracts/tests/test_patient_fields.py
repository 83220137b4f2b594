"""What may be written down about a patient (PAT-1, PAT-2)."""

import string
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from dermfolio.contracts.views.patients import NewPatient, PatientFields, UniqueId
from dermfolio.contracts.views.text import Line, Name, Prose

UNIQUE_ID = TypeAdapter(UniqueId)
ALPHABET = string.ascii_letters + string.digits + "_-"
TYPED = [
    "first_name",
    "middle_name",
    "last_name",
    "preferred_name",
    "gender",
    "address",
    "referring_physician",
    "notes",
]

unprintable = st.characters(categories=["Cc", "Cs"]).filter(lambda c: c not in "\n\t")


@pytest.mark.req("PAT-1")
@given(st.text(ALPHABET, min_size=2, max_size=32))
def test_a_unique_id_of_two_to_thirty_two_letters_digits_and_dashes_is_taken_in_lower_case(text: str) -> None:
    assert UNIQUE_ID.validate_python(text) == text.lower()


@pytest.mark.req("PAT-1")
@given(st.text(ALPHABET, min_size=2, max_size=32), st.sampled_from(["", " ", "\t ", "\n"]))
def test_a_unique_id_is_the_same_however_it_is_typed(text: str, space: str) -> None:
    assert UNIQUE_ID.validate_python(space + text.upper() + space) == UNIQUE_ID.validate_python(text.lower())


@pytest.mark.req("PAT-1")
@given(st.text(min_size=0, max_size=40))
def test_any_other_unique_id_is_refused(text: str) -> None:
    trimmed = text.strip()
    if 2 <= len(trimmed) <= 32 and all(c in ALPHABET for c in trimmed):
        return
    with pytest.raises(ValidationError):
        UNIQUE_ID.validate_python(text)


@pytest.mark.req("PAT-1")
@given(st.one_of(st.text(ALPHABET, max_size=1), st.text(ALPHABET, min_size=33, max_size=60)))
def test_a_unique_id_that_is_too_short_or_too_long_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        UNIQUE_ID.validate_python(text)


@pytest.mark.req("PAT-1")
@pytest.mark.parametrize("text", ["K", "ſſ", "İd", "ab\x00", "a b", "ab\n\ncd", "１２", "áb", "a.b", "ab\ud800"])  # noqa: RUF001 - Kelvin sign, long s, full-width digits
def test_letters_that_only_look_right_are_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        UNIQUE_ID.validate_python(text)


@pytest.mark.req("PAT-2")
def test_a_patient_needs_nothing_but_a_unique_id() -> None:
    patient = NewPatient(unique_id="AB-12")
    assert patient.unique_id == "ab-12"
    assert patient.model_dump(exclude={"unique_id"}, exclude_defaults=True) == {}


@pytest.mark.req("PAT-2")
@pytest.mark.parametrize("field", TYPED)
@given(before=st.text(string.ascii_letters, min_size=1, max_size=5), bad=unprintable)
def test_control_characters_and_lone_surrogates_are_refused_in_every_field(field: str, before: str, bad: str) -> None:
    with pytest.raises(ValidationError):
        PatientFields.model_validate({field: before + bad + before})


@pytest.mark.req("PAT-2")
@pytest.mark.parametrize("field", ["email", "phone"])
@given(bad=unprintable)
def test_control_characters_are_refused_in_addresses_and_numbers(field: str, bad: str) -> None:
    good = {"email": "ada@example.org", "phone": "+49 30 123456"}[field]
    PatientFields.model_validate({field: good})
    for text in (bad + good, good[:4] + bad + good[4:], good + bad):
        with pytest.raises(ValidationError):
            PatientFields.model_validate({field: text})


@pytest.mark.req("PAT-2")
@pytest.mark.parametrize("part", ["system", "number"])
@given(bad=unprintable)
def test_control_characters_are_refused_in_record_numbers(part: str, bad: str) -> None:
    record = {"system": "clinic", "number": "1234"} | {part: f"a{bad}b"}
    with pytest.raises(ValidationError):
        PatientFields.model_validate({"record_numbers": [record]})


@pytest.mark.parametrize("bad", [r'{"notes": "\ud800"}', r'{"notes": "\u0000"}', r'{"first_name": "\udfff"}'])
def test_escaped_surrogates_and_nul_in_json_are_refused(bad: str) -> None:
    with pytest.raises(ValidationError):
        PatientFields.model_validate_json(bad)


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=200))
def test_names_in_any_script_are_taken_as_they_are(text: str) -> None:
    adapter = TypeAdapter(Name)
    if text.strip():
        assert adapter.validate_python(text) == text.strip()
    else:
        with pytest.raises(ValidationError):
            adapter.validate_python(text)


@pytest.mark.parametrize(("kind", "longest"), [(Name, 200), (Line, 500), (Prose, 10_000)])
def test_texts_are_bounded(kind: object, longest: int) -> None:
    adapter: TypeAdapter[str] = TypeAdapter(kind)
    assert adapter.validate_python("x" * longest) == "x" * longest
    with pytest.raises(ValidationError):
        adapter.validate_python("x" * (longest + 1))


def test_notes_keep_their_lines() -> None:
    assert PatientFields(notes="one\n\ttwo\n").notes == "one\n\ttwo\n"


def test_a_name_is_one_line() -> None:
    with pytest.raises(ValidationError):
        PatientFields(first_name="Ada\nLovelace")


@pytest.mark.parametrize("birth", [date(1849, 12, 31), date.today() + timedelta(days=2)])  # noqa: DTZ011
def test_a_date_of_birth_is_between_1850_and_today(birth: date) -> None:
    with pytest.raises(ValidationError, match="between 1850 and today"):
        PatientFields(date_of_birth=birth)


@pytest.mark.parametrize("unknown", ["id", "site_id", "created_by", "image_count", "version", "ssn"])
def test_fields_that_are_not_a_clinics_to_write_are_refused(unknown: str) -> None:
    with pytest.raises(ValidationError):
        PatientFields.model_validate({unknown: "x"})
