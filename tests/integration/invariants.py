"""The invariants I1 to I7 and, for events, I10, checked once a storm is over.

What a later service adds joins `FIRST_CHECKS` (they ask through the API, and so add facts) or `LAST_CHECKS`.
"""

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

from dermfolio.common.blobs import Blobs
from dermfolio.common.db import Database
from dermfolio.contracts.views.images import RENDITION_SIZES, ImageState
from dermfolio.images import keys
from dermfolio.images.reconcile import Reconciler
from dermfolio.local.servers.object_store import BUCKET
from dermfolio.local.stack import Stack

from .quiet import dead_letters, until_quiet
from .story import Story
from .trail import chain_is_whole, one_record_per_fact
from .truth import Truth, looking_into
from .uploading import Kind, Seen

Check = Callable[[Truth, Story], Awaitable[list[str]]]

TOLD_SECONDS = 60.0
"""A socket that was cut off comes back and catches up."""


async def what_is_wrong(stack: Stack, story: Story) -> list[str]:
    """Wait for quiet, sweep what nothing claims, and return every violation as a sentence."""
    async with looking_into(stack) as truth:
        wrong = await until_quiet(truth)
        for check in FIRST_CHECKS:
            wrong += await check(truth, story)
        await sweep(stack)
        wrong += await until_quiet(truth)
        for check in LAST_CHECKS:
            wrong += await check(truth, story)
    return wrong


async def sweep(stack: Stack) -> None:
    """Remove what no image claims, at once; nothing may be under way."""
    environment = stack.environment_of("images")

    def secret(name: str) -> str:
        return stack.secrets.ensure("images", name)

    blobs = Blobs(
        environment["DERMFOLIO_S3_ENDPOINT"],
        BUCKET,
        access_key=secret("s3_access_key"),
        secret_key=secret("s3_secret_key"),
    )
    async with Database(environment["DERMFOLIO_DATABASE_URL"], secret("database_password")) as db, blobs:
        await Reconciler(db, blobs, after=timedelta(0), grace=timedelta(0))()


async def everything_is_readable(truth: Truth, story: Story) -> list[str]:
    """I1, and of I5 that objects open: read back through the API, at any gateway."""
    wrong: list[str] = []
    for image, seen in story.became_images().items():
        wrong += await _read_back(story, image, seen)
    return wrong


async def _read_back(story: Story, image: UUID, seen: Seen) -> list[str]:
    ask, patient = story.browser.insist, story.patient
    view = await ask(lambda api: api.get_image(patient, image))
    if view.sha256 != seen.sha256 or view.state is not seen.end:
        return [f"I1 {image} ({seen.kind}) is {view.state} with SHA-256 {view.sha256[:8]}"]
    if view.state is not ImageState.READY:
        return []
    wrong: list[str] = []
    original = await ask(lambda api: api.get_original(patient, image))
    if hashlib.sha256(original).hexdigest() != seen.sha256:
        wrong.append(f"I1 the original of {image} came back with other bytes")
    for rendition in view.renditions:
        data = await ask(lambda api, size=rendition.size: api.get_rendition(patient, image, size))  # type: ignore[misc]
        if len(data) != rendition.bytes or data[8:12] != b"WEBP":
            wrong.append(f"I5 rendition {rendition.size} of {image} came back with other bytes")
    if {r.size for r in view.renditions} != {*RENDITION_SIZES}:
        wrong.append(f"I5 {image} has renditions {[r.size for r in view.renditions]}")
    return wrong


async def only_what_was_accepted_exists(truth: Truth, story: Story) -> list[str]:
    """I2, and I1 for rows: they are those that clients were told of, and no other."""
    rows = await truth.rows("images", "SELECT id, sha256 FROM images WHERE patient = $1", story.patient)
    exist = {row["id"]: row["sha256"] for row in rows}
    told = story.became_images()
    wrong = [f"I2 {image} exists, and nobody was told of it" for image in exist.keys() - told.keys()]
    wrong += [f"I1 {image} was accepted and has no row" for image in told.keys() - exist.keys()]
    refused = [s for s in story.seen if s.image is None]
    wrong += [f"I2 {s.id} was refused as {s.outcome} and exists" for s in refused if exist.get(s.id) == s.sha256]
    nowhere = [s.patient for s in refused if s.kind is Kind.NO_PATIENT]
    admitted = await truth.value("patients", "SELECT count(*) FROM admissions WHERE patient = ANY($1)", nowhere)
    elsewhere = await truth.value("images", "SELECT count(*) FROM images WHERE patient = ANY($1)", nowhere)
    if admitted or elsewhere:
        wrong.append(f"I2 patients that do not exist have {admitted} admissions and {elsewhere} images")
    return wrong


async def every_upload_got_its_answer(truth: Truth, story: Story) -> list[str]:
    """Of I3: what is refused and what is taken does not depend on what failed meanwhile."""
    wanted = {
        Kind.REUSED_ID: {"image_id_used"},
        Kind.NO_PATIENT: {"not_found"},
        Kind.COPY: {"accepted", "duplicate"},
    }
    return [
        f"I3 {s.id} ({s.kind}) was answered with {s.outcome}"
        for s in story.seen
        if s.outcome not in wanted.get(s.kind, {"accepted"})
    ]


async def nothing_happened_twice(truth: Truth, story: Story) -> list[str]:
    """I3: one photograph per content, one answer per upload, one fact and one job per step of a photograph's life."""
    by_content: dict[str, set[UUID]] = {}
    by_upload: dict[UUID, set[UUID]] = {}
    for seen in story.seen:
        if seen.image is not None:
            by_content.setdefault(seen.sha256, set()).add(seen.image)
            by_upload.setdefault(seen.id, set()).add(seen.image)
    wrong = [f"I3 {len(images)} photographs of the same bytes" for images in by_content.values() if len(images) > 1]
    wrong += [
        f"I3 upload {upload} has {len(images)} answers" for upload, images in by_upload.items() if len(images) > 1
    ]
    said = await truth.rows("images", _SAID, str(story.patient))
    counted = {(row["subject"], UUID(row["about"])): row["count"] for row in said}
    duplicates = {s.id for s in story.seen if s.image is not None and s.image != s.id}
    wanted = {("evt.images.duplicate", upload): 1 for upload in duplicates}
    for image, seen in story.became_images().items():
        end = "ingested" if seen.end is ImageState.READY else "rejected"
        steps = ("evt.images.registered", "job.images.ingest", f"evt.images.{end}")
        wanted |= {(subject, image): 1 for subject in steps}
    for subject, about in sorted(wanted.keys() | counted.keys()):
        found, due = counted.get((subject, about), 0), wanted.get((subject, about), 0)
        if found != due:
            wrong.append(f"I3 {subject} of {about}: {found} times instead of {due}")
    return wrong


async def counts_equal_a_recount(truth: Truth, story: Story) -> list[str]:
    """I4: the patient's count, the rows, the pool's total, the pool itself, and the count that was announced last."""
    ask, patient = story.browser.insist, story.patient
    counts = {
        "uploads": sum(s.end is ImageState.READY for s in story.became_images().values()),
        "rows": await truth.value("images", _RECOUNT, patient),
        "projection": await truth.value("patients", _PROJECTED, patient),
        "count": (await ask(lambda api: api.get_patient(patient))).image_count,
        "pool": len({i.id for i in await ask(lambda api: api.whole_pool(patient))}),
        "total": (await ask(lambda api: api.list_images(patient, limit=1))).total,
        "announced": await truth.value("patients", _ANNOUNCED, str(patient)),
    }
    return [] if len(set(counts.values())) == 1 else [f"I4 counts differ: {counts}"]


async def rows_and_objects_match(truth: Truth, story: Story) -> list[str]:
    """I5: every row has its objects, every object its row."""
    claimed: set[str] = set()
    for row in await truth.rows("images", "SELECT id, attempt, revision, state, rotated_bytes FROM images"):
        if row["state"] != ImageState.REJECTED:
            claimed.add(keys.original(row["id"], row["attempt"]))
        if row["state"] == ImageState.READY:
            claimed |= {keys.rendition(row["id"], row["revision"], size) for size in RENDITION_SIZES}
            if row["rotated_bytes"] is not None:
                claimed.add(keys.rotated(row["id"], row["revision"]))
    stored = set(await truth.objects())
    return [f"I5 {key} is missing" for key in claimed - stored] + [
        f"I5 nobody claims {key}" for key in stored - claimed
    ]


async def everybody_was_told(truth: Truth, story: Story) -> list[str]:
    """I10 for events: a second user's screen shows every photograph without a reload."""
    deadline = time.monotonic() + TOLD_SECONDS
    while (wrong := _not_shown(story)) and time.monotonic() < deadline:  # noqa: ASYNC110 - sockets are elsewhere
        await asyncio.sleep(0.1)
    return wrong


def _not_shown(story: Story) -> list[str]:
    wrong: list[str] = []
    for listener in story.listeners:
        if (fault := listener.fault()) is not None:
            wrong.append(f"I10 {listener.name} ended: {fault!r}")
        for image, seen in story.became_images().items():
            # a rejected file is in no pool: who was told to fetch again may never have met it
            shown = listener.screen.get(image)
            if shown is not seen.end and not (shown is None and seen.kind is Kind.DAMAGED and listener.resyncs):
                wrong.append(f"I10 {listener.name} shows {image} as {shown} instead of {seen.end}")
    return wrong


FIRST_CHECKS: tuple[Check, ...] = (everything_is_readable, counts_equal_a_recount, every_upload_got_its_answer)

LAST_CHECKS: tuple[Check, ...] = (
    only_what_was_accepted_exists,
    nothing_happened_twice,
    rows_and_objects_match,
    one_record_per_fact,
    chain_is_whole,
    everybody_was_told,
    dead_letters,
)

_SAID = """
SELECT subject, coalesce(payload ->> 'upload', payload ->> 'image') AS about, count(*) FROM outbox
WHERE payload ->> 'patient' = $1 AND subject = ANY('{evt.images.registered,evt.images.ingested,evt.images.rejected,
evt.images.failed,evt.images.duplicate,job.images.ingest}') GROUP BY 1, 2
"""
_RECOUNT = "SELECT count(*) FROM images WHERE patient = $1 AND state <> 'rejected'"
_PROJECTED = "SELECT count(*) FROM pooled_images WHERE patient = $1 AND counts"
_ANNOUNCED = """
SELECT coalesce((SELECT (payload ->> 'image_count')::int FROM outbox WHERE subject = 'evt.patients.counted'
AND payload ->> 'patient' = $1 ORDER BY (payload ->> 'version')::int DESC LIMIT 1), 0)
"""
