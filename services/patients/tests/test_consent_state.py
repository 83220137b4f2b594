"""When consent counts as given: pure."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermfolio.common.errors import Refused
from dermfolio.contracts.views.consent import ConsentMissing, Purpose
from dermfolio.contracts.views.settings import ConsentEnforcement
from dermfolio.patients.consent_state import Consent, Latest, after_giving, need_consent, stricter, why_missing

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
DAYS = st.timedeltas(timedelta(days=-9), timedelta(days=9))
CONSENTS = st.builds(Consent, st.booleans(), st.none() | DAYS.map(NOON.__add__))


@pytest.mark.req("CON-7")
def test_consent_holds_until_just_before_its_end_and_only_where_it_is_for_care() -> None:
    assert after_giving([Purpose.CARE, Purpose.RESEARCH], LATER).holds(NOON)
    assert not after_giving([Purpose.CARE], LATER).holds(LATER)
    assert after_giving([Purpose.CARE], None).holds(LATER)
    assert not after_giving([Purpose.RESEARCH], None).holds(NOON)
    assert not Consent().holds(NOON)


@pytest.mark.req("CON-1")
@pytest.mark.parametrize(
    ("latest", "missing"),
    [
        (Latest(), "never_given"),
        (Latest(uuid4(), 1, "digital", ["care"]), None),
        (Latest(uuid4(), 1, "external", ["care"], LATER), None),
        (Latest(uuid4(), 1, "external", ["care"], NOON), "expired"),
        (Latest(uuid4(), 1, "digital", ["teaching"]), "not_for_care"),
        (Latest(uuid4(), 2, "revoked"), "revoked"),
        (Latest(uuid4(), 2, "expired"), "expired"),
    ],
)
def test_it_is_said_why_consent_is_missing(latest: Latest, missing: ConsentMissing | None) -> None:
    assert why_missing(latest, NOON) == missing


@pytest.mark.req("CON-3")
@pytest.mark.parametrize("enforcement", ["disabled", "advisory", "required"])
def test_only_where_it_is_required_its_absence_keeps_photographs_out(enforcement: ConsentEnforcement) -> None:
    need_consent(enforcement, Consent(given=True), NOON)
    for missing in (Consent(), Consent(given=True, until=NOON)):
        if enforcement == "required":
            with pytest.raises(Refused, match="consent_required"):
                need_consent(enforcement, missing, NOON)
        else:
            need_consent(enforcement, missing, NOON)


@given(st.lists(CONSENTS, max_size=4))
def test_of_records_of_one_patient_the_stricter_wins_at_every_moment(consents: list[Consent]) -> None:
    together = stricter(consents)
    for moment in (NOON, *(consent.until for consent in consents if consent.until is not None)):
        assert together.holds(moment) == (bool(consents) and all(consent.holds(moment) for consent in consents))
