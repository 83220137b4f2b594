"""The matrix: each operation of the API, who may do it, and to what (ORG-1).

An operation that treats several kinds of target, in its path, query or body, has a row for each: what stands behind
its id is a name for that row alone.
"""

from datetime import timedelta
from secrets import token_hex
from typing import Any

from dermfolio.contracts.messages import now
from dermfolio.contracts.roles import Permission, Role

from .outcomes import SITE_ROLES, Place, Row, Who
from .targets import (
    ANY_ENTRY,
    CATEGORY,
    CATEGORY_OF_ALL,
    COMPARISON,
    CONSENT,
    ENTRY,
    ENTRY_FILTER,
    ENTRY_IMAGE,
    EXPENDABLE_USER,
    FOREIGN_TAG_OF_ENTRY,
    FOREIGN_TAG_OF_IMAGE,
    FOREIGN_TAG_OF_PATIENT,
    GIVEN_CONSENT,
    GONE_COMPARISON,
    IMAGE,
    IMAGE_FILTER,
    IN_SIGHT,
    NO_DEVICE,
    NOTHING,
    OPENING,
    OWN_SESSION,
    OWN_TOKEN,
    PAIR,
    PATIENT,
    PATIENT_AT_SITE,
    PATIENT_FILTER,
    PERSON,
    PERSON_FILTER,
    SITE,
    SITE_FILTER,
    TAG,
    TAG_OF_ALL,
    TAG_OF_ENTRY,
    TAG_OF_IMAGE,
    TAG_OF_PATIENT,
    TO_OPEN,
    UPLOAD,
    USER,
    USER_AT_SITE,
    VISIT,
)
from .two_sites import CONSENTED, REASON, World

# the rows of ORG-1's table
EVERY_USER = frozenset(Role)
SEES = SITE_ROLES
WORKS = frozenset({Role.PHOTOGRAPHER, Role.CLINICIAN, Role.SITE_ADMIN})
READS_TRAIL = frozenset({Role.SITE_ADMIN, Role.ADMIN, Role.AUDITOR})
READS_TRAIL_OF_PATIENT = READS_TRAIL | {Role.CLINICIAN}
MANAGES_SITE = frozenset({Role.SITE_ADMIN, Role.ADMIN})
MANAGES_INSTALLATION = frozenset({Role.ADMIN})
BREAKS_THE_GLASS = frozenset({Role.CLINICIAN, Role.SITE_ADMIN})
TREATS = frozenset({Role.CLINICIAN, Role.SITE_ADMIN})
SHARES = frozenset({Role.SITE_ADMIN})
TREATS = frozenset({Role.CLINICIAN, Role.SITE_ADMIN})
VERIFIES_TRAIL = frozenset({Role.ADMIN, Role.AUDITOR})


def _credentials(world: World, who: Who, _: Place) -> Any:
    return {"login": world.logins[who] if who else "nobody.at.all", "password": world.password}


def _weak_password(world: World, _: Who, __: Place) -> Any:
    return {"current_password": world.password, "new_password": "weak"}


def _new_patient(_: World, __: Who, place: Place) -> Any:
    return {"unique_id": f"matrix-{token_hex(6)}", **{name: str(id_) for name, id_ in place.items()}}


def _candidate(world: World, _: Who, __: Place) -> Any:
    return {"unique_id": world.own.unique_id}


def _new_move(world: World, _: Who, __: Place) -> Any:
    return {"patient": str(world.own.patient), "unique_id": world.own.unique_id}


def _file(world: World, place: Place) -> bytes:
    return (world.shared if place["patient"] == world.shared.patient else world.own).file.data


def _no_licence(_: World, __: Place) -> bytes:
    return b"no licence"


def _new_opening(_: World, __: Who, place: Place) -> Any:
    return {"unique_id": place["unique_id"], "reason": REASON}


def _acknowledged(_: World, __: Who, place: Place) -> Any:
    return {"openings": [str(place["opening"])]}


def _added(_: World, __: Who, place: Place) -> Any:
    return {"add": [str(place["image"])]}


def _compared(world: World, _: Who, place: Place) -> Any:
    records = (world.own, world.deleted, world.shared, world.opened, world.other, world.missing)
    [record] = [one for one in records if one.patient == place["patient"]]
    return {"images": [str(record.image), str(record.second)], "reference": str(record.image)}


def _placed(_: World, __: Who, place: Place) -> Any:
    return {"next_to": str(place["image"]), "side": "newer"}


def _dated_ahead(_: World, __: Who, place: Place) -> Any:
    return {"dates": [{"image": str(place["image"]), "effective_at": AHEAD}]}


def _archived(_: World, __: Who, place: Place) -> Any:
    return {"images": [str(place["image"])]}


def _tagged(_: World, __: Who, place: Place) -> Any:
    return {"images": [str(place["image"])], "add": [str(place["tag"])]}


def _untagged(_: World, __: Who, place: Place) -> Any:
    # what an image is given, its patient inherits, and would keep
    return {"images": [str(place["image"])], "remove": [str(place["tag"])]}


def _new_consent(_: World, __: Who, ___: Place) -> Any:
    return CONSENTED


def _new_site(_: World, __: Who, ___: Place) -> Any:
    return {"name": "Matrix", "time_zone": "UTC"}


def _new_category(_: World, __: Who, place: Place) -> Any:
    return {"name": f"Matrix {token_hex(6)}", "colour": "teal", **{name: str(id_) for name, id_ in place.items()}}


def _new_tag(_: World, __: Who, ___: Place) -> Any:
    return {"name": f"Matrix {token_hex(6)}"}


def _order_of_site(_: World, __: Who, place: Place) -> Any:
    return {"site": str(place["site"]), "categories": []}


def _new_user(_: World, __: Who, place: Place) -> Any:
    sites = [{"site": str(place["site"]), "roles": ["viewer"]}]
    return {"login": f"matrix-{token_hex(6)}", "display_name": "Matrix", "sites": sites}


def _new_token(_: World, __: Who, ___: Place) -> Any:
    expires = (now() + timedelta(days=1)).isoformat()
    return {"name": "matrix", "scopes": ["patient:read"], "expires_at": expires}


def _no_link(_: World, __: Who, ___: Place) -> Any:
    return {"token": "no-link-no-link-no-link", "new_password": "Corium-Stratum-7!"}


def _wrong_password(_: World, __: Who, ___: Place) -> Any:
    return {"current_password": "Wrong-Password-1!"}


def _proof(world: World, _: Who, __: Place) -> Any:
    return {"current_password": world.password, "second_factor": "000000"}


def _given(**body: Any) -> Any:
    return lambda *_: body


STALE = {"If-Match": '"999"'}
"""A version that nothing has: what may be changed stays as it is."""

AHEAD = "2190-03-12T09:30:00Z"
"""When no photograph can have been taken yet."""

APPOINTMENT = "2026-03-12T09:30:00Z"

NO_PROVIDER = {"provider": "none"}
"""Whoever asks is sent on, to the sign-in page at last."""

TABLE: dict[str, Row] = {
    "sign_in": Row(EVERY_USER, NOTHING, nobody="sign_in_failed", body=_credentials, uses_up_session=True),
    "sign_in_by_provider": Row(EVERY_USER, NOTHING, 303, nobody=303, path=NO_PROVIDER),
    "finish_sign_in_by_provider": Row(EVERY_USER, NOTHING, 303, nobody=303, path=NO_PROVIDER),
    "get_session": Row(EVERY_USER, NOTHING),
    "sign_out": Row(EVERY_USER, NOTHING, 204, uses_up_session=True),
    "change_password": Row(EVERY_USER, NOTHING, "weak_password", body=_weak_password),
    "choose_password_by_link": Row(EVERY_USER, NOTHING, "link_not_valid", nobody="link_not_valid", body=_no_link),
    "get_second_factor": Row(EVERY_USER, NOTHING),
    "prepare_second_factor": Row(EVERY_USER, NOTHING, "sign_in_failed", body=_wrong_password),
    "confirm_second_factor": Row(EVERY_USER, NOTHING, "second_factor_missing", body=_given(code="000000")),
    "renew_recovery_codes": Row(EVERY_USER, NOTHING, "second_factor_missing", body=_proof),
    "remove_second_factor": Row(EVERY_USER, NOTHING, "second_factor_missing", body=_proof),
    "list_sessions": Row(EVERY_USER, NOTHING),
    "end_session": Row(EVERY_USER, OWN_SESSION, 204),
    "end_all_sessions": Row(EVERY_USER, NOTHING, 204, uses_up_session=True, uses_up_every_session=True),
    "forget_device": Row(EVERY_USER, NO_DEVICE, 204),
    "list_tokens": Row(EVERY_USER, NOTHING),
    "make_token": Row(EVERY_USER, NOTHING, body=_new_token),
    "revoke_token": Row(EVERY_USER, OWN_TOKEN, 204),
    "list_history": Row(EVERY_USER, NOTHING),
    "get_preferences": Row(EVERY_USER, NOTHING),
    "set_preferences": Row(EVERY_USER, NOTHING, body=_given(theme="dark")),
    "get_sections": Row(EVERY_USER, ANY_ENTRY),
    "set_sections": Row(EVERY_USER, ANY_ENTRY, body=_given()),
    "get_settings": Row(MANAGES_INSTALLATION, NOTHING, 200, Permission.INSTALLATION_MANAGE),
    "change_settings": Row(
        MANAGES_INSTALLATION, NOTHING, "stale_version", Permission.INSTALLATION_MANAGE, body=_given(), headers=STALE
    ),
    "list_sites": Row(EVERY_USER, NOTHING),
    "list_site_names": Row(EVERY_USER, NOTHING),
    "create_site": Row(MANAGES_INSTALLATION, NOTHING, 201, Permission.INSTALLATION_MANAGE, body=_new_site),
    "get_site": Row(SEES | MANAGES_INSTALLATION, SITE),
    "change_site": Row(
        MANAGES_SITE, SITE, "stale_version", Permission.SITE_MANAGE, body=_given(name="Other"), headers=STALE
    ),
    "list_users": Row(MANAGES_SITE, NOTHING, 200, Permission.SITE_MANAGE),
    "search_users": Row(MANAGES_SITE, NOTHING, 200, Permission.SITE_MANAGE, body=_given(text="matrix")),
    "invite_user": Row(MANAGES_SITE, SITE, 201, Permission.SITE_MANAGE, body=_new_user),
    "get_user": Row(MANAGES_SITE, USER, 200, Permission.SITE_MANAGE),
    "change_user": Row(
        MANAGES_SITE, USER, "stale_version", Permission.SITE_MANAGE, body=_given(display_name="X"), headers=STALE
    ),
    "set_site_roles": Row(
        MANAGES_SITE, USER_AT_SITE, "stale_version", Permission.SITE_MANAGE, body=_given(roles=[]), headers=STALE
    ),
    "set_installation_roles": Row(
        MANAGES_INSTALLATION,
        USER,
        "stale_version",
        Permission.INSTALLATION_MANAGE,
        body=_given(roles=[]),
        headers=STALE,
    ),
    "disable_user": Row(MANAGES_SITE, EXPENDABLE_USER, 200, Permission.SITE_MANAGE),
    "enable_user": Row(MANAGES_SITE, EXPENDABLE_USER, 200, Permission.SITE_MANAGE),
    "reset_second_factor": Row(MANAGES_SITE, EXPENDABLE_USER, 200, Permission.SITE_MANAGE),
    "make_password_link": Row(MANAGES_SITE, EXPENDABLE_USER, 200, Permission.SITE_MANAGE),
    "get_licence": Row(EVERY_USER, NOTHING),
    "install_licence": Row(
        MANAGES_INSTALLATION,
        NOTHING,
        "licence_file_not_a_licence",
        Permission.INSTALLATION_MANAGE,
        content=_no_licence,
    ),
    "get_installation": Row(EVERY_USER, NOTHING, nobody=200),
    "list_people": Row(EVERY_USER, PERSON_FILTER, query={"users": "user"}),
    "get_person": Row(EVERY_USER, PERSON),
    "create_patient": Row(WORKS, NOTHING, 201, Permission.PATIENT_CREATE, body=_new_patient),
    "create_patient at a site": Row(WORKS, SITE, 201, Permission.PATIENT_CREATE, body=_new_patient),
    "list_patients": Row(SEES, NOTHING, 200, Permission.PATIENT_READ),
    "search_patients": Row(SEES, NOTHING, 200, Permission.PATIENT_READ, body=_given(sort="name")),
    "get_patient": Row(SEES, PATIENT, 200, Permission.PATIENT_READ, looks=True),
    "change_patient": Row(
        WORKS, PATIENT, "stale_version", Permission.PATIENT_WRITE, body=_given(notes="Other"), headers=STALE
    ),
    "preview_merge": Row(SHARES, PATIENT, 200, Permission.PATIENT_MERGE, at_home=True, body=_candidate),
    "list_merged": Row(SEES, PATIENT, 200, Permission.PATIENT_READ, looks=True),
    "merge_patient": Row(SHARES, PAIR, "stale_version", Permission.PATIENT_MERGE, at_home=True, headers=STALE),
    "unmerge_patient": Row(SHARES, PAIR, 200, Permission.PATIENT_MERGE, at_home=True),
    "list_patient_sites": Row(SEES, PATIENT, 200, Permission.PATIENT_READ, looks=True),
    "share_patient": Row(SHARES, PATIENT_AT_SITE, 200, Permission.PATIENT_SHARE, at_home=True),
    "unshare_patient": Row(SHARES, PATIENT_AT_SITE, 200, Permission.PATIENT_SHARE, at_home=True),
    "get_consent": Row(SEES, PATIENT, 200, Permission.PATIENT_READ, looks=True),
    "list_consent_events": Row(SEES, PATIENT, 200, Permission.PATIENT_READ, looks=True),
    "get_consent_event": Row(SEES, CONSENT, 200, Permission.PATIENT_READ, looks=True),
    "record_consent": Row(TREATS, PATIENT, 201, Permission.CONSENT_WRITE, body=_new_consent),
    "revoke_consent": Row(TREATS, GIVEN_CONSENT, 201, Permission.CONSENT_WRITE, body=_given(reason=REASON)),
    "list_patient_consent_forms": Row(SEES, PATIENT, 200, Permission.PATIENT_READ, looks=True),
    "get_consent_form": Row(MANAGES_SITE, SITE, 200, Permission.SITE_MANAGE, path={"language": "en"}),
    "change_consent_form": Row(
        MANAGES_SITE,
        SITE,
        "stale_version",
        Permission.SITE_MANAGE,
        path={"language": "en"},
        body=_given(title="Other", text="Other"),
        headers=STALE,
    ),
    "open_patient": Row(BREAKS_THE_GLASS, TO_OPEN, 201, Permission.BREAK_GLASS, body=_new_opening, looks=True),
    "open_patient in sight": Row(
        BREAKS_THE_GLASS, IN_SIGHT, "patient_in_sight", Permission.BREAK_GLASS, body=_new_opening
    ),
    "list_openings": Row(BREAKS_THE_GLASS, NOTHING, 200, Permission.BREAK_GLASS),
    "end_opening": Row(SHARES, OPENING, 204),
    "list_emergency_alerts": Row(SHARES, NOTHING),
    "count_emergency_alerts": Row(SHARES, NOTHING),
    "acknowledge_emergency_alerts": Row(SHARES, OPENING, 204, body=_acknowledged),
    "create_entry": Row(TREATS, PATIENT, 201, Permission.ENTRY_WRITE, body=_given()),
    "list_entries": Row(SEES, PATIENT, 200, Permission.ENTRY_READ, looks=True),
    "get_entry": Row(SEES, ENTRY, 200, Permission.ENTRY_READ, looks=True),
    "change_entry": Row(
        TREATS, ENTRY, "stale_version", Permission.ENTRY_WRITE, body=_given(appointment=APPOINTMENT), headers=STALE
    ),
    "get_notes": Row(SEES, ENTRY, 200, Permission.ENTRY_READ, looks=True),
    "save_notes": Row(TREATS, ENTRY, 200, Permission.ENTRY_WRITE, body=_given(text="", base_version=0)),
    "list_notes_versions": Row(SEES, ENTRY, 200, Permission.ENTRY_READ, looks=True),
    "get_notes_version": Row(SEES, ENTRY, 200, Permission.ENTRY_READ, looks=True, path={"version": 1}),
    "get_workspace": Row(SEES, ENTRY, 200, Permission.ENTRY_READ, looks=True),
    "change_workspace": Row(TREATS, ENTRY_IMAGE, 200, Permission.ENTRY_WRITE, body=_added),
    "add_to_workspace": Row(TREATS, ENTRY_IMAGE, 200, Permission.ENTRY_WRITE),
    "remove_from_workspace": Row(TREATS, ENTRY_IMAGE, 200, Permission.ENTRY_WRITE),
    "list_workspaces": Row(SEES, ENTRY_FILTER, 200, Permission.ENTRY_READ, query={"entries": "entry"}),
    "create_comparison": Row(TREATS, VISIT, 201, Permission.ENTRY_WRITE, body=_compared),
    "list_comparisons": Row(SEES, ENTRY, 200, Permission.ENTRY_READ, looks=True),
    "get_comparison": Row(SEES, COMPARISON, 200, Permission.ENTRY_READ, looks=True),
    "change_comparison": Row(
        TREATS, COMPARISON, "stale_version", Permission.ENTRY_WRITE, body=_given(name="Matrix"), headers=STALE
    ),
    "delete_comparison": Row(TREATS, GONE_COMPARISON, 204, Permission.ENTRY_WRITE),
    "restore_comparison": Row(TREATS, GONE_COMPARISON, 200, Permission.ENTRY_WRITE),
    "upload_image": Row(WORKS, UPLOAD, 202, Permission.IMAGE_WRITE, deleted="patient_deleted", content=_file),
    "list_images": Row(SEES, PATIENT, 200, Permission.IMAGE_READ, looks=True),
    "list_images by id": Row(SEES, IMAGE_FILTER, 200, Permission.IMAGE_READ, query={"images": "image"}),
    "get_image": Row(SEES, IMAGE, 200, Permission.IMAGE_READ, looks=True),
    "get_rendition": Row(SEES, IMAGE, 200, Permission.IMAGE_READ, path={"size": 320}, looks=True),
    "get_rendition large": Row(SEES, IMAGE, 200, Permission.IMAGE_READ, path={"size": 1280}, looks=True),
    "get_rendition never made": Row(SEES, IMAGE, "not_found", Permission.IMAGE_READ, path={"size": "full"}, looks=True),
    "get_original": Row(SEES, IMAGE, 200, Permission.IMAGE_READ, looks=True),
    "archive_images": Row(SEES, IMAGE, 200, Permission.IMAGE_READ, body=_archived, looks=True),
    "preview_move": Row(TREATS, PATIENT, 200, Permission.IMAGE_MOVE, body=_candidate),
    "move_image": Row(TREATS, IMAGE, "stale_version", Permission.IMAGE_MOVE, body=_new_move, headers=STALE),
    "retry_image": Row(WORKS, IMAGE, "image_not_failed", Permission.IMAGE_WRITE),
    "caption_image": Row(
        WORKS, IMAGE, "stale_version", Permission.IMAGE_WRITE, body=_given(caption="Matrix"), headers=STALE
    ),
    "date_image": Row(
        WORKS, IMAGE, "stale_version", Permission.IMAGE_WRITE, body=_given(effective_at=APPOINTMENT), headers=STALE
    ),
    "place_image": Row(WORKS, IMAGE, "beside_itself", Permission.IMAGE_WRITE, body=_placed),
    "date_images": Row(WORKS, IMAGE, "date_in_future", Permission.IMAGE_WRITE, body=_dated_ahead),
    "tag_images": Row(WORKS, TAG_OF_IMAGE, 200, Permission.TAG_ASSIGN, body=_untagged),
    "tag_images of another site": Row(
        WORKS, FOREIGN_TAG_OF_IMAGE, "tag_of_another_site", Permission.TAG_ASSIGN, body=_tagged
    ),
    "rotate_image": Row(WORKS, IMAGE, 202, Permission.IMAGE_WRITE, body=_given(quarter_turns=1), adds_up=True),
    "list_tags": Row(EVERY_USER, NOTHING),
    "list_tags of a site": Row(EVERY_USER, SITE_FILTER, query={"site": "site"}),
    "order_tags": Row(
        MANAGES_INSTALLATION,
        NOTHING,
        "stale_version",
        Permission.INSTALLATION_MANAGE,
        body=_given(categories=[]),
        headers=STALE,
    ),
    "order_tags of a site": Row(
        MANAGES_SITE, SITE, "stale_version", Permission.SITE_MANAGE, body=_order_of_site, headers=STALE
    ),
    "create_tag_category": Row(MANAGES_INSTALLATION, NOTHING, 201, Permission.INSTALLATION_MANAGE, body=_new_category),
    "create_tag_category of a site": Row(MANAGES_SITE, SITE, 201, Permission.SITE_MANAGE, body=_new_category),
    "change_tag_category": Row(
        MANAGES_SITE, CATEGORY, "stale_version", Permission.SITE_MANAGE, body=_given(colour="red"), headers=STALE
    ),
    "change_tag_category of the installation": Row(
        MANAGES_INSTALLATION,
        CATEGORY_OF_ALL,
        "stale_version",
        Permission.INSTALLATION_MANAGE,
        body=_given(colour="red"),
        headers=STALE,
    ),
    "create_tag": Row(MANAGES_SITE, CATEGORY, 201, Permission.SITE_MANAGE, body=_new_tag),
    "create_tag of the installation": Row(
        MANAGES_INSTALLATION, CATEGORY_OF_ALL, 201, Permission.INSTALLATION_MANAGE, body=_new_tag
    ),
    "change_tag": Row(
        MANAGES_SITE, TAG, "stale_version", Permission.SITE_MANAGE, body=_given(retired=True), headers=STALE
    ),
    "change_tag of the installation": Row(
        MANAGES_INSTALLATION,
        TAG_OF_ALL,
        "stale_version",
        Permission.INSTALLATION_MANAGE,
        body=_given(retired=True),
        headers=STALE,
    ),
    "list_patient_tags": Row(SEES, PATIENT, 200, Permission.PATIENT_READ, looks=True),
    "tag_patient": Row(WORKS, TAG_OF_PATIENT, 200, Permission.TAG_ASSIGN),
    "tag_patient of another site": Row(WORKS, FOREIGN_TAG_OF_PATIENT, "tag_of_another_site", Permission.TAG_ASSIGN),
    "untag_patient": Row(WORKS, TAG_OF_PATIENT, 200, Permission.TAG_ASSIGN),
    "list_entry_tags": Row(SEES, ENTRY, 200, Permission.ENTRY_READ, looks=True),
    "tag_entry": Row(WORKS, TAG_OF_ENTRY, 200, Permission.TAG_ASSIGN),
    "tag_entry of another site": Row(WORKS, FOREIGN_TAG_OF_ENTRY, "tag_of_another_site", Permission.TAG_ASSIGN),
    "untag_entry": Row(WORKS, TAG_OF_ENTRY, 200, Permission.TAG_ASSIGN),
    "tag_image": Row(WORKS, TAG_OF_IMAGE, 200, Permission.TAG_ASSIGN),
    "tag_image of another site": Row(WORKS, FOREIGN_TAG_OF_IMAGE, "tag_of_another_site", Permission.TAG_ASSIGN),
    "untag_image": Row(WORKS, TAG_OF_IMAGE, 200, Permission.TAG_ASSIGN),
    "list_trail": Row(READS_TRAIL, NOTHING, 200, Permission.TRAIL_READ),
    "list_trail of a patient": Row(
        READS_TRAIL_OF_PATIENT, PATIENT_FILTER, 200, Permission.TRAIL_OF_PATIENT_READ, query={"patient": "patient"}
    ),
    "export_trail": Row(READS_TRAIL, NOTHING, 200, Permission.TRAIL_READ),
    "export_trail of a patient": Row(
        READS_TRAIL_OF_PATIENT, PATIENT_FILTER, 200, Permission.TRAIL_OF_PATIENT_READ, query={"patient": "patient"}
    ),
    "verify_trail": Row(VERIFIES_TRAIL, NOTHING, 200, Permission.TRAIL_VERIFY),
}
"""By operation id."""

TOPICS: dict[str, Row] = {
    "subscribe": Row(SEES, PATIENT, "subscribed", Permission.PATIENT_READ, looks=True),
    "unsubscribe": Row(EVERY_USER, PATIENT_FILTER, "pong"),
    "here": Row(SEES, PATIENT, "present", Permission.PATIENT_READ, looks=True),
    "away": Row(EVERY_USER, NOTHING, "pong"),
    "ping": Row(EVERY_USER, NOTHING, "pong"),
}
"""By the type of the message on `/ws`; what has no answer of its own is followed by a ping."""

OPEN_TO_ALL = frozenset({"GET /api/v1/openapi.json"})
"""Routes that are no operations and say nothing of anybody."""


def operation_of(name: str) -> str:
    """The operation id of a row."""
    return name.split(" ", maxsplit=1)[0]
