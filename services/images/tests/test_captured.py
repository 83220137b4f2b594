"""Effective dates by the camera's clock, where the installation's settings say so (POOL-5)."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermfolio.common.testing import eventually
from dermfolio.contracts.editing import DateImage
from dermfolio.contracts.images import ListPool
from dermfolio.contracts.messages import now
from dermfolio.contracts.views.editing import NewEffectiveDate
from dermfolio.contracts.views.images import ImageState, ImageView
from dermfolio.images import places
from dermfolio.images.app import service
from dermfolio.images.captured import instant
from dermfolio.images.reconcile import Reconciler

from .conftest import MIGRATIONS, Clinic
from .imaging.samples import exif, jpeg, texture

pytestmark = pytest.mark.req("POOL-5")

TAKEN = 0x9003
ZONES = st.sampled_from(sorted(available_timezones()))
MOMENTS = st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1))  # noqa: DTZ001 - a camera's


def taken(local: str | None, seed: int = 1) -> bytes:
    """A photograph whose camera says when it was taken."""
    return jpeg(texture(60, 40, seed), **({} if local is None else {"exif": exif({TAKEN: local})}))


async def uploaded(clinic: Clinic, local: str | None, seed: int = 1) -> ImageView:
    image = await clinic.settled((await clinic.upload(taken(local, seed))).image.id)
    assert image.state is ImageState.READY
    return image


async def test_the_time_of_upload_is_the_date_unless_the_installation_decides_otherwise(clinic: Clinic) -> None:
    image = await uploaded(clinic, "2024:05:06 07:08:09")
    assert image.effective_at == image.uploaded_at
    assert image.place == places.dated(image.uploaded_at, image.id)


async def test_the_camera_says_the_date_in_the_time_zone_of_the_site_where_the_installation_decides_so(
    clinic: Clinic,
) -> None:
    clinic.identity.effective_date_from, clinic.identity.time_zone = "capture", "Europe/Zurich"
    summer = await uploaded(clinic, "2024:07:06 00:30:00", 1)
    winter = await uploaded(clinic, "2024:01:06 00:30:00", 2)
    silent = await uploaded(clinic, None, 3)
    ahead = await uploaded(clinic, f"{now() + timedelta(hours=20):%Y:%m:%d %H:%M:%S}", 4)
    assert summer.effective_at == datetime(2024, 7, 5, 22, 30, tzinfo=UTC)
    assert winter.effective_at == datetime(2024, 1, 5, 23, 30, tzinfo=UTC)
    assert (silent.effective_at, ahead.effective_at) == (silent.uploaded_at, ahead.uploaded_at)
    assert {image.date_version for image in (summer, winter, silent, ahead)} == {0}
    pool = await clinic.ask.ask(ListPool(patient=clinic.patient), clinic.call)
    assert [image.id for image in pool.images] == [image.id for image in (ahead, silent, summer, winter)]
    assert all(image.place == places.dated(image.effective_at, image.id) for image in pool.images)


async def test_a_date_that_somebody_chose_meanwhile_stays(idle_clinic: Clinic) -> None:
    clinic = idle_clinic
    clinic.identity.effective_date_from = "capture"
    image = (await clinic.upload(taken("2024:05:06 07:08:09"))).image.id
    chosen = datetime(2023, 2, 3, 4, 5, tzinfo=UTC)
    new = NewEffectiveDate(effective_at=chosen)
    dated = await clinic.ask.ask(DateImage(patient=clinic.patient, image=image, new=new, version=0), clinic.call)
    async with clinic.ground.running("images", clinic.settings, service, MIGRATIONS, role="work"):
        after = await clinic.settled(image)
    assert (after.state, after.effective_at, after.date_version) == (ImageState.READY, chosen, 1)
    assert after.place == dated.place


async def test_what_is_made_again_keeps_its_date_whatever_is_decided_since(clinic: Clinic) -> None:
    before = await uploaded(clinic, "2024:05:06 07:08:09")
    clinic.identity.effective_date_from = "capture"
    await clinic.blobs.delete([f"renditions/{before.id}/{before.revision}/320.webp"])
    await Reconciler(clinic.db, clinic.blobs, after=timedelta(hours=1), grace=timedelta(0))()
    after = await clinic.settled(before.id)
    assert after.revision > before.revision
    assert (after.effective_at, after.place) == (before.effective_at, before.place)


async def test_while_the_rule_is_not_known_the_photograph_waits_rather_than_stand_under_a_wrong_date(
    clinic: Clinic,
) -> None:
    clinic.identity.effective_date_from, clinic.identity.dating_unavailable = "capture", True
    image = (await clinic.upload(taken("2024:05:06 07:08:09"))).image.id

    async def asked() -> bool:
        return clinic.identity.dating_asked > 0

    await eventually(asked)
    clinic.identity.dating_unavailable = False
    assert (await clinic.settled(image)).effective_at == datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        ("2024-10-27T02:30:00", "2024-10-27T00:30:00"),  # comes twice: the first
        ("2024-03-31T02:30:00", "2024-03-31T01:30:00"),  # is left out: as if the clocks still stood as before
        ("2024-03-31T01:59:59", "2024-03-31T00:59:59"),
        ("2024-03-31T03:00:00", "2024-03-31T01:00:00"),
    ],
)
def test_hours_that_come_twice_or_never_are_instants_too(local: str, utc: str) -> None:
    assert instant(local, "Europe/Zurich") == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@given(ZONES, MOMENTS)
def test_every_local_time_is_an_instant_of_about_that_time(zone: str, local: datetime) -> None:
    found = instant(local.isoformat(), zone)
    assert found.tzinfo is UTC
    assert abs(found.replace(tzinfo=None) - local) <= timedelta(hours=16)


@given(ZONES, st.lists(MOMENTS, min_size=2, max_size=6))
def test_photographs_of_different_days_stay_in_their_order(zone: str, moments: list[datetime]) -> None:
    for earlier, later in pairwise(sorted(moments)):
        if later - earlier > timedelta(days=1, hours=2):
            assert instant(earlier.isoformat(), zone) < instant(later.isoformat(), zone)
