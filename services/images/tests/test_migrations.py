"""Rows that an earlier version wrote."""

import json
from datetime import UTC, datetime
from uuid import uuid4

import asyncpg
from alembic import command

from dermfolio.images.places import dated
from dermfolio.local.revisions import migrate
from dermfolio.local.testing import NewDatabase

from .conftest import MIGRATIONS

BEFORE = [{"size": size, "width": 1, "height": 1, "bytes": 1} for size in (2560, 1280, 320)]


async def test_renditions_that_did_not_say_what_they_are_are_webp(new_database: NewDatabase) -> None:
    url = new_database("images")
    await migrate(url, MIGRATIONS, command.upgrade, "0001")
    ready, waiting = uuid4(), uuid4()
    rows = await asyncpg.connect(url)
    for image, renditions in ((ready, BEFORE), (waiting, [])):
        await rows.execute(
            "INSERT INTO images VALUES ($1, $1, $1, 'processing', null, 'a', null, 1, $2, $1, 1, 2, 1, 1, $3, null,"
            " now(), now(), $1, 1)",
            image,
            str(image),
            json.dumps(renditions),
        )
    await migrate(url, MIGRATIONS, command.upgrade, "0002")
    after = {r["id"]: json.loads(r["renditions"]) for r in await rows.fetch("SELECT id, renditions FROM images")}
    assert after == {ready: [r | {"media_type": "image/webp"} for r in BEFORE], waiting: []}
    await migrate(url, MIGRATIONS, command.downgrade, "0001")
    after = {r["id"]: json.loads(r["renditions"]) for r in await rows.fetch("SELECT id, renditions FROM images")}
    assert after == {ready: BEFORE, waiting: []}
    await rows.close()


async def test_photographs_keep_the_order_of_their_dates(new_database: NewDatabase) -> None:
    url = new_database("images")
    await migrate(url, MIGRATIONS, command.upgrade, "0006")
    moments = [datetime(year, 3, 12, 9, 30, 0, 123456, tzinfo=UTC) for year in (1965, 1999, 2026)]
    images = {uuid4(): moment for moment in moments}
    rows = await asyncpg.connect(url)
    for image, moment in images.items():
        await rows.execute(
            "INSERT INTO images (id, patient, site, state, file_name, bytes, sha256, attempt, revision, next_revision,"
            " renditions, effective_at, uploaded_at, uploaded_by, version)"
            " VALUES ($1, $1, $1, 'processing', 'a', 1, $2, $1, 0, 1, '[]', $3, now(), $1, 1)",
            image,
            str(image),
            moment,
        )
    await migrate(url, MIGRATIONS, command.upgrade, "0007")
    after = {r["id"]: r["place"] for r in await rows.fetch("SELECT id, place FROM images ORDER BY place")}
    assert after == {image: dated(moment, image) for image, moment in images.items()}
    assert list(after) == list(images)
    await migrate(url, MIGRATIONS, command.downgrade, "0006")
    await rows.close()
