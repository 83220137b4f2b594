"""What is recorded of looking at photographs, at each level of the trail."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from dermfolio.common.auth import Call
from dermfolio.common.testing import at, eventually
from dermfolio.contracts.images import (
    GetImage,
    ImageViewed,
    ListPool,
    LocateOriginal,
    LocateRendition,
    OriginalDownloaded,
    PoolViewed,
    RenditionViewed,
)
from dermfolio.contracts.messages import Request
from dermfolio.contracts.roles import Role
from dermfolio.contracts.sharing import SharePatient

from .conftest import Clinic
from .photographs import photograph

pytestmark = pytest.mark.req("AUD-2")


async def recorded(clinic: Clinic, request: Request[Any], call: Call) -> list[str]:
    """The records that a request leaves."""
    async with clinic.db.read() as rows:
        before = await rows.fetchval("SELECT coalesce(max(position), 0) FROM outbox")
    await clinic.ask.ask_raw(request, call)
    async with clinic.db.read() as rows:
        return [row["subject"] for row in await rows.fetch("SELECT subject FROM outbox WHERE position > $1", before)]


async def looked_at(clinic: Clinic, image: UUID, call: Call) -> list[list[str]]:
    """The records that each way of looking leaves."""
    patient = clinic.patient
    requests: list[Request[Any]] = [
        GetImage(patient=patient, image=image),
        LocateRendition(patient=patient, image=image, size=320),
        LocateRendition(patient=patient, image=image, size=1280),
        ListPool(patient=patient),
        LocateOriginal(patient=patient, image=image),
    ]
    return [await recorded(clinic, request, call) for request in requests]


async def test_essential_leaves_out_what_is_looked_at_unless_it_is_shared_and_never_a_download(clinic: Clinic) -> None:
    image = uuid4()
    await clinic.upload(photograph(), image)
    await clinic.settled(image)
    downloaded = [OriginalDownloaded.subject]
    everything = [[ImageViewed.subject], [], [RenditionViewed.subject], [PoolViewed.subject], downloaded]
    assert await looked_at(clinic, image, clinic.call) == everything

    await clinic.identity.decide("essential")

    async def in_force() -> bool:
        return await recorded(clinic, GetImage(patient=clinic.patient, image=image), clinic.call) == []

    await eventually(in_force)
    assert await looked_at(clinic, image, clinic.call) == [[], [], [], [], downloaded]
    elsewhere = clinic.identity.open("Elsewhere")
    admin = clinic.ground.call(at(clinic.site, Role.SITE_ADMIN))
    await clinic.ask.ask(SharePatient(patient=clinic.patient, site=elsewhere), admin)
    for call in (clinic.call, clinic.ground.call(at(elsewhere, Role.VIEWER))):
        assert await looked_at(clinic, image, call) == everything
