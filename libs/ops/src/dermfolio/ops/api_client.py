"""A client of the public API, as an integrator would write it: one session, typed answers, problems as errors."""

import json
from collections.abc import AsyncIterable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import quote
from uuid import UUID

import aiohttp
from pydantic import BaseModel

from dermfolio.contracts.roles import Role
from dermfolio.contracts.views.audit import TrailPage, VerificationView
from dermfolio.contracts.views.comparisons import ComparisonView, NewComparison
from dermfolio.contracts.views.consent import ConsentEventView, NewConsent
from dermfolio.contracts.views.editing import EditedImage, EditedImages, Side
from dermfolio.contracts.views.entries import EntryPage, EntryView
from dermfolio.contracts.views.entry_notes import NotesView
from dermfolio.contracts.views.identity import SessionView
from dermfolio.contracts.views.images import ImageView, PoolPage, UploadView
from dermfolio.contracts.views.licence import LicenceView
from dermfolio.contracts.views.merging import MergedRecords, MergePreview
from dermfolio.contracts.views.moving import MoveView
from dermfolio.contracts.views.organisation import LoginView, PasswordLinkView, SiteList, SiteView, UserView
from dermfolio.contracts.views.own import NewToken, TokenMade
from dermfolio.contracts.views.patient_search import FoundPatients
from dermfolio.contracts.views.patients import PatientPage, PatientView
from dermfolio.contracts.views.settings import SettingsView
from dermfolio.contracts.views.sharing import OpeningView, PatientSites
from dermfolio.contracts.views.tags import AssignedTags, ImageTags, TagCategoryView, TagList, TagView
from dermfolio.contracts.views.workspaces import WorkspaceState
from dermfolio.ops.live import Live

View = TypeVar("View", bound=BaseModel)
Bytes = bytes | Path
"""A file's content, or where it lies; files are streamed."""

PREFIX = "/api/v1"
SLOW_SECONDS = 660.0
"""For answers that may take long: verifying the trail, large uploads over thin lines."""

ASK_FIRST_BYTES = 2**20
"""Uploads of this size wait for the server's go-ahead (RFC 9110, 10.1.1), so that a refusal costs no upload."""


class ApiProblem(Exception):  # noqa: N818 - the API's own word (RFC 9457)
    """The API refused. `facts` is the problem's whole document."""

    def __init__(self, status: int, facts: Mapping[str, Any]) -> None:
        self.status = status
        self.code = str(facts.get("code", ""))
        self.facts = facts
        super().__init__(f"{status} {self.code}: {facts.get('detail', '')} (request {facts.get('request_id')})")


class Api:
    """One user's connection to one gateway: `async with Api(url) as api: await api.sign_in(login, password)`.

    Every method raises ApiProblem when the API answers with a problem, and aiohttp.ClientError or TimeoutError when it
    does not answer.
    """

    def __init__(self, base_url: str, *, connections: int = 32, seconds: float = 60.0) -> None:
        """Nothing is sent yet. `seconds` is how long one request may take."""
        self.base_url = base_url.rstrip("/")
        self.session: SessionView | None = None
        """Who is signed in."""
        self._connections = connections
        self._timeout = aiohttp.ClientTimeout(total=seconds)
        self._http: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Open."""
        self._http = aiohttp.ClientSession(
            self.base_url,
            connector=aiohttp.TCPConnector(limit=self._connections),
            cookie_jar=aiohttp.CookieJar(unsafe=True),  # cookies of bare addresses, such as 127.0.0.1, too
            timeout=self._timeout,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close; the session stays open on the server until it is signed out or expires."""
        await self.http.close()

    @property
    def http(self) -> aiohttp.ClientSession:
        """The HTTP client with the session's cookie, for what has no method here."""
        if self._http is None:
            raise RuntimeError("used outside 'async with'")
        return self._http

    async def sign_in(self, login: str, password: str) -> SessionView:
        """Open a session."""
        self.session = await self._json("POST", "/session", SessionView, body={"login": login, "password": password})
        return self.session

    async def sign_out(self) -> None:
        """End the session."""
        await self._call("DELETE", "/session")
        self.session = None

    async def get_session(self) -> SessionView:
        """The session as the server sees it now."""
        self.session = await self._json("GET", "/session", SessionView)
        return self.session

    async def change_password(self, current: str, new: str) -> None:
        """Change one's own password; this session goes on."""
        await self._call("PUT", "/account/password", body={"current_password": current, "new_password": new})
        await self.get_session()

    async def licence(self) -> LicenceView:
        """The state of the licence."""
        return await self._json("GET", "/licence", LicenceView)

    async def install_licence(self, file: bytes) -> LicenceView:
        """Install a licence file."""
        return await self._json("PUT", "/licence", LicenceView, content=file)

    async def get_settings(self) -> SettingsView:
        """The installation's settings."""
        return await self._json("GET", "/settings", SettingsView)

    async def change_settings(self, version: int, **changes: Any) -> SettingsView:
        """Change some of the settings that are still at this version."""
        return await self._json("PATCH", "/settings", SettingsView, body=changes, headers={"If-Match": f'"{version}"'})

    async def list_sites(self) -> list[SiteView]:
        """One's sites, or for administrators of the installation all of them."""
        return (await self._json("GET", "/sites", SiteList)).sites

    async def create_site(self, name: str, time_zone: str) -> SiteView:
        """Open a site."""
        return await self._json("POST", "/sites", SiteView, body={"name": name, "time_zone": time_zone})

    async def invite_user(
        self, login: str, display_name: str, roles: Mapping[UUID, Sequence[Role]], wide: Sequence[Role] = ()
    ) -> UserView:
        """Invite somebody with roles at sites, and with roles in the whole installation."""
        sites = [{"site": str(site), "roles": list(held)} for site, held in roles.items()]
        body = {"login": login, "display_name": display_name, "sites": sites, "installation_roles": list(wide)}
        return await self._json("POST", "/users", UserView, body=body)

    async def get_user(self, user: UUID) -> UserView:
        """A user whom one administers."""
        return await self._json("GET", f"/users/{user}", UserView)

    async def set_site_roles(self, user: UUID, site: UUID, roles: Sequence[Role], version: int) -> UserView:
        """Say which roles a user, who is still at this version, holds at a site."""
        path, headers = f"/users/{user}/sites/{site}/roles", {"If-Match": f'"{version}"'}
        return await self._json("PUT", path, UserView, body={"roles": list(roles)}, headers=headers)

    async def make_password_link(self, user: UUID) -> PasswordLinkView:
        """The one-time link by which a user chooses a password."""
        return await self._json("POST", f"/users/{user}/password-link", PasswordLinkView)

    async def choose_password(self, token: str, password: str) -> LoginView:
        """Choose a password by a link's token."""
        body = {"token": token, "new_password": password}
        return await self._json("POST", "/account/password-by-link", LoginView, body=body)

    async def disable_user(self, user: UUID) -> UserView:
        """Let a user do nothing any more."""
        return await self._json("POST", f"/users/{user}/disable", UserView)

    async def make_token(self, new: NewToken) -> TokenMade:
        """Make an API token of one's own."""
        return await self._json("POST", "/account/tokens", TokenMade, body=new.model_dump(mode="json"))

    async def create_patient(self, unique_id: str, **fields: Any) -> PatientView:
        """Create a patient; `fields` as in PatientFields, JSON-ready."""
        return await self._json("POST", "/patients", PatientView, body={"unique_id": unique_id, **fields})

    async def change_patient(self, patient: UUID, version: int, **changes: Any) -> PatientView:
        """Change a patient's details that are still at this version; None takes a value away."""
        headers = {"If-Match": f'"{version}"'}
        return await self._json("PATCH", f"/patients/{patient}", PatientView, body=changes, headers=headers)

    async def preview_merge(self, patient: UUID, unique_id: str) -> MergePreview:
        """What merging the record with this unique ID into a patient would show."""
        path = f"/patients/{patient}/merge-preview"
        return await self._json("POST", path, MergePreview, body={"unique_id": unique_id})

    async def merge_patient(self, patient: UUID, alias: UUID, version: int) -> MergedRecords:
        """Merge a record into a patient whose merges are still at this version."""
        headers = {"If-Match": f'"{version}"'}
        return await self._json("PUT", f"/patients/{patient}/merged/{alias}", MergedRecords, headers=headers)

    async def unmerge_patient(self, patient: UUID, alias: UUID) -> MergedRecords:
        """Take a merge back."""
        return await self._json("DELETE", f"/patients/{patient}/merged/{alias}", MergedRecords)

    async def share_patient(self, patient: UUID, site: UUID) -> PatientSites:
        """Share a patient with a site."""
        return await self._json("PUT", f"/patients/{patient}/sites/{site}", PatientSites)

    async def unshare_patient(self, patient: UUID, site: UUID) -> PatientSites:
        """Share a patient with a site no longer."""
        return await self._json("DELETE", f"/patients/{patient}/sites/{site}", PatientSites)

    async def open_patient(self, unique_id: str, reason: str) -> OpeningView:
        """Take emergency access to a patient of another site."""
        return await self._json("POST", "/openings", OpeningView, body={"unique_id": unique_id, "reason": reason})

    async def get_patient(self, patient: UUID) -> PatientView:
        """One patient."""
        return await self._json("GET", f"/patients/{patient}", PatientView)

    async def list_patients(self, *, limit: int = 50, cursor: str | None = None) -> PatientPage:
        """A page of patients."""
        return await self._json("GET", "/patients", PatientPage, query=_query(limit=limit, cursor=cursor))

    async def search_patients(self, **search: Any) -> FoundPatients:
        """A page of the patients wanted; `search` as in PatientSearch, JSON-ready."""
        return await self._json("POST", "/patients/search", FoundPatients, body=search)

    async def record_consent(self, patient: UUID, consent: NewConsent) -> ConsentEventView:
        """Record that a patient's consent was given."""
        path = f"/patients/{patient}/consent/events"
        return await self._json("POST", path, ConsentEventView, body=consent.model_dump(mode="json"))

    async def revoke_consent(self, patient: UUID, reason: str) -> ConsentEventView:
        """Record that it is taken back."""
        path = f"/patients/{patient}/consent/revocation"
        return await self._json("POST", path, ConsentEventView, body={"reason": reason})

    async def create_entry(self, patient: UUID, **fields: Any) -> EntryView:
        """Create an entry of a patient; `fields` as in NewEntry, JSON-ready."""
        return await self._json("POST", f"/patients/{patient}/entries", EntryView, body=fields)

    async def get_entry(self, patient: UUID, entry: UUID) -> EntryView:
        """One entry."""
        return await self._json("GET", f"/patients/{patient}/entries/{entry}", EntryView)

    async def list_entries(self, patient: UUID, *, limit: int = 50, cursor: str | None = None) -> EntryPage:
        """A page of a patient's entries, latest appointment first."""
        query = _query(limit=limit, cursor=cursor)
        return await self._json("GET", f"/patients/{patient}/entries", EntryPage, query=query)

    async def get_notes(self, patient: UUID, entry: UUID) -> NotesView:
        """The notes of an entry."""
        return await self._json("GET", f"/patients/{patient}/entries/{entry}/notes", NotesView)

    async def save_notes(self, patient: UUID, entry: UUID, text: str, *, base_version: int) -> NotesView:
        """Save the notes of an entry, merged with what others saved since that version."""
        body = {"text": text, "base_version": base_version}
        return await self._json("PUT", f"/patients/{patient}/entries/{entry}/notes", NotesView, body=body)

    async def change_workspace(
        self, patient: UUID, entry: UUID, *, add: Sequence[UUID] = (), remove: Sequence[UUID] = ()
    ) -> WorkspaceState:
        """Add photographs to the workspace of an entry and remove some."""
        body = {"add": [str(image) for image in add], "remove": [str(image) for image in remove]}
        return await self._json("PATCH", f"/patients/{patient}/entries/{entry}/workspace", WorkspaceState, body=body)

    async def create_comparison(
        self, patient: UUID, entry: UUID, comparison: UUID, new: NewComparison
    ) -> ComparisonView:
        """Create a comparison of photographs in the workspace of an entry."""
        path = f"/patients/{patient}/entries/{entry}/comparisons/{comparison}"
        return await self._json("PUT", path, ComparisonView, body=new.model_dump(mode="json"))

    async def put_image(
        self, patient: UUID, image: UUID, content: Bytes, *, file_name: str, media_type: str = "image/jpeg"
    ) -> UploadView:
        """Upload a photograph under an id of one's own; repeating it is harmless."""
        size = content.stat().st_size if isinstance(content, Path) else len(content)
        headers = {
            "Content-Type": media_type,
            "Content-Length": str(size),
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file_name, safe='')}",
        }
        body = _chunks(content) if isinstance(content, Path) else content
        return await self._json(
            "PUT",
            f"/patients/{patient}/images/{image}",
            UploadView,
            content=body,
            headers=headers,
            expect100=size >= ASK_FIRST_BYTES,
            seconds=SLOW_SECONDS,
        )

    async def get_image(self, patient: UUID, image: UUID) -> ImageView:
        """One photograph's facts."""
        return await self._json("GET", f"/patients/{patient}/images/{image}", ImageView)

    async def list_images(self, patient: UUID, *, limit: int = 100, cursor: str | None = None) -> PoolPage:
        """A page of a pool."""
        return await self._json(
            "GET", f"/patients/{patient}/images", PoolPage, query=_query(limit=limit, cursor=cursor)
        )

    async def whole_pool(self, patient: UUID) -> list[ImageView]:
        """Every photograph of a pool."""
        page = await self.list_images(patient, limit=200)
        found = page.images
        while page.next is not None:
            page = await self.list_images(patient, limit=200, cursor=page.next)
            found += page.images
        return found

    async def get_rendition(self, patient: UUID, image: UUID, size: int) -> bytes:
        """A rendition's bytes."""
        return await self._call("GET", f"/patients/{patient}/images/{image}/renditions/{size}")

    async def get_original(self, patient: UUID, image: UUID) -> bytes:
        """The uploaded bytes."""
        return await self._call("GET", f"/patients/{patient}/images/{image}/original")

    async def retry_image(self, patient: UUID, image: UUID) -> ImageView:
        """Process a failed photograph again."""
        return await self._json("POST", f"/patients/{patient}/images/{image}/retry", ImageView)

    async def rotate_image(self, patient: UUID, image: UUID, quarter_turns: int, key: str) -> EditedImage:
        """Turn a photograph clockwise; the same key has one effect."""
        path, new = f"/patients/{patient}/images/{image}/rotation", {"quarter_turns": quarter_turns}
        return await self._json("POST", path, EditedImage, body=new, headers={"Idempotency-Key": key})

    async def move_image(self, patient: UUID, image: UUID, target: UUID, unique_id: str, version: int) -> MoveView:
        """Move a photograph that is still at this version to the patient who has this unique ID."""
        path, move = f"/patients/{patient}/images/{image}/move", {"patient": str(target), "unique_id": unique_id}
        return await self._json("POST", path, MoveView, body=move, headers={"If-Match": f'"{version}"'})

    async def caption_image(self, patient: UUID, image: UUID, caption: str, version: int) -> EditedImage:
        """Give a photograph, whose caption is still at this version, a caption."""
        path, headers = f"/patients/{patient}/images/{image}/caption", {"If-Match": f'"{version}"'}
        return await self._json("PUT", path, EditedImage, body={"caption": caption}, headers=headers)

    async def date_image(self, patient: UUID, image: UUID, effective_at: datetime, version: int) -> EditedImage:
        """Give a photograph, whose effective date is still at this version, an effective date."""
        path, headers = f"/patients/{patient}/images/{image}/effective-date", {"If-Match": f'"{version}"'}
        return await self._json(
            "PUT", path, EditedImage, body={"effective_at": effective_at.isoformat()}, headers=headers
        )

    async def place_image(self, patient: UUID, image: UUID, side: Side, next_to: UUID) -> EditedImage:
        """Put a photograph beside another."""
        new = {"next_to": str(next_to), "side": side}
        return await self._json("POST", f"/patients/{patient}/images/{image}/place", EditedImage, body=new)

    async def date_images(self, patient: UUID, dates: Mapping[UUID, datetime]) -> EditedImages:
        """Give several photographs their effective dates."""
        changes = [{"image": str(image), "effective_at": date.isoformat()} for image, date in dates.items()]
        return await self._json(
            "POST", f"/patients/{patient}/pool/effective-dates", EditedImages, body={"dates": changes}
        )

    async def tag_images(
        self, patient: UUID, images: Iterable[UUID], *, add: Iterable[UUID] = (), remove: Iterable[UUID] = ()
    ) -> EditedImages:
        """Give several photographs tags, and take tags away."""
        changes = {"images": [*map(str, images)], "add": [*map(str, add)], "remove": [*map(str, remove)]}
        return await self._json("POST", f"/patients/{patient}/pool/tags", EditedImages, body=changes)

    async def list_tags(self, site: UUID | None = None) -> TagList:
        """The tags of a site, or of the installation."""
        return await self._json("GET", "/tags", TagList, query=_query(site=site))

    async def create_tag_category(self, name: str, colour: str, site: UUID | None = None) -> TagCategoryView:
        """Make a category of tags, of a site or of the installation."""
        new = {"name": name, "colour": colour, "site": None if site is None else str(site)}
        return await self._json("POST", "/tags/categories", TagCategoryView, body=new)

    async def create_tag(self, category: UUID, name: str) -> TagView:
        """Make a tag."""
        return await self._json("POST", f"/tags/categories/{category}/tags", TagView, body={"name": name})

    async def tag_patient(self, patient: UUID, tag: UUID) -> AssignedTags:
        """Give a patient a tag."""
        return await self._json("PUT", f"/patients/{patient}/tags/{tag}", AssignedTags)

    async def tag_image(self, patient: UUID, image: UUID, tag: UUID) -> ImageTags:
        """Give a photograph a tag."""
        return await self._json("PUT", f"/patients/{patient}/images/{image}/tags/{tag}", ImageTags)

    async def untag_image(self, patient: UUID, image: UUID, tag: UUID) -> ImageTags:
        """Take a tag away from a photograph."""
        return await self._json("DELETE", f"/patients/{patient}/images/{image}/tags/{tag}", ImageTags)

    async def list_trail(
        self, *, limit: int = 100, before: str | None = None, patient: UUID | None = None
    ) -> TrailPage:
        """A page of the audit trail."""
        return await self._json("GET", "/trail", TrailPage, query=_query(limit=limit, before=before, patient=patient))

    async def verify_trail(self) -> VerificationView:
        """Have the whole trail verified."""
        return await self._json("POST", "/trail/verification", VerificationView, seconds=SLOW_SECONDS)

    def live(self) -> Live:
        """A socket for live events: `async with api.live() as live: await live.subscribe(patient)`."""
        return Live(self.http)

    async def _json(self, method: str, path: str, view: type[View], **how: Any) -> View:
        return view.model_validate_json(await self._call(method, path, **how))

    async def _call(
        self,
        method: str,
        path: str,
        *,
        body: Mapping[str, Any] | None = None,
        content: bytes | AsyncIterable[bytes] | None = None,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        expect100: bool = False,
        seconds: float | None = None,
    ) -> bytes:
        sent = dict(headers or {})
        if method != "GET" and self.session is not None:
            sent["X-CSRF-Token"] = self.session.csrf_token
        if body is not None:
            content, sent["Content-Type"] = json.dumps(body).encode(), "application/json"
        async with self.http.request(
            method,
            PREFIX + path,
            data=content,
            params=query,
            headers=sent,
            expect100=expect100,
            timeout=self._timeout if seconds is None else aiohttp.ClientTimeout(total=seconds),
            allow_redirects=False,
        ) as answer:
            received = await answer.read()
            if answer.status >= 400:
                raise ApiProblem(answer.status, _facts(answer, received))
            return received


async def _chunks(path: Path) -> AsyncIterable[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(256 * 1024):
            yield chunk


def _query(**values: object) -> dict[str, str]:
    return {name: str(value) for name, value in values.items() if value is not None}


def _facts(answer: aiohttp.ClientResponse, body: bytes) -> Mapping[str, Any]:
    """A problem's document; something between us and the gateway may answer in other words."""
    if answer.content_type != "application/problem+json":
        return {"detail": f"answered with {answer.content_type or 'nothing'} instead of a problem document"}
    facts: dict[str, Any] = json.loads(body)
    return facts
