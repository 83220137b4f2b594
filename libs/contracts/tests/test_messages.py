"""The grammar of messages: what a class may be called, must declare, and may carry."""

import enum
import importlib
import pkgutil
import types
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Literal, Union, get_args, get_origin
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

import dermfolio.contracts
from dermfolio.contracts.audit import KEPT_DIRECTLY
from dermfolio.contracts.catalog import every_message
from dermfolio.contracts.images import ImageIngested, ImagesAccessDenied, IngestImage, PoolViewed
from dermfolio.contracts.messages import SUBJECT, Event, Instant, Job, Live, Message, Nothing, Request

KINDS = {"rpc": Request, "evt": Event, "job": Job, "live": Live}

CODES = {"request", "code", "producer", "filter", "sha256"}
"""Fields that may hold a string: a subject, a problem's code, a service's name, the codes and ids of a search. We write
them, people never do.
"""


def _every_class(parent: type[Message]) -> Iterator[type[Message]]:
    for child in parent.__subclasses__():
        if child.__module__.startswith("dermfolio.contracts"):
            yield child
        yield from _every_class(child)


for _module in pkgutil.walk_packages(dermfolio.contracts.__path__, "dermfolio.contracts."):
    importlib.import_module(_module.name)

MESSAGES = sorted({m for m in _every_class(Message) if m.subject}, key=lambda m: m.subject)
RECORDED = sorted(
    {m for kind in (Event, Job, Live) for m in (kind, *_every_class(kind)) if m.__module__.startswith("dermfolio")},
    key=lambda m: m.__name__,
)


def _free_text(annotation: Any) -> bool:
    """Whether a value of this type can hold words that somebody typed."""
    origin = get_origin(annotation)
    if origin is Literal:
        return False
    if origin in {Union, types.UnionType, list}:
        return any(map(_free_text, get_args(annotation)))
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return False
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return bool(_free_text_fields(annotation))
    return annotation not in {UUID, int, bool, datetime, types.NoneType}


def _free_text_fields(message: type[BaseModel]) -> set[str]:
    return {name for name, field in message.model_fields.items() if name not in CODES and _free_text(field.annotation)}


@pytest.mark.parametrize("message", MESSAGES, ids=lambda m: m.subject)
def test_a_subject_is_kind_owner_name_and_its_kind_is_that_of_its_class(message: type[Message]) -> None:
    kind, owner, _ = SUBJECT.match(message.subject).groups()
    assert issubclass(message, KINDS[kind])
    assert message.owner() == owner


@pytest.mark.parametrize(
    "subject",
    ["", "evt.images", "evt.images.a.b", "evt.Images.x", "tell.images.x", "evt.images.x1", "evt.images.>", "evt..x"],
)
def test_a_class_with_a_subject_outside_the_grammar_cannot_be_made(subject: str) -> None:
    if not subject:
        return
    with pytest.raises(TypeError, match="is not <kind>"):
        type("Odd", (Event,), {"subject": subject, "__annotations__": {}, "__module__": __name__})


def test_every_message_class_that_travels_is_in_the_catalogue() -> None:
    assert {m.subject for m in MESSAGES} - {m.subject for m in KEPT_DIRECTLY} == set(every_message())


def test_no_two_classes_share_a_subject() -> None:
    assert len({m.subject for m in MESSAGES}) == len(MESSAGES)


@pytest.mark.parametrize("request_", [m for m in MESSAGES if issubclass(m, Request)], ids=lambda m: m.subject)
def test_every_request_names_the_class_of_its_reply(request_: type[Request[Any]]) -> None:
    assert issubclass(request_.reply, BaseModel)
    assert 0 < request_.timeout <= 600


def test_a_reply_class_is_read_off_the_parameter_also_through_a_parent() -> None:
    class Parent(Request[Nothing]):
        pass

    class Child(Parent):
        subject = "rpc.images.child_of_a_test"

    assert Child.reply is Nothing


@pytest.mark.parametrize("message", RECORDED, ids=lambda m: m.__name__)
def test_what_is_kept_or_broadcast_carries_no_free_text(message: type[Message]) -> None:
    assert _free_text_fields(message) == set()


def test_a_free_text_field_would_be_noticed_however_it_is_wrapped() -> None:
    class Note(BaseModel):
        text: str

    class Careless(BaseModel):
        caption: str
        note: str | None
        names: list[str]
        anything: dict[str, int]
        nested: list[Note]
        empty: Nothing
        when: Instant
        image: UUID | None
        state: Literal["a", "b"]

    assert _free_text_fields(Careless) == {"caption", "note", "names", "anything", "nested"}


@pytest.mark.parametrize("event", [m for m in MESSAGES if issubclass(m, Event)], ids=lambda m: m.subject)
def test_every_event_says_what_it_is_about_and_which_action_it_was(event: type[Event]) -> None:
    assert event.about in event.model_fields
    assert event.action in {"C", "R", "U", "D", "E"}


def test_a_message_cannot_be_changed_and_overlooks_fields_of_newer_senders() -> None:
    raw = ImageIngested(image=uuid4(), patient=uuid4(), site=uuid4(), version=2, revision=1).model_dump(mode="json")
    event = ImageIngested.model_validate(raw | {"added_later": 1})
    with pytest.raises(ValidationError):
        event.version = 3  # type: ignore[misc]


@pytest.mark.parametrize("version", [0, 2, "1", None, True])
def test_a_recorded_message_of_another_version_is_refused(version: object) -> None:
    job = IngestImage(image=uuid4(), patient=uuid4(), site=uuid4(), attempt=uuid4()).model_dump(mode="json")
    IngestImage.model_validate(job)
    with pytest.raises(ValidationError):
        IngestImage.model_validate(job | {"v": version}, strict=True)


@given(st.datetimes(timezones=st.timezones()))
def test_an_instant_is_written_in_utc_with_a_z_and_read_back_as_the_same_moment(moment: datetime) -> None:
    try:
        moment.astimezone(UTC)
    except OverflowError:
        return
    event = ImageIngested(image=UUID(int=1), version=1, revision=1, at=moment)
    written = event.model_dump(mode="json")["at"]
    assert written.endswith("Z")
    assert ImageIngested.model_validate_json(event.model_dump_json()).at.timestamp() == moment.timestamp()


def test_reads_and_denials_are_for_followers_alone() -> None:
    carried = {m.subject for m in MESSAGES if issubclass(m, Event) and m.broadcast()}
    assert ImageIngested.subject in carried
    assert not {PoolViewed.subject, ImagesAccessDenied.subject} & carried
