"""Nobody changes records: the service's role may not, and the owner's is refused by triggers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg
import pytest

from dermfolio.audit.app import service
from dermfolio.audit.models import APPEND_ONLY, metadata
from dermfolio.audit.protection import GRANTS, UnprotectedTrailError, ensure_only_appends
from dermfolio.common.plumbing import LISTENER
from dermfolio.common.testing import Ground
from dermfolio.contracts.messages import now
from dermfolio.local.testing import NewDatabase, NewOwnedDatabase

from .conftest import MIGRATIONS, migrated, settings_on

if TYPE_CHECKING:
    from .conftest import Producers, Trail

KEPT = [table.name for table in APPEND_ONLY]
CHANGES = [
    "UPDATE {} SET mac = mac",
    "UPDATE {} SET mac = mac WHERE false",
    "DELETE FROM {}",
    "TRUNCATE {}",
]


def months() -> str:
    """The partition of this month."""
    return f"trail_{now():%Y_%m}"


async def refused(url: str, statement: str) -> str:
    """Run a statement that is refused; returns the refusal."""
    connection = await asyncpg.connect(url)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError) as refusal:
            await connection.execute(statement)
        return str(refusal.value)
    finally:
        await connection.close()


@pytest.mark.req("AUD-3")
@pytest.mark.parametrize("table", [*KEPT, "a month"])
async def test_the_service_may_not_change_what_it_wrote_and_its_owner_is_refused_too(
    trail: Trail, producers: Producers, table: str
) -> None:
    producers.images.say()
    await trail.take_up(producers.images)
    for change in CHANGES:
        statement = change.format(months() if table == "a month" else table)
        assert "permission denied for table" in await refused(trail.owned.url, statement)
        assert "only ever appended to" in await refused(trail.owned.owners_url, statement)
    assert (await trail.verify()).records == 1


@pytest.mark.req("AUD-3")
async def test_the_service_may_not_do_what_leads_there_either(trail: Trail) -> None:
    for statement in (
        "ALTER TABLE trail DISABLE TRIGGER append_only",
        "DROP TABLE trail",
        "DROP TRIGGER append_only ON trail",
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "CREATE TABLE beside (LIKE trail)",
        "DELETE FROM trail_head",
        "INSERT INTO trail_head (position, mac) VALUES (0, '')",
        "UPDATE chain_keys SET key_check = ''",
        "DELETE FROM cursors",
        "SET session_replication_role = replica",
    ):
        await refused(trail.owned.url, statement)


async def test_a_session_that_plays_a_replica_cannot_change_records_either(trail: Trail) -> None:
    with pytest.raises(RuntimeError, match="only ever appended to"):
        trail.postgres.execute("SET session_replication_role = replica; DELETE FROM trail", database=trail.database)


def test_every_table_has_its_grants() -> None:
    tables = {*metadata.tables, *(table.name for table in LISTENER.tables)}
    assert {f"TABLE {name}" for name in tables} == {thing for thing in GRANTS if thing.startswith("TABLE")}


@pytest.mark.req("AUD-3")
@pytest.mark.parametrize(
    ("granted", "where"),
    [
        ("GRANT DELETE ON trail TO {}", "trail"),
        ("GRANT UPDATE (mac) ON trail TO {}", "trail"),
        ("GRANT TRUNCATE ON {month} TO {}", "trail_"),
        ("GRANT TRIGGER ON trail TO {}", "trail"),
        ("GRANT {}_owner TO {}", "trail"),
        ("ALTER ROLE {} SUPERUSER", "trail"),
    ],
)
async def test_a_service_that_could_change_records_does_not_start(
    trail: Trail, producers: Producers, granted: str, where: str
) -> None:
    producers.images.say()
    await trail.take_up(producers.images)
    await ensure_only_appends(trail.db)
    trail.postgres.execute(granted.format(*[trail.database] * 2, month=months()), database=trail.database)
    with pytest.raises(UnprotectedTrailError, match=rf"the role {trail.database} may change records in {where}"):
        await ensure_only_appends(trail.db)
    await migrated(trail.owned)
    if "ON" in granted:
        await ensure_only_appends(trail.db)  # each migration puts grants right


async def test_a_service_that_owns_its_tables_does_not_start(ground: Ground, new_database: NewDatabase) -> None:
    settings = settings_on(ground, new_database("audit"), "http://127.0.0.1:1")
    with pytest.raises(UnprotectedTrailError, match="have another role own the database of audit"):
        async with ground.running("audit", settings, service, MIGRATIONS):
            pytest.fail("it started")


@pytest.mark.req("AUD-3")
async def test_what_the_service_owned_before_is_taken_over(
    trail: Trail, producers: Producers, new_owned_database: NewOwnedDatabase
) -> None:
    """As `make run` does it on an installation of before."""
    producers.images.say()
    await trail.take_up(producers.images)
    everything = f"REASSIGN OWNED BY {trail.database}_owner TO {trail.database}"
    trail.postgres.execute(everything, database=trail.database)
    with pytest.raises(UnprotectedTrailError):
        await ensure_only_appends(trail.db)
    trail.postgres.execute(f"REASSIGN OWNED BY {trail.database} TO {trail.database}_owner", database=trail.database)
    await migrated(trail.owned)
    await ensure_only_appends(trail.db)
    producers.images.say()
    await trail.take_up(producers.images)
    assert (await trail.verify()).records == 2


async def test_a_migration_grants_what_the_service_needs_and_takes_the_rest_away(trail: Trail) -> None:
    trail.postgres.execute(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {trail.database}", database=trail.database)
    await migrated(trail.owned)
    async with trail.db.read() as rows:
        rights_by_table = await rows.fetch(
            "SELECT table_name, string_agg(privilege_type, ', ') AS rights "
            "FROM information_schema.table_privileges WHERE grantee = current_user GROUP BY 1"
        )
    found = {f"TABLE {row['table_name']}": set(row["rights"].split(", ")) for row in rights_by_table}
    wanted = {"TABLE alembic_version": "SELECT", **GRANTS}
    assert found == {thing: set(rights.split(", ")) for thing, rights in wanted.items() if thing.startswith("TABLE")}
