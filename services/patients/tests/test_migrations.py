"""Patients that an earlier version wrote."""

from uuid import uuid4

import asyncpg
from alembic import command

from dermfolio.common.searching import searchable
from dermfolio.local.revisions import migrate
from dermfolio.local.testing import NewDatabase
from dermfolio.patients.searched import searched

from .conftest import MIGRATIONS

NAMES = ("Иван Ωμέγα", "田中 𐐷", "a<b>", "Zoë", "\U000f0000")


async def test_what_is_searched_is_written_anew_and_back(new_database: NewDatabase) -> None:
    url = new_database("patients")
    await migrate(url, MIGRATIONS, command.upgrade, "0012")
    rows = await asyncpg.connect(url)
    before = {}
    for name in NAMES:
        words = "".join(c if c.isascii() and c not in "<>" else f"<{ord(c):x}>" for c in searchable(name))
        before[uuid4()] = f" {words}"
    for number, (patient, words) in enumerate(before.items()):
        await rows.execute(
            "INSERT INTO patients (id, unique_id, site, record_numbers, image_count, entry_count, counted_version,"
            " searched, last_modified, created_at, created_by, version)"
            " VALUES ($1, $2, $1, '[]', 0, 0, 0, $3, now(), now(), $1, 1)",
            patient,
            f"p-{number}",
            words,
        )
    await migrate(url, MIGRATIONS, command.upgrade, "0013")
    after = {row["id"]: row["searched"] for row in await rows.fetch("SELECT id, searched FROM patients")}
    assert after == {patient: searched(name, (), ()) for patient, name in zip(before, NAMES, strict=True)}
    await migrate(url, MIGRATIONS, command.downgrade, "0012")
    assert {row["id"]: row["searched"] for row in await rows.fetch("SELECT id, searched FROM patients")} == before
    await rows.close()
