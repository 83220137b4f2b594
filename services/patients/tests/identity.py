"""identity in miniature: what patients asks it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

from dermfolio.common.auth import ActorVerifier, Call
from dermfolio.common.bus import Answers, Connection
from dermfolio.common.testing import Ground
from dermfolio.contracts.organisation import ListSiteNames
from dermfolio.contracts.settings import GetSettings
from dermfolio.contracts.views.organisation import SiteName, SiteNames
from dermfolio.contracts.views.settings import SettingsView


class Identity:
    """Knows the names of sites, and how long an emergency lasts."""

    def __init__(self) -> None:
        self.names: dict[UUID, str] = {}
        self.emergency_minutes = 60

    def open(self, name: str) -> UUID:
        """Another site."""
        site = uuid4()
        self.names[site] = name
        return site

    async def site_names(self, _: ListSiteNames, call: Call) -> SiteNames:
        """What patients asks before it shares."""
        call.need_service("patients")
        return SiteNames(sites=[SiteName(id=site, name=name, time_zone="UTC") for site, name in self.names.items()])

    async def settings(self, _: GetSettings, call: Call) -> SettingsView:
        """What patients asks before it opens."""
        call.need_service("patients")
        return SettingsView(
            idle_minutes=30,
            absolute_hours=12,
            second_factor_required=False,
            upload_limit_bytes=16 * 1024 * 1024,
            emergency_minutes=self.emergency_minutes,
            version=0,
        )

    @asynccontextmanager
    async def answering(self, ground: Ground) -> AsyncIterator["Identity"]:
        """Answer on the bus for the length of the block."""
        answers = {ListSiteNames: self.site_names, GetSettings: self.settings}
        async with (
            Connection(ground.nats.url, "identity", ground.nats.passwords["identity"]) as bus,
            Answers(bus, ActorVerifier(ground.trusted_keys), answers),
        ):
            yield self
