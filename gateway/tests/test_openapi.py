"""The description of the API, and of the bus."""

import json
import re
from typing import Any

import pytest

from dermfolio.contracts import asyncapi
from dermfolio.contracts.catalog import CATALOG
from dermfolio.contracts.problems import PROBLEMS
from dermfolio.gateway import openapi

DOCUMENT = openapi.describe()
OPERATIONS = [(path, method, op) for path, item in DOCUMENT["paths"].items() for method, op in item.items()]

OFFERED = {
    "sign_in": "POST /api/v1/session",
    "sign_in_by_provider": "GET /api/v1/session/oidc/{provider}",
    "finish_sign_in_by_provider": "GET /api/v1/session/oidc/{provider}/callback",
    "get_session": "GET /api/v1/session",
    "sign_out": "DELETE /api/v1/session",
    "change_password": "PUT /api/v1/account/password",
    "get_second_factor": "GET /api/v1/account/second-factor",
    "prepare_second_factor": "POST /api/v1/account/second-factor",
    "confirm_second_factor": "POST /api/v1/account/second-factor/confirmation",
    "renew_recovery_codes": "POST /api/v1/account/second-factor/recovery-codes",
    "remove_second_factor": "POST /api/v1/account/second-factor/removal",
    "list_sessions": "GET /api/v1/account/sessions",
    "end_session": "DELETE /api/v1/account/sessions/{session}",
    "end_all_sessions": "DELETE /api/v1/account/sessions",
    "list_history": "GET /api/v1/account/history",
    "forget_device": "DELETE /api/v1/account/devices/{device}",
    "get_licence": "GET /api/v1/licence",
    "install_licence": "PUT /api/v1/licence",
    "get_installation": "GET /api/v1/installation",
    "list_people": "GET /api/v1/people",
    "get_person": "GET /api/v1/people/{user}",
    "create_patient": "POST /api/v1/patients",
    "list_patients": "GET /api/v1/patients",
    "search_patients": "POST /api/v1/patients/search",
    "get_patient": "GET /api/v1/patients/{patient}",
    "change_patient": "PATCH /api/v1/patients/{patient}",
    "preview_merge": "POST /api/v1/patients/{patient}/merge-preview",
    "list_merged": "GET /api/v1/patients/{patient}/merged",
    "merge_patient": "PUT /api/v1/patients/{patient}/merged/{alias}",
    "unmerge_patient": "DELETE /api/v1/patients/{patient}/merged/{alias}",
    "upload_image": "PUT /api/v1/patients/{patient}/images/{image}",
    "list_images": "GET /api/v1/patients/{patient}/images",
    "get_image": "GET /api/v1/patients/{patient}/images/{image}",
    "get_rendition": "GET /api/v1/patients/{patient}/images/{image}/renditions/{size}",
    "archive_images": "POST /api/v1/patients/{patient}/pool/archive",
    "get_original": "GET /api/v1/patients/{patient}/images/{image}/original",
    "preview_move": "POST /api/v1/patients/{patient}/move-preview",
    "move_image": "POST /api/v1/patients/{patient}/images/{image}/move",
    "retry_image": "POST /api/v1/patients/{patient}/images/{image}/retry",
    "list_tags": "GET /api/v1/tags",
    "order_tags": "PUT /api/v1/tags/order",
    "create_tag_category": "POST /api/v1/tags/categories",
    "change_tag_category": "PATCH /api/v1/tags/categories/{category}",
    "create_tag": "POST /api/v1/tags/categories/{category}/tags",
    "change_tag": "PATCH /api/v1/tags/{tag}",
    "list_patient_tags": "GET /api/v1/patients/{patient}/tags",
    "tag_patient": "PUT /api/v1/patients/{patient}/tags/{tag}",
    "untag_patient": "DELETE /api/v1/patients/{patient}/tags/{tag}",
    "list_entry_tags": "GET /api/v1/patients/{patient}/entries/{entry}/tags",
    "tag_entry": "PUT /api/v1/patients/{patient}/entries/{entry}/tags/{tag}",
    "untag_entry": "DELETE /api/v1/patients/{patient}/entries/{entry}/tags/{tag}",
    "tag_image": "PUT /api/v1/patients/{patient}/images/{image}/tags/{tag}",
    "untag_image": "DELETE /api/v1/patients/{patient}/images/{image}/tags/{tag}",
    "caption_image": "PUT /api/v1/patients/{patient}/images/{image}/caption",
    "date_image": "PUT /api/v1/patients/{patient}/images/{image}/effective-date",
    "place_image": "POST /api/v1/patients/{patient}/images/{image}/place",
    "rotate_image": "POST /api/v1/patients/{patient}/images/{image}/rotation",
    "date_images": "POST /api/v1/patients/{patient}/pool/effective-dates",
    "tag_images": "POST /api/v1/patients/{patient}/pool/tags",
    "create_entry": "POST /api/v1/patients/{patient}/entries",
    "list_entries": "GET /api/v1/patients/{patient}/entries",
    "get_entry": "GET /api/v1/patients/{patient}/entries/{entry}",
    "change_entry": "PATCH /api/v1/patients/{patient}/entries/{entry}",
    "get_notes": "GET /api/v1/patients/{patient}/entries/{entry}/notes",
    "save_notes": "PUT /api/v1/patients/{patient}/entries/{entry}/notes",
    "list_notes_versions": "GET /api/v1/patients/{patient}/entries/{entry}/notes/versions",
    "get_notes_version": "GET /api/v1/patients/{patient}/entries/{entry}/notes/versions/{version}",
    "get_workspace": "GET /api/v1/patients/{patient}/entries/{entry}/workspace",
    "change_workspace": "PATCH /api/v1/patients/{patient}/entries/{entry}/workspace",
    "add_to_workspace": "PUT /api/v1/patients/{patient}/entries/{entry}/workspace/images/{image}",
    "remove_from_workspace": "DELETE /api/v1/patients/{patient}/entries/{entry}/workspace/images/{image}",
    "list_workspaces": "GET /api/v1/patients/{patient}/workspaces",
    "create_comparison": "PUT /api/v1/patients/{patient}/entries/{entry}/comparisons/{comparison}",
    "list_comparisons": "GET /api/v1/patients/{patient}/entries/{entry}/comparisons",
    "get_comparison": "GET /api/v1/patients/{patient}/entries/{entry}/comparisons/{comparison}",
    "change_comparison": "PATCH /api/v1/patients/{patient}/entries/{entry}/comparisons/{comparison}",
    "delete_comparison": "DELETE /api/v1/patients/{patient}/entries/{entry}/comparisons/{comparison}",
    "restore_comparison": "POST /api/v1/patients/{patient}/entries/{entry}/comparisons/{comparison}/restoration",
    "list_trail": "GET /api/v1/trail",
    "export_trail": "GET /api/v1/trail/export",
    "verify_trail": "POST /api/v1/trail/verification",
    "list_sites": "GET /api/v1/sites",
    "create_site": "POST /api/v1/sites",
    "get_site": "GET /api/v1/sites/{site}",
    "change_site": "PATCH /api/v1/sites/{site}",
    "list_site_names": "GET /api/v1/site-names",
    "list_patient_sites": "GET /api/v1/patients/{patient}/sites",
    "get_consent": "GET /api/v1/patients/{patient}/consent",
    "list_consent_events": "GET /api/v1/patients/{patient}/consent/events",
    "get_consent_event": "GET /api/v1/patients/{patient}/consent/events/{consent}",
    "record_consent": "POST /api/v1/patients/{patient}/consent/events",
    "revoke_consent": "POST /api/v1/patients/{patient}/consent/revocation",
    "list_patient_consent_forms": "GET /api/v1/patients/{patient}/consent/forms",
    "get_consent_form": "GET /api/v1/sites/{site}/consent-forms/{language}",
    "change_consent_form": "PUT /api/v1/sites/{site}/consent-forms/{language}",
    "share_patient": "PUT /api/v1/patients/{patient}/sites/{site}",
    "unshare_patient": "DELETE /api/v1/patients/{patient}/sites/{site}",
    "open_patient": "POST /api/v1/openings",
    "list_openings": "GET /api/v1/openings",
    "end_opening": "DELETE /api/v1/openings/{opening}",
    "list_emergency_alerts": "GET /api/v1/emergency-alerts",
    "count_emergency_alerts": "GET /api/v1/emergency-alerts/count",
    "acknowledge_emergency_alerts": "POST /api/v1/emergency-alerts/acknowledgements",
    "list_users": "GET /api/v1/users",
    "search_users": "POST /api/v1/users/search",
    "invite_user": "POST /api/v1/users",
    "get_user": "GET /api/v1/users/{user}",
    "change_user": "PATCH /api/v1/users/{user}",
    "set_site_roles": "PUT /api/v1/users/{user}/sites/{site}/roles",
    "set_installation_roles": "PUT /api/v1/users/{user}/installation-roles",
    "disable_user": "POST /api/v1/users/{user}/disable",
    "enable_user": "POST /api/v1/users/{user}/enable",
    "make_password_link": "POST /api/v1/users/{user}/password-link",
    "choose_password_by_link": "POST /api/v1/account/password-by-link",
    "list_tokens": "GET /api/v1/account/tokens",
    "make_token": "POST /api/v1/account/tokens",
    "revoke_token": "DELETE /api/v1/account/tokens/{token}",
    "get_preferences": "GET /api/v1/account/preferences",
    "set_preferences": "PATCH /api/v1/account/preferences",
    "get_sections": "GET /api/v1/account/entries/{entry}/sections",
    "set_sections": "PUT /api/v1/account/entries/{entry}/sections",
    "get_settings": "GET /api/v1/settings",
    "change_settings": "PATCH /api/v1/settings",
    "reset_second_factor": "POST /api/v1/users/{user}/second-factor/reset",
}
"""Operation ids are a promise to generated clients."""


FOR_STRANGERS = {
    "sign_in",
    "sign_in_by_provider",
    "finish_sign_in_by_provider",
    "get_installation",
    "choose_password_by_link",
}


@pytest.mark.req("API-1")
def test_operation_ids_are_unique_and_stay_what_they_are() -> None:
    ids = [op["operationId"] for _, _, op in OPERATIONS]
    assert len(ids) == len(set(ids))
    assert {op["operationId"]: f"{method.upper()} {path}" for path, method, op in OPERATIONS} == OFFERED


@pytest.mark.parametrize(("path", "method", "op"), OPERATIONS, ids=[op["operationId"] for _, _, op in OPERATIONS])
def test_every_operation_documents_what_it_takes_and_what_can_go_wrong(
    path: str, method: str, op: dict[str, Any]
) -> None:
    named = {p["name"] for p in op["parameters"] if p["in"] == "path"}
    assert named == set(re.findall(r"\{(\w+)\}", path))
    assert (method in {"post", "put", "patch"}) >= ("requestBody" in op)
    for status, answer in op["responses"].items():
        if int(status) < 400:
            continue
        assert answer["content"] == {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemView"}}
        }
        codes = re.findall(r"`(\w+)`:", answer["description"])
        assert codes
        assert {PROBLEMS[code].status for code in codes} == {int(status)}
    problems = {s for s in op["responses"] if int(s) >= 400}
    assert {"500", "503"} <= problems
    if op["operationId"] not in FOR_STRANGERS:
        assert "401" in problems
        assert op["security"]
    if method != "get":
        assert "403" in problems
    if any(p["in"] in {"path", "query"} for p in op["parameters"]):
        assert "400" in problems


def test_no_body_takes_members_that_are_not_documented() -> None:
    """So that nobody can set an owner, a site or a state that is not theirs to set."""
    schemas = DOCUMENT["components"]["schemas"]
    told = json.dumps([op.get("requestBody") for _, _, op in OPERATIONS] + [schemas["SocketHears"]])
    reached: set[str] = set()
    while found := {ref for ref in re.findall(r'"#/components/schemas/(\w+)"', told) if ref not in reached}:
        reached |= found
        told = json.dumps([schemas[name] for name in found])
    objects = {name for name in reached if schemas[name].get("type") == "object"}
    assert {"NewPatient", "Credentials", "Subscribe"} <= objects
    assert [name for name in sorted(objects) if schemas[name].get("additionalProperties") is not False] == []


def test_it_is_openapi_3_1_and_every_reference_leads_somewhere() -> None:
    assert DOCUMENT["openapi"].startswith("3.1")
    schemas = DOCUMENT["components"]["schemas"]
    for ref in re.findall(r'"\$ref": "([^"]+)"', json.dumps(DOCUMENT)):
        assert ref.removeprefix("#/components/schemas/") in schemas
    assert {"SocketHears", "SocketSays", "ProblemView"} <= set(schemas)


def test_the_bus_is_described_whole() -> None:
    document = asyncapi.describe()
    for service, part in CATALOG.items():
        for request in part.answers:
            assert document["operations"][f"{service}.answers.{request.subject}"]["reply"]
        for event in part.says:
            said = document["operations"].get(f"{service}.says.{event.subject}")
            assert (said is not None) == event.broadcast()
    for ref in re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(document)):
        found: Any = document
        for step in ref.split("/"):
            found = found[step]
        assert found
