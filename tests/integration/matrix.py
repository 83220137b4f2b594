"""The matrix: each operation of the API, who may do it, and to what (ORG-1).

An operation that treats several kinds of target, in its path, query or body, has a row for each: what stands behind
its id is a name for that row alone.
"""

from secrets import token_hex
from typing import Any

from dermfolio.contracts.roles import Permission, Role

from .outcomes import SITE_ROLES, Place, Row, Who
from .targets import IMAGE, IMAGE_FILTER, NOTHING, PATIENT, PATIENT_FILTER, PERSON, SITE, UPLOAD
from .two_sites import World

# the rows of ORG-1's table
EVERY_USER = frozenset(Role)
SEES = SITE_ROLES
WORKS = frozenset({Role.PHOTOGRAPHER, Role.CLINICIAN, Role.SITE_ADMIN})
READS_TRAIL = frozenset({Role.SITE_ADMIN, Role.ADMIN, Role.AUDITOR})
READS_TRAIL_OF_PATIENT = READS_TRAIL | {Role.CLINICIAN}
VERIFIES_TRAIL = frozenset({Role.ADMIN, Role.AUDITOR})


def _credentials(world: World, who: Who, _: Place) -> Any:
    return {"login": world.logins[who] if who else "nobody.at.all", "password": world.password}


def _weak_password(world: World, _: Who, __: Place) -> Any:
    return {"current_password": world.password, "new_password": "weak"}


def _new_patient(_: World, __: Who, place: Place) -> Any:
    return {"unique_id": f"matrix-{token_hex(6)}", **{name: str(id_) for name, id_ in place.items()}}


def _own_file(world: World, _: Place) -> bytes:
    return world.own.file.data


TABLE: dict[str, Row] = {
    "sign_in": Row(EVERY_USER, NOTHING, nobody="sign_in_failed", body=_credentials, uses_up_session=True),
    "get_session": Row(EVERY_USER, NOTHING),
    "sign_out": Row(EVERY_USER, NOTHING, 204, uses_up_session=True),
    "change_password": Row(EVERY_USER, NOTHING, "weak_password", body=_weak_password),
    "get_licence": Row(EVERY_USER, NOTHING),
    "get_installation": Row(EVERY_USER, NOTHING, nobody=200),
    "get_person": Row(SEES, PERSON),
    "create_patient": Row(WORKS, NOTHING, 201, Permission.PATIENT_CREATE, body=_new_patient),
    "create_patient at a site": Row(WORKS, SITE, 201, Permission.PATIENT_CREATE, body=_new_patient),
    "list_patients": Row(SEES, NOTHING, 200, Permission.PATIENT_READ),
    "get_patient": Row(SEES, PATIENT, 200, Permission.PATIENT_READ),
    "upload_image": Row(WORKS, UPLOAD, 202, Permission.IMAGE_WRITE, deleted="patient_deleted", content=_own_file),
    "list_images": Row(SEES, PATIENT, 200, Permission.IMAGE_READ),
    "list_images by id": Row(SEES, IMAGE_FILTER, 200, Permission.IMAGE_READ, query={"images": "image"}),
    "get_image": Row(SEES, IMAGE, 200, Permission.IMAGE_READ),
    "get_rendition": Row(SEES, IMAGE, 200, Permission.IMAGE_READ, path={"size": 320}),
    "get_rendition large": Row(SEES, IMAGE, 200, Permission.IMAGE_READ, path={"size": 1280}),
    "get_rendition never made": Row(SEES, IMAGE, "not_found", Permission.IMAGE_READ, path={"size": "full"}),
    "get_original": Row(SEES, IMAGE, 200, Permission.IMAGE_READ),
    "retry_image": Row(WORKS, IMAGE, "image_not_failed", Permission.IMAGE_WRITE),
    "list_trail": Row(READS_TRAIL, NOTHING, 200, Permission.TRAIL_READ),
    "list_trail of a patient": Row(
        READS_TRAIL_OF_PATIENT, PATIENT_FILTER, 200, Permission.TRAIL_OF_PATIENT_READ, query={"patient": "patient"}
    ),
    "verify_trail": Row(VERIFIES_TRAIL, NOTHING, 200, Permission.TRAIL_VERIFY),
}
"""By operation id."""

TOPICS: dict[str, Row] = {
    "subscribe": Row(SEES, PATIENT, "subscribed", Permission.PATIENT_READ),
    "unsubscribe": Row(EVERY_USER, PATIENT_FILTER, "pong"),
    "ping": Row(EVERY_USER, NOTHING, "pong"),
}
"""By the type of the message on `/ws`; what has no answer of its own is followed by a ping."""

OPEN_TO_ALL = frozenset({"GET /api/v1/openapi.json"})
"""Routes that are no operations and say nothing of anybody."""


def operation_of(name: str) -> str:
    """The operation id of a row."""
    return name.split(" ", maxsplit=1)[0]
