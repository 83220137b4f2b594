"""From a fact to its record."""

import json
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermfolio.audit.chain import GENESIS, extend
from dermfolio.audit.record import Draft, instant, of_fact, of_own, of_refusal
from dermfolio.contracts.audit import KEPT_DIRECTLY, AppendRecord, FactsMissed
from dermfolio.contracts.catalog import EVENTS_BY_SUBJECT
from dermfolio.contracts.images import PoolViewed
from dermfolio.contracts.messages import Event
from dermfolio.contracts.replay import Fact, Origin
from dermfolio.contracts.views.audit import TrailRecord

AT = datetime(2026, 3, 1, 12, 30, 0, 5, tzinfo=UTC)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters()), inner, max_size=4),
    max_leaves=12,
)


def fact_of(event: Event, origin: Origin | None = None) -> Fact:
    return Fact(
        seq=7,
        id=event.id,
        subject=event.subject,
        at=event.at,
        data=event.model_dump(mode="json"),
        origin=origin or Origin(),
    )


def written(draft: Draft) -> bytes:
    [link] = extend(GENESIS, [draft.at_place(draft.seq or 1, AT)], bytes(32), 1)
    return link.body


def test_members_without_a_value_are_left_out() -> None:
    event = PoolViewed(patient=UUID(int=1), site=UUID(int=2), images=[UUID(int=3)], id=UUID(int=4), at=AT)
    assert json.loads(written(of_fact("images", fact_of(event, Origin(user=UUID(int=5), roles=["viewer"]))))) == {
        "v": 1,
        "position": 1,
        "producer": "images",
        "seq": 7,
        "id": "00000000-0000-0000-0000-000000000004",
        "at": "2026-03-01T12:30:00.000005Z",
        "recorded_at": "2026-03-01T12:30:00.000005Z",
        "event": "images.pool_viewed",
        "action": "R",
        "outcome": "success",
        "user": "00000000-0000-0000-0000-000000000005",
        "roles": ["viewer"],
        "site": "00000000-0000-0000-0000-000000000002",
        "patient": "00000000-0000-0000-0000-000000000001",
        "object_kind": "patient",
        "object_id": "00000000-0000-0000-0000-000000000001",
        "detail": {"images": ["00000000-0000-0000-0000-000000000003"]},
    }


@pytest.mark.req("ORG-8")
def test_what_was_seen_by_breaking_the_glass_says_so() -> None:
    event = PoolViewed(patient=UUID(int=1), site=UUID(int=2), images=[])
    body = written(of_fact("images", fact_of(event, Origin(user=UUID(int=5), opening=UUID(int=6)))))
    assert TrailRecord.model_validate_json(body).opening == UUID(int=6)


@pytest.mark.req("AUD-1")
@pytest.mark.parametrize("event", [*EVENTS_BY_SUBJECT.values(), *KEPT_DIRECTLY], ids=lambda event: event.subject)
def test_every_event_has_an_action_and_an_object(event: type[Event]) -> None:
    assert event.action in "CRUDE"
    assert event.about in event.model_fields
    data = {event.about: str(UUID(int=9)), "patient": str(UUID(int=9))}
    fact = Fact(seq=1, id=uuid4(), subject=event.subject, at=AT, data=data, origin=Origin())
    shown = TrailRecord.model_validate_json(written(of_fact(event.owner(), fact)))
    assert (shown.event, shown.object_kind) == (event.subject.removeprefix("evt."), event.about)
    assert shown.object_id == str(UUID(int=9))


@given(
    st.text(st.characters(), max_size=30),
    st.dictionaries(st.text(st.characters()) | st.sampled_from(["site", "patient", "outcome", "id"]), json_values),
    st.text(st.characters()) | st.none(),
)
def test_no_fact_is_too_strange_to_be_recorded(subject: str, data: dict[str, object], agent: str | None) -> None:
    fact = Fact(seq=1, id=uuid4(), subject=subject, at=AT, data=data, origin=Origin(user_agent=agent, address=agent))
    body = written(of_fact("images", fact))
    assert TrailRecord.model_validate_json(body).id == fact.id
    assert b"\\u0000" not in body


@given(st.text(st.characters(), max_size=1000))
def test_a_user_agent_is_bounded_and_printable(agent: str) -> None:
    body = json.loads(written(of_own(FactsMissed(producer="images", first=1, last=2), Origin(user_agent=agent))))
    kept = body.get("user_agent", "")
    assert len(kept) <= 400
    assert "\x00" not in kept
    assert "\n" not in kept
    if agent.isprintable():
        assert kept == agent[:400]


def test_a_refusal_of_the_gateway_keeps_its_own_time_and_code() -> None:
    request = AppendRecord(
        id=UUID(int=1), at=AT, event="gateway.upload_refused", action="C", outcome="failure", object_kind="image",
        object_id="x", patient=UUID(int=2), code="too_large",
    )  # fmt: skip
    body = json.loads(written(of_refusal(request, Origin(service="gateway"))))
    assert (body["at"], body["detail"], body["patient"]) == (instant(AT), {"code": "too_large"}, str(UUID(int=2)))
    assert (body["object_kind"], body["object_id"], body["service"]) == ("image", "x", "gateway")


moments = st.datetimes(timezones=st.just(UTC), min_value=datetime(1970, 1, 1), max_value=datetime(2200, 1, 1))  # noqa: DTZ001


@given(moments, moments)
def test_times_sort_as_text(first: datetime, second: datetime) -> None:
    assert len(instant(first)) == 27
    assert (instant(first) < instant(second)) == (first < second)
