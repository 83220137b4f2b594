"""Composition root of the gateway."""

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from dermfolio.common.auth import ActorSigner
from dermfolio.common.blobs import Blobs
from dermfolio.common.bus import Feed, Requests
from dermfolio.common.data_keys import DataKeys
from dermfolio.common.errors import Refused
from dermfolio.contracts.messages import Live
from dermfolio.contracts.patients import GetDataKey
from dermfolio.gateway import documentation, records
from dermfolio.gateway.api.account import AccountApi
from dermfolio.gateway.api.alerts import AlertsApi
from dermfolio.gateway.api.archive import ArchiveApi
from dermfolio.gateway.api.comparisons import ComparisonsApi
from dermfolio.gateway.api.consent import ConsentApi
from dermfolio.gateway.api.editing import EditingApi
from dermfolio.gateway.api.entries import EntriesApi
from dermfolio.gateway.api.entry_notes import EntryNotesApi
from dermfolio.gateway.api.history import HistoryApi
from dermfolio.gateway.api.images import ImagesApi
from dermfolio.gateway.api.installation import InstallationApi
from dermfolio.gateway.api.licence import LicenceApi
from dermfolio.gateway.api.merging import MergingApi
from dermfolio.gateway.api.moving import MovingApi
from dermfolio.gateway.api.oidc import OidcApi
from dermfolio.gateway.api.own import OwnApi
from dermfolio.gateway.api.patients import PatientsApi
from dermfolio.gateway.api.pool_changes import PoolChangesApi
from dermfolio.gateway.api.rotation import RotationApi
from dermfolio.gateway.api.session import SessionApi
from dermfolio.gateway.api.settings import SettingsApi
from dermfolio.gateway.api.sharing import SharingApi
from dermfolio.gateway.api.sites import SitesApi
from dermfolio.gateway.api.tags import TagsApi
from dermfolio.gateway.api.trail import TrailApi
from dermfolio.gateway.api.users import UsersApi
from dermfolio.gateway.api.workspaces import WorkspacesApi
from dermfolio.gateway.archives import Archives
from dermfolio.gateway.door import Door
from dermfolio.gateway.downloads import Downloads
from dermfolio.gateway.guesses import Guesses
from dermfolio.gateway.installation_settings import InstallationSettings
from dermfolio.gateway.live.endpoint import LiveEndpoint
from dermfolio.gateway.live.hub import Hub
from dermfolio.gateway.live.presence import Presence
from dermfolio.gateway.operations import PREFIX, Operation, mount
from dermfolio.gateway.origin import Origin
from dermfolio.gateway.proxies import Proxies
from dermfolio.gateway.sessions import Sessions
from dermfolio.gateway.settings import GatewaySettings
from dermfolio.gateway.uploads import Uploads
from dermfolio.gateway.visits import Visits
from dermfolio.gateway.web import Web


@dataclass(frozen=True)
class Parts:
    """What the gateway is built on."""

    requests: Requests
    signer: ActorSigner
    feed: Feed
    hint: Callable[[Live], Awaitable[None]]
    """Tells the other gateways something that may be lost."""
    blobs: Blobs


@dataclass(frozen=True)
class Gateway:
    """What the gateway is made of. `api` documents and routes, `asgi` is what a server runs, `hub` and
    `presence` have to be run.
    """

    api: FastAPI
    operations: Sequence[Operation]
    asgi: ASGIApp
    hub: Hub
    presence: Presence


def gateway(settings: GatewaySettings, parts: Parts) -> Gateway:
    """Say what the gateway is made of."""
    requests = parts.requests

    async def data_key(patient: UUID) -> str:
        return (await requests.ask(GetDataKey(patient=patient))).key

    origin, traced = Origin(settings.public_url), settings.otlp_endpoint is not None
    sessions = Sessions(requests, parts.signer)
    proxies = Proxies(settings.trusted_proxies)
    visits = Visits(requests, sessions, origin, proxies, per_second=settings.requests_per_second)
    data_keys, in_force = DataKeys(data_key), InstallationSettings(requests)
    uploads = Uploads(
        requests,
        visits,
        parts.blobs,
        data_keys,
        in_force,
        at_once=settings.uploads_at_once,
    )
    hub = Hub(parts.feed, sessions, in_force, ring=settings.ring_events)
    presence = Presence(parts.hint)
    guesses = Guesses(requests, visits)
    operations = (  # what is asked for most comes first: addresses are looked through in this order
        *PatientsApi(requests, visits, guesses).operations(),
        *ImagesApi(requests, visits, uploads, Downloads(parts.blobs, data_keys)).operations(),
        *ArchiveApi(visits, Archives(requests, visits, parts.blobs, data_keys)).operations(),
        *EntriesApi(requests, visits).operations(),
        *WorkspacesApi(requests, visits).operations(),
        *ComparisonsApi(requests, visits).operations(),
        *EntryNotesApi(requests, visits).operations(),
        *EditingApi(requests, visits).operations(),
        *PoolChangesApi(requests, visits).operations(),
        *RotationApi(requests, visits).operations(),
        *SessionApi(requests, visits, sessions, secure=origin.secure).operations(),
        *OidcApi(requests, visits, public_url=settings.public_url, secure=origin.secure).operations(),
        *AccountApi(requests, visits, sessions, secure=origin.secure).operations(),
        *OwnApi(requests, visits).operations(),
        *HistoryApi(requests, visits).operations(),
        *InstallationApi(requests, visits, in_force).operations(),
        *SettingsApi(requests, visits).operations(),
        *LicenceApi(requests, visits).operations(),
        *SitesApi(requests, visits).operations(),
        *UsersApi(requests, visits).operations(),
        *ConsentApi(requests, visits).operations(),
        *SharingApi(requests, visits, guesses).operations(),
        *MergingApi(requests, visits, guesses).operations(),
        *MovingApi(requests, visits, guesses).operations(),
        *AlertsApi(requests, visits).operations(),
        *TagsApi(requests, visits).operations(),
        *TrailApi(requests, visits).operations(),
    )
    records.check(operations)
    web = None if settings.web_directory is None else Web(settings.web_directory)
    api = _routed(operations, LiveEndpoint(visits, sessions, requests, hub, presence), web)
    door = Door(api.router, lambda: hub.position, secure=origin.secure, traced=traced)
    return Gateway(api, operations, door, hub, presence)


def _routed(operations: Sequence[Operation], live: LiveEndpoint, web: Web | None) -> FastAPI:
    api = FastAPI(
        title=documentation.TITLE,
        version=documentation.VERSION,
        description=documentation.ABOUT,
        openapi_url=None,
        redirect_slashes=False,
    )
    api.router.default = _elsewhere(web)
    mount(api.router, operations)
    api.router.add_websocket_route("/ws", live.open)

    @cache
    def document() -> bytes:
        return json.dumps(documentation.describe(api, operations)).encode()

    async def openapi(_: Request) -> Response:
        return Response(document(), headers={"Cache-Control": "no-cache"}, media_type="application/json")

    api.router.add_route(f"{PREFIX}/openapi.json", openapi, include_in_schema=False)
    return api


def _elsewhere(web: Web | None) -> ASGIApp:
    """What answers at addresses that are not the API's."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await WebSocketClose()(scope, receive, send)
        elif web is None:
            raise Refused("not_found")
        else:
            await web(scope, receive, send)

    return answer
