"""identity in miniature: what patients and images ask it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID, uuid4

from dermfolio.common.auth import ActorVerifier, Call
from dermfolio.common.bus import Answers, Connection, Publisher
from dermfolio.common.bus.publishing import Outgoing
from dermfolio.common.errors import Unavailable
from dermfolio.common.testing import Ground
from dermfolio.contracts.consent import ConsentRule, GetConsentRule
from dermfolio.contracts.dating import DatingRule, GetDatingRule
from dermfolio.contracts.licence import GetLicence
from dermfolio.contracts.messages import now
from dermfolio.contracts.organisation import ListSiteNames
from dermfolio.contracts.settings import GetSettings, SettingsChanged
from dermfolio.contracts.views.licence import LicenceReason, LicenceState, LicenceView
from dermfolio.contracts.views.organisation import SiteName, SiteNames
from dermfolio.contracts.views.settings import AuditLevel, ConsentEnforcement, EffectiveDateFrom, SettingsView


class Identity:
    """Knows the names of sites, how long an emergency lasts, and until when the licence does."""

    def __init__(self) -> None:
        self.licence = LicenceState.VALID
        self.licensed_until = now() + timedelta(days=365)
        self.licence_unavailable = False
        self.consent: ConsentEnforcement = "disabled"
        self.consent_unavailable = False
        self.effective_date_from: EffectiveDateFrom = "upload"
        self.time_zone = "UTC"
        self.dating_asked = 0
        self.dating_unavailable = False
        self.names: dict[UUID, str] = {}
        self.emergency_minutes = 60
        self.audit_level: AuditLevel = "comprehensive"
        self._bus: Connection | None = None

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
        """What patients asks before it opens, and everybody who records reads."""
        call.need_service("patients", "images", "registration")
        return SettingsView(
            idle_minutes=30,
            absolute_hours=12,
            second_factor_required=False,
            upload_limit_bytes=16 * 1024 * 1024,
            emergency_minutes=self.emergency_minutes,
            audit_level=self.audit_level,
            version=0,
        )

    async def decide(self, level: AuditLevel) -> None:
        """Change how much the trail records, and say so."""
        assert self._bus
        self.audit_level = level
        changed = SettingsChanged(fields=["audit_level"], version=1, audit_level=level)
        payload = changed.model_dump_json().encode()
        await Publisher(self._bus).publish([Outgoing(str(changed.id), changed.subject, payload, None)])

    async def get_licence(self, _: GetLicence, call: Call) -> LicenceView:
        """What patients asks before it admits."""
        call.need_service("patients")
        if self.licence_unavailable:
            raise Unavailable("the database is down")
        return LicenceView(
            state=self.licence,
            reason=LicenceReason.IN_FORCE,
            message="",
            uploads_allowed=self.licence in {LicenceState.VALID, LicenceState.EXPIRING},
            valid_until=self.licensed_until,
        )

    async def consent_rule(self, _: GetConsentRule, call: Call) -> ConsentRule:
        """What patients asks before it admits, and to say what a missing consent means."""
        call.need_service("patients")
        if self.consent_unavailable:
            raise Unavailable("the database is down")
        return ConsentRule(enforcement=self.consent)

    async def dating_rule(self, _: GetDatingRule, call: Call) -> DatingRule:
        """What images asks when a file says when it was taken."""
        call.need_service("images")
        self.dating_asked += 1
        if self.dating_unavailable:
            raise Unavailable("the database is down")
        return DatingRule(effective_date_from=self.effective_date_from, time_zone=self.time_zone)

    @asynccontextmanager
    async def answering(self, ground: Ground) -> AsyncIterator["Identity"]:
        """Answer on the bus for the length of the block."""
        answers = {
            ListSiteNames: self.site_names,
            GetSettings: self.settings,
            GetLicence: self.get_licence,
            GetConsentRule: self.consent_rule,
            GetDatingRule: self.dating_rule,
        }
        async with (
            Connection(ground.nats.url, "identity", ground.nats.passwords["identity"]) as bus,
            Answers(bus, ActorVerifier(ground.trusted_keys), answers),
        ):
            self._bus = bus
            yield self
