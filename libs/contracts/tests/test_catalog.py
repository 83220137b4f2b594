"""The catalogue is whole: whatever is asked is answered, whatever is done is sent, and each by its owner."""

import pytest

from dermfolio.contracts.catalog import CATALOG, EVENTS_BY_SUBJECT, LIVE, Part
from dermfolio.contracts.live import FACTS_NUMBERED, OUTBOX_FILLED
from dermfolio.contracts.messages import AccessDenied, Message
from dermfolio.contracts.replay import REPLAYS
from dermfolio.contracts.streams import CONSUMERS, STREAMS

PARTS = sorted(CATALOG.items())


def _matches(pattern: str, subject: str) -> bool:
    prefix = pattern.removesuffix(">")
    return subject.startswith(prefix) if pattern.endswith(">") else subject == pattern


@pytest.mark.parametrize(("service", "part"), PARTS, ids=[name for name, _ in PARTS])
def test_a_service_answers_says_and_sends_only_what_is_its_own(service: str, part: Part) -> None:
    own: tuple[type[Message], ...] = (*part.answers, *part.says, *part.sends)
    assert {m.owner() for m in own} <= {service}


@pytest.mark.parametrize(("service", "part"), PARTS, ids=[name for name, _ in PARTS])
def test_whatever_a_service_asks_somebody_answers(service: str, part: Part) -> None:
    answered = {r for other in CATALOG.values() for r in other.answers}
    assert set(part.asks) <= answered
    assert {REPLAYS[producer] for producer in part.follows} <= answered


@pytest.mark.parametrize(("service", "part"), PARTS, ids=[name for name, _ in PARTS])
def test_a_service_that_says_something_can_be_replayed_and_hints_at_its_outbox(service: str, part: Part) -> None:
    assert bool(part.says) == (REPLAYS.get(service) in part.answers) == (service in OUTBOX_FILLED)
    assert (service in OUTBOX_FILLED) == (service in FACTS_NUMBERED)


@pytest.mark.parametrize(("service", "part"), PARTS, ids=[name for name, _ in PARTS])
def test_a_service_that_says_something_can_say_that_it_refused(service: str, part: Part) -> None:
    assert sum(issubclass(event, AccessDenied) for event in part.says) == bool(part.says)


def test_every_job_has_one_consumer_of_its_owner() -> None:
    for part in CATALOG.values():
        for job in part.sends:
            doers = [c for c in CONSUMERS if any(_matches(f, job.subject) for f in c.filter_subjects)]
            assert len(doers) == 1
            assert doers[0] in part.does


def test_consumers_of_one_stream_do_not_overlap() -> None:
    filters = [(c.stream, f) for c in CONSUMERS for f in c.filter_subjects]
    assert len(filters) == len(set(filters))


def test_no_stream_covers_a_request_or_a_hint() -> None:
    spoken = {m.subject for part in CATALOG.values() for m in part.answers} | {m.subject for m in LIVE}
    for stream in STREAMS:
        for pattern in stream.subjects:
            assert pattern.split(".")[0] not in {"rpc", "live", "*", ">"}
            assert not [s for s in spoken if _matches(pattern, s)]


def test_every_event_job_and_dead_letter_is_kept_by_exactly_one_stream() -> None:
    jobs = [job.subject for part in CATALOG.values() for job in part.sends]
    dead = [f"dlq.{consumer.name}.{job}" for consumer in CONSUMERS for job in jobs]
    for subject in (*EVENTS_BY_SUBJECT, *jobs, *dead):
        assert sum(_matches(p, subject) for stream in STREAMS for p in stream.subjects) == 1, subject
