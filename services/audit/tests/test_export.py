"""An export holds what a listing shows, as it was when the export began; and that it was made is in the trail."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest

from dermfolio.audit import export, search
from dermfolio.audit.forms import FORMS
from dermfolio.audit.forms.csv_table import BOM, COLUMNS
from dermfolio.common.auth import Actor
from dermfolio.common.bus import Requests
from dermfolio.common.errors import Refused
from dermfolio.common.testing import Ground, at, user
from dermfolio.contracts.audit import BeginExport, EndExport, ExportPlace, ReadExport
from dermfolio.contracts.roles import Role
from dermfolio.contracts.views.audit import ExportForm, TrailFilter

from .test_listing import every_page
from .test_vectors import PAGE, printed_verifier

if TYPE_CHECKING:
    from services.audit.tests.conftest import Producers, Trail

pytestmark = pytest.mark.req("AUD-4")

AUDITOR = user(installation=Role.AUDITOR)
SITES = [uuid4(), uuid4()]
PATIENTS = [uuid4(), uuid4()]
SHA256 = hashlib.sha256(b"").hexdigest()


@pytest.fixture
async def filled(trail: Trail, producers: Producers) -> None:
    """40 reads of two patients, one per site, in turn."""
    for n in range(40):
        producers.patients.say(site=str(SITES[n % 2]), patient=str(PATIENTS[n % 2]))
    await trail.take_up(producers.patients)


async def begin(
    audit: Requests, ground: Ground, actor: Actor, form: ExportForm = "jsonl", wanted: TrailFilter | None = None
) -> UUID:
    """Begin an export."""
    made = uuid4()
    await audit.ask(BeginExport(export=made, form=form, filter=wanted or TrailFilter()), ground.call(actor))
    return made


async def rest(
    audit: Requests, ground: Ground, actor: Actor, made: UUID, after: ExportPlace | None = None
) -> tuple[str, int]:
    """The pieces from one on, put together, and how many records they say they are."""
    text = ""
    while True:
        part = await audit.ask(ReadExport(export=made, after=after), ground.call(actor))
        text += part.text
        if part.next is None:
            return text, part.records
        after = part.next


async def exported(
    audit: Requests, ground: Ground, actor: Actor, form: ExportForm = "jsonl", **wanted: Any
) -> tuple[str, int]:
    """A whole export."""
    return await rest(audit, ground, actor, await begin(audit, ground, actor, form, TrailFilter(**wanted)))


def records_of(text: str) -> list[dict[str, Any]]:
    """The records of JSON Lines."""
    return [line["record"] for line in map(json.loads, text.splitlines()) if "record" in line]


def rows_of(text: str) -> list[dict[str, str]]:
    """The rows of a table."""
    return list(csv.DictReader(io.StringIO(text.removeprefix(BOM), newline="")))


@pytest.mark.parametrize("size", [7, 40, 500])
async def test_an_export_holds_each_record_that_is_listed_once_and_the_oldest_first(
    audit: Requests, ground: Ground, filled: None, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(export, "RECORDS", size)
    for wanted in ({}, {"patient": PATIENTS[0]}, {"event": "patients.viewed"}, {"role": Role.ADMIN}):
        listed = await every_page(audit, ground, AUDITOR, **wanted)
        text, count = await exported(audit, ground, AUDITOR, **wanted)
        found = [record["position"] for record in records_of(text)]
        before = [record.position for record in reversed(listed)]
        assert [position for position in found if position <= 40] == [p for p in before if p <= 40]
        assert found == sorted(found)
        assert count == len(found)


async def test_a_piece_is_never_larger_than_the_bus_takes(
    audit: Requests, ground: Ground, trail: Trail, producers: Producers
) -> None:
    for _ in range(60):
        producers.images.say("viewed", note='"ü\\' * 5_000)
        await trail.take_up(producers.images)
    text, count = await exported(audit, ground, AUDITOR, "csv")
    assert count == 60
    assert [row["seq"] for row in rows_of(text)] == [str(n) for n in range(1, 61)]


async def test_what_is_written_meanwhile_is_not_in_it(
    audit: Requests, ground: Ground, trail: Trail, producers: Producers, filled: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "RECORDS", 10)
    made = await begin(audit, ground, AUDITOR)
    first = await audit.ask(ReadExport(export=made), ground.call(AUDITOR))
    long_ago = producers.patients.facts[0].at
    for moment in (long_ago, producers.patients.facts[-1].at):
        producers.patients.say()
        producers.patients.facts[-1] = producers.patients.facts[-1].model_copy(update={"at": moment})
    await trail.take_up(producers.patients)
    text, count = await rest(audit, ground, AUDITOR, made, first.next)
    assert [record["position"] for record in records_of(first.text + text)] == list(range(1, 41))
    assert count == 40


async def test_a_time_without_records_is_stepped_over(
    audit: Requests, ground: Ground, trail: Trail, producers: Producers
) -> None:
    for year in (1, 1999, 2025, 2026, 9999):
        producers.images.say()
        fact = producers.images.facts[-1]
        producers.images.facts[-1] = fact.model_copy(update={"at": fact.at.replace(year=year, month=12, day=31)})
    await trail.take_up(producers.images)
    assert [r["at"][:4] for r in records_of((await exported(audit, ground, AUDITOR))[0])][:3] == [
        "0001",
        "1999",
        "2025",
    ]
    since = producers.images.facts[1].at
    text, count = await exported(
        audit, ground, AUDITOR, event="images.viewed", since=since, until=since.replace(year=2026)
    )
    assert (count, [r["at"][:4] for r in records_of(text)]) == (2, ["1999", "2025"])
    assert (await exported(audit, ground, AUDITOR, since=since.replace(year=3000), until=since.replace(year=3001)))[
        1
    ] == 0


async def test_an_empty_trail_is_an_empty_file(audit: Requests, ground: Ground) -> None:
    text, count = await exported(audit, ground, AUDITOR, "csv")
    assert (rows_of(text), count) == ([], 0)
    assert text.count("\r\n") == 1


async def test_any_replica_gives_out_any_piece(
    audit: Requests, ground: Ground, trail: Trail, filled: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "RECORDS", 4)
    made = await begin(audit, ground, AUDITOR)
    texts, after = [], None
    for _ in range(3):  # past the service that began it
        part = await export.read(trail.db, ReadExport(export=made, after=after), ground.call(AUDITOR))
        texts.append(part.text)
        after = part.next
    texts.append((await rest(audit, ground, AUDITOR, made, after))[0])
    assert [r["position"] for r in records_of("".join(texts))] == list(range(1, 41))


@pytest.mark.req("ORG-1")
async def test_it_holds_what_may_be_listed_and_nothing_else(audit: Requests, ground: Ground, filled: None) -> None:
    one = at(SITES[0], Role.SITE_ADMIN)
    assert {r["site"] for r in records_of((await exported(audit, ground, one))[0])} == {str(SITES[0])}
    clinician = at(SITES[0], Role.CLINICIAN)
    own = records_of((await exported(audit, ground, clinician, patient=PATIENTS[0]))[0])
    assert [r["position"] for r in own if r["event"] == "patients.viewed"] == list(range(1, 41, 2))
    assert records_of((await exported(audit, ground, clinician, patient=PATIENTS[1]))[0]) == []
    for actor, wanted in ((clinician, {}), (at(SITES[0], Role.PHOTOGRAPHER), {"patient": PATIENTS[0]})):
        with pytest.raises(Refused, match="forbidden"):
            await exported(audit, ground, actor, **wanted)


@pytest.mark.req("ORG-1")
async def test_who_loses_a_right_meanwhile_gets_no_further_piece(
    audit: Requests, ground: Ground, filled: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "RECORDS", 4)
    admin = user(**{str(site): Role.SITE_ADMIN for site in SITES})
    for before, later in (
        (admin, replace(at(SITES[0], Role.SITE_ADMIN), user=admin.user)),
        (AUDITOR, replace(at(SITES[0], Role.SITE_ADMIN), user=AUDITOR.user)),
        (admin, replace(at(SITES[0], Role.CLINICIAN), user=admin.user)),
    ):
        made = await begin(audit, ground, before)
        part = await audit.ask(ReadExport(export=made), ground.call(before))
        with pytest.raises(Refused, match="forbidden"):
            await audit.ask(ReadExport(export=made, after=part.next), ground.call(later))


async def test_nobody_reads_what_was_not_begun_or_by_somebody_else(
    audit: Requests, ground: Ground, filled: None
) -> None:
    made = await begin(audit, ground, AUDITOR)
    for actor, export_ in ((user(installation=Role.AUDITOR), made), (AUDITOR, uuid4())):
        with pytest.raises(Refused, match="not_found"):
            await audit.ask(ReadExport(export=export_), ground.call(actor))
    with pytest.raises(Refused, match="not_found"):
        await audit.ask(EndExport(export=uuid4(), complete=True, records=0, sha256=SHA256))


@pytest.mark.req("AUD-1")
async def test_beginning_and_end_are_recorded_once(audit: Requests, ground: Ground, trail: Trail, filled: None) -> None:
    wanted = TrailFilter(patient=PATIENTS[1], outcome="success")
    call, made = ground.call(AUDITOR), uuid4()
    for _ in range(2):
        await audit.ask(BeginExport(export=made, form="csv", filter=wanted), call)
    for _ in range(2):
        await audit.ask(EndExport(export=made, complete=False, records=7, sha256=SHA256))
    begun, ended = (await trail.records())[40:]
    assert (begun["event"], begun["action"], begun["outcome"]) == ("audit.exported", "R", "success")
    assert begun["detail"] == {"form": "csv", "filter": {"outcome": "success"}, "upto": 40}
    assert (ended["event"], ended["outcome"]) == ("audit.export_ended", "failure")
    assert ended["detail"] == {"records": 7, "sha256": SHA256}
    for record in (begun, ended):
        assert (record["object_kind"], record["object_id"], record["patient"]) == (
            "export",
            str(made),
            str(PATIENTS[1]),
        )
        who = {"user": str(AUDITOR.user), "session": str(AUDITOR.session), "roles": ["auditor"]}
        assert {**who, "address": "127.0.0.1", "request_id": "test-request"}.items() <= record.items()
    assert (await trail.verify()).intact


@pytest.mark.req("AUD-1")
async def test_of_a_site_admins_export_the_sites_are_recorded_and_a_refused_one_too(
    audit: Requests, ground: Ground, trail: Trail
) -> None:
    await begin(audit, ground, at(SITES[0], Role.SITE_ADMIN))
    with pytest.raises(Refused, match="forbidden"):
        await begin(audit, ground, at(SITES[0], Role.VIEWER), wanted=TrailFilter(patient=PATIENTS[0]))
    begun, denied = await trail.records()
    assert begun["detail"]["sites"] == [str(SITES[0])]
    assert (denied["event"], denied["object_id"]) == ("audit.denied", "rpc.audit.begin_export")
    assert denied["detail"] == {"code": "forbidden", "target": str(PATIENTS[0])}


async def test_a_search_that_takes_too_long_is_refused(
    audit: Requests, ground: Ground, filled: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await begin(audit, ground, AUDITOR)
    monkeypatch.setattr(search, "SECONDS", 0.000_001)
    with pytest.raises(Refused, match="search_too_broad"):
        await audit.ask(ReadExport(export=made), ground.call(AUDITOR))


@pytest.mark.req("AUD-3")
async def test_who_has_the_key_verifies_a_whole_export_in_json_lines(
    audit: Requests, ground: Ground, trail: Trail, producers: Producers, filled: None, tmp_path: Path
) -> None:
    late = producers.patients.say(note='"ü\\')
    producers.patients.facts[-1] = late.model_copy(update={"at": producers.patients.facts[0].at})
    await trail.take_up(producers.patients)
    text, count = await exported(audit, ground, AUDITOR)
    *lines, last = text.splitlines()
    assert json.loads(last) == {"end": json.loads(last)["end"], "records": 41, "upto": 41}
    stored = printed_preparation(text, tmp_path)
    assert [s["position"] for s in stored] != [json.loads(line)["position"] for line in lines]
    assert printed_verifier(stored, dict(trail.settings.keys.every)) == f"{count} records verify"


def printed_preparation(text: str, directory: Path) -> list[dict[str, Any]]:
    """Run what docs/audit-trail.md prints for making of an export what its verifier reads."""
    [pipeline] = re.findall(r"```sh\n(.*?trail\.jsonl.*?)```", PAGE, re.DOTALL)
    (directory / "trail.jsonl").write_text(text)
    done = subprocess.run(["bash", "-euc", pipeline], cwd=directory, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def row(**members: Any) -> dict[str, Any]:
    """A record as it is stored."""
    record = {"position": 1, "at": "2026-03-01T12:30:00.000005Z", "event": "images.viewed", **members}
    return {"position": 1, "key_version": 1, "mac": bytes(32), "body": json.dumps(record, ensure_ascii=False)}


def test_no_cell_is_taken_for_a_formula() -> None:
    for text in ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff201"):
        [shown] = rows_of(FORMS["csv"].head + FORMS["csv"].line(row(user_agent=text)))
        assert shown["user_agent"] == f"'{text}"
    for text in ("a=1", '"=1', ";=1", ",=1", "ü", "a\r\nb", ""):
        [shown] = rows_of(FORMS["csv"].head + FORMS["csv"].line(row(user_agent=text)))
        assert shown["user_agent"] == text
    assert ';"=1"' not in FORMS["csv"].line(row(user_agent="a;=1"))


def test_a_row_has_every_column_and_says_what_the_record_says() -> None:
    detail = {"images": ["a", "b"], "code": "x"}
    [shown] = rows_of(FORMS["csv"].head + FORMS["csv"].line(row(roles=["admin", "viewer"], detail=detail, seq=7)))
    assert list(shown) == list(COLUMNS)
    assert (shown["position"], shown["roles"], shown["seq"], shown["site"]) == ("1", "admin viewer", "7", "")
    assert json.loads(shown["detail"]) == detail
