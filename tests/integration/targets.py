"""The kinds of target that operations take."""

from .outcomes import SITE_ROLES, Case, Kind, Place, Places, Who
from .two_sites import Record, World


async def _nothing(_: World, __: Who) -> Places:
    return {Case.OWN: [{}]}


async def _site(world: World, __: Who) -> Places:
    return {
        Case.OWN: [{"site": world.own.site}],
        Case.OTHER: [{"site": world.other.site}],
        Case.MISSING: [{"site": world.missing.site}],
    }


async def _person(world: World, __: Who) -> Places:
    return {
        Case.OWN: [{"user": world.own.user}],
        Case.OTHER: [{"user": world.other.user}],
        Case.MISSING: [{"user": world.missing.user}],
    }


async def _patient(world: World, __: Who) -> Places:
    return {
        Case.OWN: [{"patient": world.own.patient}],
        Case.DELETED: [{"patient": world.deleted.patient}],
        Case.OTHER: [{"patient": world.other.patient}],
        Case.MISSING: [{"patient": world.missing.patient}],
    }


async def _patient_to_filter_by(world: World, who: Who) -> Places:
    return {case: places for case, places in (await _patient(world, who)).items() if case is not Case.DELETED}


async def _image(world: World, __: Who) -> Places:
    """An image under another patient than its own is none."""
    own, other, missing = world.own, world.other, world.missing
    return {
        Case.OWN: [_both(own, own)],
        Case.OTHER: [_both(other, other), _both(own, other), _both(other, own)],
        Case.MISSING: [_both(missing, missing), _both(own, missing), _both(missing, own)],
    }


async def _image_to_filter_by(world: World, __: Who) -> Places:
    return {
        Case.OWN: [_both(world.own, world.own)],
        Case.OTHER: [_both(world.own, world.other)],
        Case.MISSING: [_both(world.own, world.missing)],
    }


async def _upload(world: World, __: Who) -> Places:
    """The client makes the id: of an own patient it may be missing, and becomes a photograph."""
    own, other, missing = world.own, world.other, world.missing
    return {
        Case.OWN: [_both(own, own)],
        Case.DELETED: [_both(world.deleted, missing)],
        Case.OTHER: [_both(other, other), _both(other, missing)],
        Case.MISSING: [_both(missing, missing), _both(missing, own)],
    }


def _both(patient: Record, image: Record) -> Place:
    return {"patient": patient.patient, "image": image.image}


NOTHING = Kind(_nothing, filters=True, unseen="forbidden")
SITE = Kind(_site)
PERSON = Kind(_person, everywhere=True, seen_by=SITE_ROLES)
PATIENT = Kind(_patient)
PATIENT_FILTER = Kind(_patient_to_filter_by, filters=True, unseen="forbidden")
IMAGE = Kind(_image)
IMAGE_FILTER = Kind(_image_to_filter_by, filters=True)
UPLOAD = Kind(_upload)
