"""Composition root of images."""

from contextlib import AbstractAsyncContextManager
from typing import Any
from uuid import UUID

from dermfolio.common.blobs import Blobs
from dermfolio.common.bus import Consumer
from dermfolio.common.data_keys import DataKeys
from dermfolio.common.follow import Follower
from dermfolio.common.host import Parts
from dermfolio.common.outbox import replay
from dermfolio.common.service import Chore, Service
from dermfolio.contracts.comparisons import FREEING, HoldForComparison
from dermfolio.contracts.images import (
    CheckUpload,
    GetImage,
    ImagesAccessDenied,
    IngestImage,
    ListPool,
    LocateOriginal,
    LocateRendition,
    RegisterImage,
    RetryIngest,
)
from dermfolio.contracts.moving import CarryImage, MoveImage
from dermfolio.contracts.patients import GetDataKey
from dermfolio.contracts.reconciling import ReconcileImages
from dermfolio.contracts.recount import CountImages, ListKnownImages
from dermfolio.contracts.replay import ReplayImages
from dermfolio.contracts.rotation import TurnImage
from dermfolio.contracts.streams import IMAGES_INGEST, IMAGES_MOVE, IMAGES_ROTATE
from dermfolio.contracts.tags import TagImage, UntagImage
from dermfolio.contracts.workspaces import ChangeWorkspace, GetWorkspace, ListWorkspaces
from dermfolio.images.carry import Carry
from dermfolio.images.decoding import DecodingPool
from dermfolio.images.edit_handlers import EditHandlers
from dermfolio.images.gauges import gauges
from dermfolio.images.handlers import Handlers
from dermfolio.images.holds import let_go
from dermfolio.images.ingest import Ingest
from dermfolio.images.reconcile import Reconciler
from dermfolio.images.register import Registrar
from dermfolio.images.revisions import Revisions
from dermfolio.images.scrub import Scrub
from dermfolio.images.settings import ImagesSettings
from dermfolio.images.turn import Turn


def service(settings: ImagesSettings, parts: Parts) -> Service:
    """Say what images is made of."""
    blobs = Blobs(
        settings.s3_endpoint,
        settings.s3_bucket,
        access_key=settings.s3_access_key.get_secret_value(),
        secret_key=settings.s3_secret_key.get_secret_value(),
    )

    async def data_key(patient: UUID) -> str:
        return (await parts.requests.ask(GetDataKey(patient=patient))).key

    decoding = DecodingPool(
        workers=settings.decoding_workers, seconds=settings.decoding_seconds, memory_mb=settings.decoding_memory_mb
    )
    data_keys = DataKeys(data_key)
    revisions = Revisions(blobs, data_keys)
    ingest = Ingest(parts.db, parts.requests, blobs, revisions, decoding.develop)
    turn = Turn(parts.db, revisions, decoding.develop)
    carry = Carry(parts.db, blobs, data_keys)
    reconciler = Reconciler(
        parts.db,
        blobs,
        after=settings.sweep_after,
        grace=settings.quarantine,
        missing_at_most=settings.missing_at_most,
        strays_at_most=settings.strays_at_most,
    )
    scrub = Scrub(
        parts.db,
        blobs,
        data_keys,
        at_once=settings.scrub_at_once,
        again_after=settings.scrub_again_after,
        missing_at_most=settings.missing_at_most,
    )
    h = Handlers(parts, Registrar(parts.db, parts.requests, blobs))
    resources: list[AbstractAsyncContextManager[Any]] = [blobs] if parts.role == "serve" else [blobs, decoding]
    return Service(
        "images",
        answers={
            RegisterImage: h.register,
            CheckUpload: h.check_upload,
            GetImage: h.get,
            ListPool: h.list_pool,
            RetryIngest: h.retry,
            MoveImage: h.move,
            GetWorkspace: h.workspaces.get,
            ListWorkspaces: h.workspaces.list,
            ChangeWorkspace: h.workspaces.change,
            HoldForComparison: h.workspaces.hold,
            LocateRendition: h.locate_rendition,
            LocateOriginal: h.locate_original,
            CountImages: h.count,
            ListKnownImages: h.known,
            TagImage: h.tag,
            UntagImage: h.untag,
            **EditHandlers(parts).answers(),
            ReconcileImages: reconciler.answer,
            ReplayImages: replay(parts.db, ["patients", "audit"]),
        },
        consumers=[
            Consumer(
                IMAGES_INGEST,
                {IngestImage: ingest},
                concurrency=settings.decoding_workers + 1,  # one fetches while the others decode
                on_buried=ingest.buried,
            ),
            Consumer(IMAGES_MOVE, {CarryImage: carry}, concurrency=1, on_buried=carry.buried),
            Consumer(IMAGES_ROTATE, {TurnImage: turn}, concurrency=settings.decoding_workers, on_buried=turn.buried),
        ],
        followers=[Follower("images-registration", ("registration",), let_go, FREEING)],
        chores=[
            Chore("reconcile", settings.sweep_every_minutes * 60, reconciler),
            Chore("scrub", settings.scrub_every_minutes * 60, scrub),
        ],
        gauges=[gauges(parts.db)],
        denied=ImagesAccessDenied,
        resources=resources,
        checks={"store": blobs.check},
    )
