"""Composition root of audit."""

from functools import partial

from dermfolio.audit.append import Writer
from dermfolio.audit.checkpoints import Checkpointer
from dermfolio.audit.deliveries import Delivery, Destination
from dermfolio.audit.handlers import Handlers
from dermfolio.audit.keep import Keeper
from dermfolio.audit.keys import ensure_same_keys
from dermfolio.audit.note_file import NoteFile
from dermfolio.audit.note_store import NoteStore
from dermfolio.audit.note_syslog import NoteSyslog
from dermfolio.audit.protection import ensure_only_appends
from dermfolio.audit.settings import AuditSettings
from dermfolio.audit.signing import CheckpointKeys
from dermfolio.audit.verify import Verifier
from dermfolio.common.follow import Follower
from dermfolio.common.host import Parts
from dermfolio.common.service import Chore, Service
from dermfolio.common.settings import key_bytes
from dermfolio.contracts.audit import (
    AppendRecord,
    BeginExport,
    EndExport,
    ListHistory,
    ListTrail,
    ReadExport,
    VerifyTrail,
)
from dermfolio.contracts.replay import REPLAYS

CHECK_SECONDS = 5.0
"""How often is looked whether a checkpoint is due, and whether one is to be brought somewhere."""


def service(settings: AuditSettings, parts: Parts) -> Service:
    """Say what audit is made of."""
    writer = Writer(settings.keys)
    keys = CheckpointKeys(parts.db, key_bytes(settings.checkpoint_key), settings.retired_checkpoint_keys)
    checkpointer = Checkpointer(
        parts.db, keys, every_records=settings.checkpoint_every_records, every=settings.checkpoint_every
    )
    store = store_of(settings)
    h = Handlers(parts, Keeper(parts.db, writer), Verifier(parts.db, parts.requests, settings.keys, keys, store))
    return Service(
        "audit",
        answers={
            AppendRecord: h.append,
            ListTrail: h.list,
            BeginExport: h.begin_export,
            ReadExport: h.read_export,
            EndExport: h.end_export,
            ListHistory: h.history,
            VerifyTrail: h.verify,
        },
        followers=[follower_of(writer)],
        chores=[
            Chore("checkpoints", CHECK_SECONDS, checkpointer.sign_if_due),
            *(
                Chore(f"deliver_{place.name.partition(':')[0]}", CHECK_SECONDS, Delivery(parts.db, place).deliver)
                for place in [store, *outside_of(settings)]
            ),
        ],
        resources=[checkpointer],
        on_start=partial(_ensure_fit, settings, parts),
    )


def store_of(settings: AuditSettings) -> NoteStore:
    """The object store, as the place of checkpoints."""
    return NoteStore(
        settings.s3_endpoint,
        settings.checkpoint_bucket,
        access_key=settings.s3_access_key.get_secret_value(),
        secret_key=settings.s3_secret_key.get_secret_value(),
    )


def outside_of(settings: AuditSettings) -> list[Destination]:
    """Where checkpoints are brought besides."""
    outside: list[Destination] = []
    if settings.checkpoint_file is not None:
        outside.append(NoteFile(settings.checkpoint_file))
    if settings.checkpoint_syslog is not None:
        host, _, port = settings.checkpoint_syslog.rpartition(":")
        outside.append(NoteSyslog(host, int(port), settings.checkpoint_syslog_ca))
    return outside


async def _ensure_fit(settings: AuditSettings, parts: Parts) -> None:
    await ensure_only_appends(parts.db)
    await ensure_same_keys(parts.db, settings.keys)


def follower_of(writer: Writer) -> Follower:
    """Say how facts reach the trail: all of every producer, and none is stepped over."""
    return Follower("trail", tuple(REPLAYS), writer.take_up, buries=False)
