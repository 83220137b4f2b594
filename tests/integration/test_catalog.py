"""The catalogue of subjects, the code and the tables in the READMEs say the same."""

import ast
import importlib
import inspect
import re
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, cast

import pytest

from dermfolio.audit.app import service as audit
from dermfolio.audit.settings import AuditSettings
from dermfolio.common.cursors import Cursors
from dermfolio.common.host import Parts
from dermfolio.common.service import Service
from dermfolio.common.settings import DatabaseSettings
from dermfolio.contracts.audit import KEPT_DIRECTLY
from dermfolio.contracts.catalog import CATALOG, Part
from dermfolio.contracts.messages import Event, Job, Message, Request
from dermfolio.contracts.records import BACKGROUND
from dermfolio.contracts.replay import REPLAYS
from dermfolio.contracts.settings import GetSettings, SettingsChanged
from dermfolio.contracts.vocabulary import VOCABULARY
from dermfolio.identity.app import service as identity
from dermfolio.identity.settings import IdentitySettings
from dermfolio.images.app import service as images
from dermfolio.images.settings import ImagesSettings
from dermfolio.local.places import checkout
from dermfolio.patients.app import service as patients
from dermfolio.patients.settings import PatientsSettings
from dermfolio.registration.app import service as registration
from dermfolio.registration.settings import RegistrationSettings

BUILDERS: dict[str, tuple[Callable[..., Service], type[DatabaseSettings]]] = {
    "identity": (identity, IdentitySettings),
    "patients": (patients, PatientsSettings),
    "images": (images, ImagesSettings),
    "registration": (registration, RegistrationSettings),
    "audit": (audit, AuditSettings),
}
SERVICES = sorted(BUILDERS)
FOLDERS = {name: checkout() / "services" / name for name in SERVICES} | {"gateway": checkout() / "gateway"}


def built(name: str) -> Service:
    """The service's value, on parts that it need not use for being built."""
    build, settings = BUILDERS[name]
    secret, key = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    told: dict[str, Any] = {
        "nats_url": "nats://nowhere",
        "nats_password": secret,
        "signing_key": key,
        "trusted_keys": {},
        "health_port": 1,
        "database_url": f"postgresql://{name}@nowhere/{name}",
        "database_password": secret,
        "s3_endpoint": "http://nowhere",
        "s3_access_key": secret,
        "s3_secret_key": secret,
        "identity_key": key,
        "installation_key": key,
        "chain_key": key,
        "checkpoint_key": key,
    }
    parts = Parts(
        db=cast(Any, SimpleNamespace()),
        requests=cast(Any, None),
        reads=cast(Any, None),
        cursors=Cursors(bytes(32)),
        role="serve",
    )
    return build(settings(**told), parts)


def table(name: str) -> dict[str, set[str]]:
    """The README's table: the subjects of each row."""
    rows = re.findall(r"^\| (\w+) \| (.*) \|$", (FOLDERS[name] / "README.md").read_text(), re.MULTILINE)
    return {row: set(re.findall(r"`((?:rpc|job|evt|live)\.[a-z_.>]+)`", text)) for row, text in rows}


def subjects(messages: Iterator[type[Message]] | tuple[type[Message], ...]) -> set[str]:
    return {message.subject for message in messages}


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_answers_what_the_catalogue_says(name: str) -> None:
    service, part = built(name), CATALOG[name]
    assert service.name == name
    assert subjects(tuple(service.answers)) == subjects(part.answers)


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_does_the_jobs_of_its_consumers(name: str) -> None:
    service, part = built(name), CATALOG[name]
    assert [consumer.durable for consumer in service.consumers] == list(part.does)
    for consumer in service.consumers:
        assert subjects(tuple(consumer.handlers)) == set(consumer.durable.filter_subjects)


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_follows_whom_the_catalogue_names_and_hears_only_what_they_say(name: str) -> None:
    service, part = built(name), CATALOG[name]
    assert [p for follower in service.followers for p in follower.producers] == list(part.follows)
    for follower in service.followers:
        said = {event.subject for producer in follower.producers for event in CATALOG[producer].says}
        assert set(follower.subjects or ()) <= said


@pytest.mark.parametrize("name", sorted(FOLDERS))
def test_code_says_sends_and_asks_what_the_catalogue_says_and_nothing_else(name: str) -> None:
    part, made = CATALOG[name], made_in(FOLDERS[name] / "src")
    denied = {built(name).denied} - {None} if name in BUILDERS else set()
    events = subjects(tuple(m for m in made if issubclass(m, Event) and m not in KEPT_DIRECTLY))
    assert events | subjects(cast(Any, tuple(denied))) == subjects(part.says)
    assert subjects(tuple(m for m in made if issubclass(m, Job))) == subjects(part.sends)
    asked = subjects(tuple(m for m in made if issubclass(m, Request) and m.owner() != name))
    asked |= {GetSettings.subject} if part.records_reads else set()  # asked by what records reads
    assert asked == subjects(part.asks)


@pytest.mark.parametrize("name", SERVICES)
def test_a_services_readme_has_the_same_table(name: str) -> None:
    rows, service, part = table(name), built(name), CATALOG[name]
    assert {"answers", "does", "says", "hears"} < rows.keys()
    assert rows["answers"] == subjects(part.answers)
    assert rows["does"] == {f for consumer in part.does for f in consumer.filter_subjects}
    assert rows["says"] == subjects(part.says)
    assert rows.get("asks", set()) == subjects(part.asks)
    heard = [follower.subjects or tuple(f"evt.{p}.>" for p in follower.producers) for follower in service.followers]
    news = {SettingsChanged.subject} if part.records_reads else set()
    assert rows["hears"] == {subject for every in heard for subject in every} | news


def test_the_gateways_readme_has_the_same_table() -> None:
    rows, part = table("gateway"), CATALOG["gateway"]
    assert rows["asks"] == subjects(part.asks)
    assert rows["hears"] == {"evt.>"}
    assert rows["tells"] == subjects(part.hints)
    assert rows["answers"] == rows["says"] == rows["does"] == set()
    assert part.watches_events


@pytest.mark.req("AUD-1")
def test_all_that_nobody_asks_for_says_which_records_it_leaves() -> None:
    services = [built(name) for name in SERVICES]
    consumers = {f"do {consumer.durable.name}" for service in services for consumer in service.consumers}
    followers = {f"follow {follower.name}" for service in services for follower in service.followers}
    chores = {f"chore {chore.name}" for service in services for chore in service.chores}
    assert consumers | followers | chores == BACKGROUND.keys()


@pytest.mark.req("AUD-2")
def test_who_records_routine_reads_heeds_the_level_of_the_trail() -> None:
    routine = {event for event, meaning in VOCABULARY.items() if meaning.routine}
    assert {name for name, part in CATALOG.items() if part.records_reads} == {event.owner() for event in routine}


def test_every_service_there_is_is_in_the_catalogue() -> None:
    folders = {path.name for path in (checkout() / "services").iterdir() if (path / "pyproject.toml").exists()}
    assert folders == set(SERVICES)
    assert {*folders, "gateway", "ops"} == set(CATALOG)
    assert set(REPLAYS) == {name for name, part in CATALOG.items() if part.says}


def made_in(source: Path) -> set[type[Message]]:
    """Every class of message of which the code makes a value."""
    found: set[type[Message]] = set()
    for file in source.rglob("*.py"):
        tree = ast.parse(file.read_text())
        called = {
            node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        if called:
            found |= {kind for kind in messages_of(module_of(source, file)) if kind.__name__ in called}
    return found


def module_of(source: Path, file: Path) -> ModuleType:
    return importlib.import_module(".".join(file.relative_to(source).with_suffix("").parts).removesuffix(".__init__"))


def messages_of(module: ModuleType) -> Iterator[type[Message]]:
    for value in vars(module).values():
        if inspect.isclass(value) and issubclass(value, Message) and value.subject:
            yield value


def test_part_is_all_there_is_to_say() -> None:
    """A new field of the catalogue's parts needs a comparison of its own here."""
    compared = {"answers", "asks", "says", "sends", "does", "follows", "watches_events", "records_reads"}
    compared |= {"hints"}
    assert set(Part.__dataclass_fields__) == compared
