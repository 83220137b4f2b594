"""Composition root of audit."""

from functools import partial

from dermfolio.audit.append import Writer
from dermfolio.audit.handlers import Handlers
from dermfolio.audit.keep import Keeper
from dermfolio.audit.keys import ensure_same_keys
from dermfolio.audit.protection import ensure_only_appends
from dermfolio.audit.settings import AuditSettings
from dermfolio.common.follow import Follower
from dermfolio.common.host import Parts
from dermfolio.common.service import Service
from dermfolio.contracts.audit import AppendRecord, ListHistory, ListTrail, VerifyTrail
from dermfolio.contracts.replay import REPLAYS


def service(settings: AuditSettings, parts: Parts) -> Service:
    """Say what audit is made of."""
    writer = Writer(settings.keys)
    h = Handlers(parts, Keeper(parts.db, writer), settings.keys)
    return Service(
        "audit",
        answers={AppendRecord: h.append, ListTrail: h.list, ListHistory: h.history, VerifyTrail: h.verify},
        followers=[follower_of(writer)],
        on_start=partial(_ensure_fit, settings, parts),
    )


async def _ensure_fit(settings: AuditSettings, parts: Parts) -> None:
    await ensure_only_appends(parts.db)
    await ensure_same_keys(parts.db, settings.keys)


def follower_of(writer: Writer) -> Follower:
    """Say how facts reach the trail: all of every producer, and none is stepped over."""
    return Follower("trail", tuple(REPLAYS), writer.take_up, buries=False)
