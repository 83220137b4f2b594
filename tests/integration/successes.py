"""Each operation of the API that the matrix lets fail, or that changes nothing there, doing what it is for."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any
from uuid import UUID, uuid4

import pyotp

from dermfolio.common.licences import issue
from dermfolio.common.testing import eventually
from dermfolio.contracts.messages import now as instant
from dermfolio.contracts.roles import Role
from dermfolio.contracts.views.images import ImageState
from dermfolio.local.licence import evaluation_key, evaluation_licence
from dermfolio.ops.api_client import Api
from dermfolio.ops.people import engage

from .asking import OPERATIONS, Answer, ask_as
from .matrix import APPOINTMENT
from .outcomes import Row
from .photographs import photograph
from .targets import NOTHING
from .truth import Truth
from .two_sites import READY_SECONDS, World

NEW_PASSWORD = "Reticular-Dermis-9!"
CHOSEN = "Corium-Stratum-7!"


@dataclass
class Successes:
    """What was done: the ids of the requests, by operation."""

    world: World
    truth: Truth
    done: dict[str, list[str]] = field(default_factory=dict)

    async def do(self, api: Api, id_: str, body: Any = None, *, version: int | None = None, **place: object) -> Any:
        """Do an operation; returns what it answers."""
        headers = {} if version is None else {"If-Match": f'"{version}"'}
        return await self.send(api, id_, Row(frozenset(), NOTHING, body=_given(body), headers=headers), place)

    async def send(self, api: Api, id_: str, row: Row, place: Mapping[str, object]) -> Any:
        """Do an operation as a row says; returns what it answers."""
        answer: Answer = await ask_as(api, self.world, Role.ADMIN, OPERATIONS[id_], row, place)
        assert answer.status < 300, (id_, answer)
        self.done.setdefault(id_, []).append(answer.request_id)
        is_json = (b"content-type", b"application/json") in answer.headers
        return json.loads(answer.body) if is_json else None

    async def all(self) -> None:
        """Do everything, and leave the world as it was."""
        await self._account()
        await self._administration()
        await self._patient()
        await self._tags()
        await self.images()

    async def look(self) -> list[str]:
        """Look at a patient and a photograph; returns the ids of the requests."""
        viewer, place = self.world.apis[Role.VIEWER], {"patient": self.world.own.patient}
        looks = Successes(self.world, self.truth)
        await looks.do(viewer, "get_patient", **place)
        await looks.do(viewer, "get_image", **place, image=self.world.own.image)
        return [*looks.done["get_patient"], *looks.done["get_image"]]

    async def _account(self) -> None:
        admin, login = self.world.apis[Role.ADMIN], f"success-{token_hex(4)}"
        invited = await admin.invite_user(login, "Success", {self.world.own.site: [Role.VIEWER]})
        link = await admin.make_password_link(invited.id)
        async with Api(self.world.url) as api:
            await self.do(api, "choose_password_by_link", {"token": link.token, "new_password": CHOSEN})
            await api.sign_in(login, CHOSEN)
            await self.do(api, "change_password", {"current_password": CHOSEN, "new_password": NEW_PASSWORD})
            await self.do(api, "set_preferences", {"language": "fr", "sidebar": "narrow"})
            await self.do(api, "set_sections", {"workspace": False}, entry=self.world.own.entry)
            known = {"current_password": NEW_PASSWORD}
            secret = (await self.do(api, "prepare_second_factor", known))["secret"]
            made = await self.do(api, "confirm_second_factor", {"code": pyotp.TOTP(secret).now()})
            proof = known | {"second_factor": made["codes"][0]}
            codes = (await self.do(api, "renew_recovery_codes", proof))["codes"]
            trusting = {"second_factor": codes[0], "trust_device": True}
            await self.do(api, "sign_in", {"login": login, "password": NEW_PASSWORD, **trusting})
            await api.get_session()
            listed = await self.do(api, "list_sessions")
            await self.do(api, "forget_device", device=listed["devices"][0]["id"])
            await self.do(api, "remove_second_factor", known | {"second_factor": codes[1]})
            secret = (await self.do(api, "prepare_second_factor", known))["secret"]
            await self.do(api, "confirm_second_factor", {"code": pyotp.TOTP(secret).now()})
            await self.do(admin, "reset_second_factor", user=invited.id)
            await self.do(admin, "disable_user", user=invited.id)
            await self.do(admin, "enable_user", user=invited.id)

    async def _administration(self) -> None:
        admin, place = self.world.apis[Role.ADMIN], {"site": self.world.own.site}
        user = await engage(admin, f"success-{token_hex(4)}", NEW_PASSWORD, Role.VIEWER, self.world.own.site)
        now = await self.do(admin, "get_user", user=user)
        now = await self.do(admin, "change_user", {"display_name": "Other"}, version=now["version"], user=user)
        roles = {"roles": ["photographer"]}
        now = await self.do(admin, "set_site_roles", roles, version=now["version"], user=user, **place)
        wide = {"roles": ["auditor"]}
        await self.do(admin, "set_installation_roles", wide, version=now["version"], user=user)
        site = await self.do(admin, "get_site", **place)
        for name in ("Success", site["name"]):
            version = (await self.do(admin, "get_site", **place))["version"]
            await self.do(admin, "change_site", {"name": name}, version=version, **place)
        before = await self.do(admin, "get_settings")
        for minutes in (before["emergency_minutes"] + 1, before["emergency_minutes"]):
            version = (await self.do(admin, "get_settings"))["version"]
            await self.do(admin, "change_settings", {"emergency_minutes": minutes}, version=version)
        form = {"site": self.world.own.site, "language": "en"}
        before = await self.do(admin, "get_consent_form", **form)
        text = {"title": f"Consent {token_hex(4)}", "text": before["text"]}
        await self.do(admin, "change_consent_form", text, version=before["version"], **form)
        file = issue(evaluation_licence(instant()), evaluation_key(self.truth.stack.secrets))
        await self.send(admin, "install_licence", Row(frozenset(), NOTHING, content=lambda *_: file), {})

    async def _patient(self) -> None:
        chief, place = self.world.apis[Role.SITE_ADMIN], {"patient": self.world.own.patient}
        for notes in ("Other", None):
            version = (await self.do(chief, "get_patient", **place))["version"]
            await self.do(chief, "change_patient", {"notes": notes}, version=version, **place)
        await self._merging(chief, self.world.own.patient)
        await self.do(chief, "share_patient", **place, site=self.world.other.site)
        await self.do(chief, "unshare_patient", **place, site=self.world.other.site)
        entry = place | {"entry": self.world.own.entry}
        image = self.world.own.image
        await Successes(self.world, self.truth).do(chief, "remove_from_workspace", **entry, image=image)
        await self.do(chief, "add_to_workspace", **entry, image=image)
        await self.do(chief, "remove_from_workspace", **entry, image=image)
        await self.do(chief, "change_workspace", {"add": [str(image)]}, **entry)
        visit = place | {"entry": self.world.own.visit, "comparison": self.world.own.comparison}
        version = (await self.do(chief, "get_comparison", **visit))["version"]
        await self.do(chief, "change_comparison", {"name": token_hex(4)}, version=version, **visit)
        await self.do(chief, "delete_comparison", **visit)
        await self.do(chief, "restore_comparison", **visit)
        now = await self.do(chief, "get_entry", **entry)
        for appointment in (APPOINTMENT, now["appointment"]):
            version = (await self.do(chief, "get_entry", **entry))["version"]
            await self.do(chief, "change_entry", {"appointment": appointment}, version=version, **entry)
        notes = await self.do(chief, "get_notes", **entry)
        await self.do(chief, "save_notes", {"text": token_hex(4), "base_version": notes["version"]}, **entry)
        await self.do(chief, "list_notes_versions", **entry)
        await self.send(chief, "get_notes_version", Row(frozenset(), NOTHING), {**entry, "version": 1})

    async def _tags(self) -> None:
        admin, here = self.world.apis[Role.ADMIN], self.world.apis[Role.CLINICIAN]
        new = {"name": f"Success {token_hex(4)}", "colour": "teal", "site": str(self.world.own.site)}
        category = await self.do(admin, "create_tag_category", new)
        tag = await self.do(admin, "create_tag", {"name": "Success"}, category=category["id"])
        await self.do(admin, "change_tag_category", {"colour": "red"}, version=1, category=category["id"])
        await self.do(admin, "change_tag", {"name": "Other"}, version=1, tag=tag["id"])
        await self._order(admin)
        own = self.world.own
        for on, place in (
            ("patient", {"patient": own.patient}),
            ("entry", {"patient": own.patient, "entry": own.entry}),
            ("image", {"patient": own.patient, "image": own.image}),
        ):
            for what in ("tag", "untag"):
                await self.do(here, f"{what}_{on}", **place, tag=tag["id"])

    async def _order(self, api: Api) -> None:
        """Put the categories of the site the other way round."""
        place = {"site": str(self.world.own.site)}
        row = Row(frozenset(), NOTHING, query={"site": "site"})
        tags = await self.send(api, "list_tags", row, place)
        order = [
            {"id": category["id"], "tags": [tag["id"] for tag in category["tags"]]}
            for category in reversed(tags["categories"])
        ]
        await self.do(api, "order_tags", place | {"categories": order}, version=tags["version"])

    async def _merging(self, chief: Api, survivor: UUID) -> None:
        double = await self.do(chief, "create_patient", {"unique_id": f"double-{token_hex(6)}"})
        candidate, place = {"unique_id": double["unique_id"]}, {"patient": survivor}
        seen = await self.do(chief, "preview_merge", candidate, **place)
        await self.do(chief, "merge_patient", version=seen["version"], **place, alias=double["id"])
        await self.do(chief, "list_merged", **place)
        await self.do(chief, "unmerge_patient", **place, alias=double["id"])

    async def images(self) -> None:
        here, patient = self.world.apis[Role.CLINICIAN], self.world.own.patient
        file, first, again = photograph(uuid4()).data, uuid4(), uuid4()
        sent = Row(frozenset(), NOTHING, content=lambda *_: file)
        for image in (first, again):
            await self.send(here, "upload_image", sent, {"patient": patient, "image": image})
            await self._ready(here, patient, first)
        await self.truth.rows("images", "UPDATE images SET state = 'failed' WHERE id = $1", first)
        await self.do(here, "retry_image", patient=patient, image=first)
        await self._ready(here, patient, first)
        await self.do(here, "archive_images", {"images": [str(first)]}, patient=patient)
        await self._editing(here, patient, first)
        await self._moving(here, patient, first)

    async def _editing(self, here: Api, patient: UUID, image: UUID) -> None:
        one, tag = {"patient": patient, "image": image}, str(self.world.wide_tag)
        await self.do(here, "caption_image", {"caption": "Success"}, version=0, **one)
        await self.do(here, "place_image", {"next_to": str(self.world.own.image), "side": "older"}, **one)
        await self.do(here, "date_image", {"effective_at": APPOINTMENT}, version=0, **one)
        dates = [{"image": str(image), "effective_at": "2026-03-13T09:30:00Z"}]
        await self.do(here, "date_images", {"dates": dates}, patient=patient)
        for change in ({"add": [tag]}, {"remove": [tag]}):
            await self.do(here, "tag_images", {"images": [str(image)]} | change, patient=patient)

    async def _moving(self, here: Api, patient: UUID, image: UUID) -> None:
        target = await self.do(here, "create_patient", {"unique_id": f"moved-{token_hex(6)}"})
        candidate = {"unique_id": target["unique_id"]}
        await self.do(here, "preview_move", candidate, patient=patient)
        version = await self.truth.value("images", "SELECT version FROM images WHERE id = $1", image)
        move = candidate | {"patient": target["id"]}
        await self.do(here, "move_image", move, version=version, patient=patient, image=image)

        async def arrived() -> bool:
            [[owner]] = await self.truth.rows("images", "SELECT patient FROM images WHERE id = $1", image)
            return str(owner) == target["id"]

        await eventually(arrived, seconds=READY_SECONDS)

    async def _ready(self, api: Api, patient: UUID, image: UUID) -> None:
        async def ready() -> bool:
            return (await api.get_image(patient, image)).state is ImageState.READY

        await eventually(ready, seconds=READY_SECONDS)


def _given(body: Any) -> Any:
    return None if body is None else lambda *_: body
