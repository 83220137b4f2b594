"""The Patient Database at a million patients, for somebody who sees two sites: how long it takes to add them; pages in
any order, with any one filter, also far behind the first; searches by words; and what the service adds to the bare
statement of a page.
"""

import asyncio
import secrets
import statistics
import time
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote
from uuid import UUID

import asyncpg
from pydantic import SecretStr

from benchmarks.patients import seeding
from benchmarks.rows import Row, bound, ratio
from benchmarks.system import System, running
from dermfolio.common.auth import Actor, Call
from dermfolio.common.cursors import Cursors
from dermfolio.common.settings import key_bytes
from dermfolio.contracts.patients import PatientsListed
from dermfolio.contracts.replay import Origin
from dermfolio.contracts.roles import Role
from dermfolio.contracts.views.patient_search import COUNTED, PatientSearch, PatientSort
from dermfolio.ops.api_client import Api
from dermfolio.ops.people import engage_at
from dermfolio.patients.cards import LISTED
from dermfolio.patients.search_statements import Query

PAGE = 100
TIMES = 20
"""Of each search."""

THOUSANDTH = 999 * PAGE

Wanted = Mapping[str, Any]


def filters(common: UUID, other: UUID, third: UUID, rare: UUID) -> Mapping[str, Wanted]:
    """Any one filter, with a common and a rare value; of tags these."""
    return {
        "nothing": {},
        "a year of appointments": {"dates": {"of": "last_appointment", "since": "2024-01-01T00:00:00Z"}},
        "a day of appointments": {
            "dates": {"of": "last_appointment", "since": "2023-03-07T00:00:00Z", "until": "2023-03-08T00:00:00Z"}
        },
        "a year of changes": {"dates": {"of": "last_modified", "since": "2024-01-01T00:00:00Z"}},
        "a day of changes": {
            "dates": {"of": "last_modified", "since": "2023-03-07T00:00:00Z", "until": "2023-03-08T00:00:00Z"}
        },
        "a common tag": {"tags_any": [str(common)]},
        "a rare tag": {"tags_any": [str(rare)]},
        "two common tags": {"tags_all": [str(common), str(other)]},
        "a common and a rare tag": {"tags_all": [str(third), str(rare)]},
        "some entries": {"entries": {"least": 1}},
        "no entries": {"entries": {"most": 0}},
        "many entries": {"entries": {"least": 40}},
        "some images": {"images": {"least": 5, "most": 20}},
        "many images": {"images": {"least": 300}},
    }


TEXTS = ("a", "iv", "田", "ива", "bjorn", "pemberton", "lucja zak", "ev1-0004", "ev1-0512345", "mrn-3500001", "nobody")


def rows() -> list[Row]:
    """The figures of this benchmark; starts a system of its own and writes a million patients into it."""
    page, search, by_sql, minutes = asyncio.run(_measured())
    return [
        bound("patients.seed_minutes", minutes, "min", "a million patients with all they have, by `ops seed`", 15),
        bound("patients.page_p95_ms", page, "ms", "100 patients over HTTP: the slowest sort with any one filter", 100),
        bound("patients.search_p95_ms", search, "ms", "100 patients over HTTP: the slowest search by words", 150),
        ratio("patients.page_vs_sql", by_sql, "the statement of a page alone, on an open connection", 3),
    ]


async def _measured() -> tuple[float, float, float, float]:
    async with running() as system, system.signed_in() as api:
        sites, progress = await seeding.seed(system, api)
        seconds = time.monotonic() - progress.began
        print(f"  {progress.added:,} patients added in {seconds:.0f} s", flush=True)
        await asyncio.to_thread(seeding.count_images, system)
        two, password = [site.site for site in sites[:2]], f"Aa1-{secrets.token_urlsafe(16)}"
        await engage_at(api, "two-sites", password, Role.CLINICIAN, two)
        async with Api(system.stack.gateways[0]) as seen:
            await seen.sign_in("two-sites", password)
            page = await _pages(system, seen, filters(*seeding.tags(sites[0])))
            search = await _slowest(
                seen, {text: {"text": text, "sort": "name", "order": "ascending"} for text in TEXTS}
            )
            by_sql = await _against_sql(system, seen, two)
    return page, search, by_sql, seconds / 60


async def _pages(system: System, api: Api, chosen_by: Mapping[str, Wanted]) -> float:
    searches: dict[str, Wanted] = {}
    for sort in PatientSort:
        for order in ("descending", "ascending"):
            for name, chosen in chosen_by.items():
                searches[f"{name}, by {sort}, {order}"] = {"sort": sort.value, "order": order, **chosen}
            for name in ("nothing", "a common tag", "some entries"):
                wanted = {"sort": sort.value, "order": order, **chosen_by[name]}
                cursor = await _far_behind(system, api, PatientSearch.model_validate(wanted))
                searches[f"{name}, by {sort}, {order}, thousandth page"] = {**wanted, "cursor": cursor}
    return await _slowest(api, searches)


async def _slowest(api: Api, searches: Mapping[str, Wanted]) -> float:
    """The 95th percentile of the slowest search, in milliseconds, one at a time."""
    slowest: list[tuple[float, str]] = []
    for name, wanted in searches.items():
        await _took(api, wanted)
        took = [await _took(api, wanted) for _ in range(TIMES)]
        p95 = statistics.quantiles(took, n=20, method="inclusive")[18]
        print(f"  {name}: median {statistics.median(took):.1f} ms, p95 {p95:.1f} ms", flush=True)
        slowest.append((p95, name))
    print(f"  slowest: {max(slowest)[1]}", flush=True)
    return max(slowest)[0]


async def _took(api: Api, wanted: Wanted) -> float:
    """Milliseconds until the last byte of the answer is here."""
    assert api.session is not None
    headers, asked = {"X-CSRF-Token": api.session.csrf_token}, {"limit": PAGE, **wanted}
    began = time.perf_counter()
    async with api.http.post("/api/v1/patients/search", json=asked, headers=headers) as answer:
        await answer.read()
        answer.raise_for_status()
    return 1000 * (time.perf_counter() - began)


_KEYS = {
    PatientSort.LAST_MODIFIED: "last_modified",
    PatientSort.LAST_APPOINTMENT: "coalesce(last_appointment, '-infinity'::timestamptz)",
    PatientSort.UNIQUE_ID: "unique_id",
    PatientSort.NAME: "name_key",
}


async def _far_behind(system: System, api: Api, wanted: PatientSearch) -> str:
    """The cursor of about the thousandth page, as the service makes it: nobody turns a thousand pages here."""
    assert api.session is not None
    way = "ASC" if wanted.order == "ascending" else "DESC"
    key = _KEYS[wanted.sort]
    narrowed = "tags && $2" if wanted.tags_any else "entry_count > 0 AND $2::uuid[] IS NOT NULL"
    narrowed = narrowed if wanted.tags_any or wanted.entries else "$2::uuid[] IS NOT NULL"
    rows = await _connected(system, "patients")
    await rows.execute("SET timezone = 'UTC'")
    found = await rows.fetchrow(
        f"SELECT {key}::text AS key, id FROM patients WHERE site = ANY($1) AND {narrowed} AND {LISTED} "  # noqa: S608 - ours
        f"ORDER BY {key} {way}, id {way} OFFSET {THOUSANDTH} LIMIT 1",
        [site.site for site in api.session.sites],
        wanted.tags_any,
    )
    await rows.close()
    assert found is not None
    cursors = Cursors(key_bytes(SecretStr(system.stack.secrets.ensure("patients", "signing_key"))))
    actor = Actor("user", "gateway", user=api.session.user)
    asked = wanted.model_dump_json(exclude={"limit", "cursor"})
    of_search = cursors.of(Call(actor), "patients", asked)
    return of_search.sealed([found["key"], str(found["id"]), False])


async def _against_sql(system: System, api: Api, sites: Sequence[UUID]) -> float:
    """Median of a page over HTTP by that of its own statement on an open connection, in turn."""
    rows = await _connected(system, "patients")
    statement, chosen = Query(PatientSearch(), sites, [], None, COUNTED).everyone(count=True)
    shown = PatientsListed(request="rpc.patients.search", patients=[])
    said = shown.model_dump_json(exclude={"id", "site", "patients"})[1:]
    recorded = (shown.subject, shown.at, said, Origin(service="patients").model_dump_json(exclude_defaults=True), None)
    ours, theirs = [], []
    for _ in range(40):
        ours.append(await _took(api, {}))
        taken_back = rows.transaction()
        await taken_back.start()
        began = time.perf_counter()
        await rows.fetch(statement, *chosen, *recorded)
        theirs.append(1000 * (time.perf_counter() - began))
        await taken_back.rollback()
    await rows.close()
    print(f"  a page {statistics.median(ours):.1f} ms, its statement {statistics.median(theirs):.1f} ms", flush=True)
    return statistics.median(ours) / statistics.median(theirs)


async def _connected(system: System, database: str) -> asyncpg.Connection:
    """As the superuser."""
    postgres = system.stack.embedded.postgres
    secret = quote(postgres.password, safe="")
    return await asyncpg.connect(f"postgresql://postgres:{secret}@127.0.0.1:{postgres.port}/{database}")
