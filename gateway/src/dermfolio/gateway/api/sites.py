"""Sites (ORG-1)."""

import json
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from dermfolio.common.bus import Requests
from dermfolio.contracts.organisation import ChangeSite, CreateSite, GetSite, ListSiteNames, ListSites
from dermfolio.contracts.views.organisation import NewSite, SiteChanges, SiteList, SiteNames, SiteView
from dermfolio.gateway.asking import passed_on
from dermfolio.gateway.bodies import read_body
from dermfolio.gateway.operations import CHANGING, EDITING, PREFIX, READING, WITH_BODY, Operation, Success
from dermfolio.gateway.parameters import IDEMPOTENCY_KEY, IF_MATCH, SITE, idempotency_key_of, version_of
from dermfolio.gateway.visits import Visits

_VERSION = {"ETag": "The version of the site."}


class SitesApi:
    """The sites of the installation."""

    def __init__(self, requests: Requests, visits: Visits) -> None:
        self._requests = requests
        self._visits = visits

    def operations(self) -> Sequence[Operation]:
        """What this part of the API offers."""
        return (
            Operation(
                "list_sites",
                "GET",
                "/sites",
                "One's sites, by name; every site for administrators of the installation.",
                self.list,
                {200: Success("The sites.", SiteList)},
                READING,
            ),
            Operation(
                "list_site_names",
                "GET",
                "/site-names",
                "How every site is called, and its time zone. For whoever holds a role at one.",
                self.names,
                {200: Success("The names.", SiteNames)},
                (*READING, "forbidden"),
            ),
            Operation(
                "create_site",
                "POST",
                "/sites",
                "Open a site, as far as the licence goes. For administrators of the installation.",
                self.create,
                {201: Success("Opened.", SiteView, headers={"Location": "The site's address.", **_VERSION})},
                (*CHANGING, *WITH_BODY, "forbidden", "site_limit_reached", "idempotency_key_reused"),
                takes=(IDEMPOTENCY_KEY,),
                body=NewSite,
            ),
            Operation(
                "get_site",
                "GET",
                "/sites/{site}",
                "One site.",
                self.get,
                {200: Success("The site.", SiteView, headers=_VERSION)},
                (*READING, "invalid_request", "not_found"),
                takes=(SITE,),
            ),
            Operation(
                "change_site",
                "PATCH",
                "/sites/{site}",
                "Change a site. For its administrators and those of the installation.",
                self.change,
                {200: Success("The site as it is now.", SiteView, headers=_VERSION)},
                EDITING,
                takes=(SITE, IF_MATCH),
                body=SiteChanges,
            ),
        )

    async def list(self, request: Request) -> Response:
        """Show the sites."""
        visit = await self._visits.admit(request)
        return passed_on(await self._requests.ask_raw(ListSites(), visit.call))

    async def names(self, request: Request) -> Response:
        """Tell how sites are called."""
        visit = await self._visits.admit(request)
        return passed_on(await self._requests.ask_raw(ListSiteNames(), visit.call))

    async def create(self, request: Request) -> Response:
        """Open a site."""
        visit = await self._visits.admit(request)
        key = idempotency_key_of(request)
        new = await read_body(request, NewSite)
        answer = await self._requests.ask_raw(CreateSite(new=new, idempotency_key=key), visit.call)
        return passed_on(answer, headers={"Location": f"{PREFIX}/sites/{json.loads(answer.body)['id']}"})

    async def get(self, request: Request) -> Response:
        """Show a site."""
        visit = await self._visits.admit(request)
        return passed_on(await self._requests.ask_raw(GetSite(site=SITE.of(request)), visit.call))

    async def change(self, request: Request) -> Response:
        """Change a site."""
        visit = await self._visits.admit(request)
        site, version = SITE.of(request), version_of(request)
        changes = await read_body(request, SiteChanges)
        return passed_on(
            await self._requests.ask_raw(ChangeSite(site=site, changes=changes, version=version), visit.call)
        )
