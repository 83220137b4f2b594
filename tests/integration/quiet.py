"""I7: once quiet, outboxes are empty, consumers stand at the head, and dead letters are only for real poison."""

import asyncio
import time

import asyncpg
import nats.errors
import nats.js.errors

from dermfolio.contracts.streams import CONSUMERS, DEAD, JOBS

from .story import Story
from .truth import FOLLOWED, PRODUCERS, Truth

QUIET_SECONDS = 180.0
_LOOK_AGAIN_SECONDS = 0.25
_STILL_SECONDS = 0.75
"""Nothing may move for as long: what one looks at changes while one looks at another."""


async def until_quiet(truth: Truth, *, seconds: float = QUIET_SECONDS) -> list[str]:
    """Wait until nothing moves any more; returns what still moved in the end."""
    deadline = time.monotonic() + seconds
    still_since: float | None = None
    while True:
        try:
            moving = await unrest(truth)
        except (asyncpg.PostgresError, nats.errors.Error, nats.js.errors.Error, OSError, TimeoutError) as error:
            moving = [f"looking failed: {type(error).__name__}: {error}"]
        if moving:
            still_since = None
            if time.monotonic() > deadline:
                return [f"I7 not quiet after {seconds:.0f} s: {what}" for what in moving]
        elif still_since is None:
            still_since = time.monotonic()
        elif time.monotonic() - still_since > _STILL_SECONDS:
            return []
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)


async def unrest(truth: Truth) -> list[str]:
    """What is still under way."""
    found: list[str] = []

    def expect(count: int, what: str) -> None:
        if count:
            found.append(f"{count} {what}")

    for service in PRODUCERS:
        expect(
            await truth.value(service, "SELECT count(*) FROM outbox WHERE published_at IS NULL"),
            f"waiting in the outbox of {service}",
        )
        expect(
            await truth.value(service, "SELECT count(*) FROM inbox WHERE state = 'open'"),
            f"open in the inbox of {service}",
        )
        expect(await truth.value(service, _JOBS_NOT_DONE), f"jobs of {service} not done")
    expect(
        await truth.value("images", "SELECT count(*) FROM images WHERE state = 'processing'"), "images in processing"
    )
    heads = {p: await truth.value(p, "SELECT seq FROM outbox_head") for p in PRODUCERS}
    for database, follower, producers in FOLLOWED:
        reached = {
            row["producer"]: row["seq"]
            for row in await truth.rows(database, "SELECT producer, seq FROM cursors WHERE follower = $1", follower)
        }
        for producer in producers:
            expect(heads[producer] - reached.get(producer, 0), f"facts of {producer} not taken up by {follower}")
    expect(await truth.messages(JOBS.name), "messages in JOBS")
    for consumer in CONSUMERS:
        expect(await truth.open_jobs(consumer), f"open at {consumer.name}")
    return found


_JOBS_NOT_DONE = """
SELECT count(*) FROM outbox WHERE kind = 'job'
AND NOT EXISTS (SELECT FROM inbox WHERE inbox.message = outbox.id AND inbox.state <> 'open')
"""


async def dead_letters(truth: Truth, story: Story) -> list[str]:
    """Nothing in these storms is poison."""
    count = await truth.messages(DEAD.name)
    return [f"I7 {count} dead letters"] if count else []
