"""Objects that are not what their rows say: each finding is an alarm, once. What can be made again is."""

from collections.abc import Collection, Iterable

import structlog

from dermfolio.common.blobs import Blobs
from dermfolio.common.db import Database, WriteSession
from dermfolio.contracts.images import ImageRetried
from dermfolio.contracts.reconciling import ImageObject, ObjectDamaged, ObjectMissing
from dermfolio.contracts.replay import Origin
from dermfolio.contracts.views.images import ImageState
from dermfolio.images import reconcile_repository, repository
from dermfolio.images.ingestion import ingestion_of
from dermfolio.images.judging import Claim, Kind
from dermfolio.images.metrics import FOUND
from dermfolio.images.models import Image

log = structlog.get_logger()

_SERVICE = Origin(service="images")


async def missing(blobs: Blobs, claim: Claim, listed: Collection[str]) -> dict[Kind, str]:
    """Of what an image must have, by kind, something that was not listed and is not in the store either.

    It is missing indeed where the image's row still asks for it afterwards.
    """
    absent: dict[Kind, str] = {}
    for what, key in claim.expected():
        if key not in listed and what not in absent and not await _is_there(blobs, key):
            absent[what] = key
    return absent


async def record_missing(db: Database, claim: Claim, absent: dict[Kind, str]) -> list[ImageObject]:
    """Keep what is missing, as an alarm where it is new; returns what the image's row still asks for.

    What is made of an original that is there is made again, as the photograph stands.
    """
    async with db.write() as s:
        image = await repository.image(s, claim.image, lock=True)
        expected = set(reconcile_repository.claim_of(image).expected()) if image is not None else set()
        lost = [what for what, key in absent.items() if (what, key) in expected]
        if image is None or not lost:
            return []
        told = _told(lost)
        for what in told:
            if await reconcile_repository.find(s, image.id, what, "missing"):
                alarm = ObjectMissing(image=image.id, patient=image.patient, site=image.site, object=what)
                s.say(alarm, _SERVICE)
                FOUND.labels(what, "missing").inc()
                log.error("object.missing", image=str(image.id), object=what)
        if "original" not in lost and _can_be_made_again(image):
            _make_again(s, image)
    return told


async def still_missing(db: Database, claim: Claim, absent: dict[Kind, str]) -> list[ImageObject]:
    """What of this the image's row still asks for; changes nothing."""
    async with db.write() as s:
        found = (await reconcile_repository.claims(s, [claim.image])).get(claim.image)
    expected = set(found.expected()) if isinstance(found, Claim) else set()
    return _told([what for what, key in absent.items() if (what, key) in expected])


async def record_damaged(db: Database, examined: Image) -> bool:
    """Keep that an original is damaged, as an alarm where it is new; tells whether it is still the one that counts."""
    async with db.write() as s:
        image = await repository.image(s, examined.id, lock=True)
        if image is None or image.attempt != examined.attempt or image.state is ImageState.REJECTED:
            return False
        if await reconcile_repository.find(s, image.id, "original", "damaged"):
            alarm = ObjectDamaged(image=image.id, patient=image.patient, site=image.site, object="original")
            s.say(alarm, _SERVICE)
            FOUND.labels("original", "damaged").inc()
            log.error("object.damaged", image=str(image.id), object="original")
        await reconcile_repository.examined(s, image.id)
    return True


def _told(lost: Iterable[Kind]) -> list[ImageObject]:
    return [what for what in lost if what != "rotated"]


async def _is_there(blobs: Blobs, key: str) -> bool:
    async for stored in blobs.stored(key):
        return stored.key == key
    return False


def _can_be_made_again(image: Image) -> bool:
    """What is on its way, to another patient or to stand another way, is made anew or given up there first."""
    return image.state is ImageState.READY and image.moving_to is None and image.rotation == image.wanted_rotation


def _make_again(s: WriteSession, image: Image) -> None:
    image.state = ImageState.PROCESSING
    retried = ImageRetried(**repository.changed(s, image))
    s.say(retried, _SERVICE)
    s.say(ingestion_of(image, retried), _SERVICE)
