"""The licence of the installation (LIC-1). The table is the truth: a file that an operator mounts is a way into it.

It is judged anew whenever somebody asks, never from memory, so that it ends to the moment. So that a clock that is set
back cannot prolong it, the latest time that was seen is kept; it only grows, until a licence is installed that was
issued later than the one before: its vendor says that it was then at least that time.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
import structlog
from sqlmodel import col, select

from dermfolio.common.auth import Call
from dermfolio.common.db import Database, WriteSession
from dermfolio.common.errors import Refused
from dermfolio.common.licences import LIMIT_BYTES, UnusableError
from dermfolio.contracts.licence import LicenceInstalled, LicenceRefused, LicenceStateChanged
from dermfolio.contracts.messages import now
from dermfolio.contracts.replay import Origin
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.views.licence import UPLOADS, LicenceReason, LicenceState, LicenceView
from dermfolio.identity.licensing import Judge, Standing
from dermfolio.identity.models import KeptLicence, Site
from dermfolio.identity.settings import IdentitySettings

log = structlog.get_logger()

WATCHED_EVERY_SECONDS = 15.0
"""How late the news of another state may be; what is decided is never late."""

NOTED_EVERY = timedelta(minutes=5)
"""How far the time that is remembered may lie behind when somebody asks; the watch renews it well before."""

OPERATORS = "ops"
BY_ITSELF = Origin(service="identity")

Clock = Callable[[], datetime]


class Licensing:
    """Keeps the licence."""

    def __init__(self, db: Database, settings: IdentitySettings, clock: Clock = now) -> None:
        self._db = db
        self._file = settings.licence_file
        self._judge = Judge(settings)
        self._clock = clock

    async def current(self, call: Call) -> LicenceView:
        """The licence at this moment. What it says is for who manages the installation."""
        of_ours = call.actor.kind == "service" and call.actor.service == OPERATORS
        manages = of_ours or call.actor.may(Permission.INSTALLATION_MANAGE)
        async with self._db.read() as rows:
            kept = await rows.fetchrow("SELECT file, latest_seen, (SELECT count(*) FROM sites) AS sites FROM licence")
        if kept is None:
            raise RuntimeError("the migration made this row, and nothing removes it")
        moment = self._clock()
        if moment > kept["latest_seen"] + NOTED_EVERY:
            await self._db.execute("UPDATE licence SET latest_seen = greatest(latest_seen, $1)", moment)
        standing = self._judge.standing(kept["file"], kept["latest_seen"], moment)
        return standing.view(sites_used=kept["sites"] if manages else None)

    async def install(self, call: Call, file: str) -> LicenceView:
        """Put a file in the place of the one that is installed.

        Refused as `forbidden`, or as `licence_file_<reason>` with a file that would not let photographs be added; then
        the former one stays.
        """
        if call.actor.user is None or not call.actor.may(Permission.INSTALLATION_MANAGE):
            raise Refused("forbidden")
        async with self._db.write() as s:
            standing = await self._install(s, file, call.origin())
            sites = await _sites(s)
        if standing.reason not in UPLOADS:
            said = standing.licence
            counted = {} if said is None else {"sites_allowed": said.sites, "sites_used": sites}
            facts = counted if standing.reason is LicenceReason.TOO_FEW_SITES else {}
            raise Refused(f"licence_file_{standing.reason}", **facts)
        return standing.view(sites_used=sites)

    async def install_mounted(self) -> None:
        """Install the file that the operator mounted, if it was issued after the one that is installed.

        What is wrong with it is logged, and keeps nobody from what is stored.
        """
        if self._file is None:
            return
        try:
            file = _mounted(self._file)
            mounted = self._judge.licence(file)
        except (OSError, UnicodeDecodeError, UnusableError) as error:
            log.error("licence.mounted_file_unusable", cause=type(error).__name__, reason=str(error)[:200])
            return
        async with self._db.write() as s:
            before = self._said((await _held(s)).file)
            if before is not None and before >= mounted.issued_at:
                return
            standing = await self._install(s, file, BY_ITSELF)
        if standing.reason not in UPLOADS:
            log.error("licence.mounted_file_unusable", reason=standing.reason, licence=str(mounted.id))

    async def watch(self) -> None:
        """Remember the time, and say when the state is another than was said before."""
        async with self._db.write() as s:
            kept = await _held(s)
            kept.latest_seen = max(kept.latest_seen, self._clock())
            self._announce(s, kept, self._judge.standing(kept.file, kept.latest_seen, self._clock()), BY_ITSELF)

    async def need_room_for_a_site(self, s: WriteSession) -> None:
        """Hold the licence, and refuse as `site_limit_reached` when there are as many sites as it allows."""
        kept = await _held(s)
        allowed = self._judge.standing(kept.file, kept.latest_seen, self._clock()).sites
        used = await _sites(s)
        if allowed is not None and used >= allowed:
            raise Refused("site_limit_reached", sites_allowed=allowed, sites_used=used)

    async def _install(self, s: WriteSession, file: str, origin: Origin) -> Standing:
        """Install a file that is fit to be; returns what it amounts to."""
        kept, moment = await _held(s), self._clock()
        latest_seen = self._time_by(kept, file)
        standing = self._judge.standing(file, latest_seen, moment)
        if standing.reason in UPLOADS and standing.sites is not None and standing.sites < await _sites(s):
            standing = Standing(LicenceState.INVALID, LicenceReason.TOO_FEW_SITES, standing.licence)
        if standing.reason not in UPLOADS or standing.licence is None:
            s.say(LicenceRefused(code=f"licence_file_{standing.reason}"), origin)
        elif kept.file != file:
            kept.file, kept.licence, kept.latest_seen = file, standing.licence.id, max(latest_seen, moment)
            s.say(LicenceInstalled(licence=standing.licence.id), origin)
            self._announce(s, kept, standing, origin)
        return standing

    def _time_by(self, kept: KeptLicence, file: str) -> datetime:
        """The latest time that is certain once this file is installed."""
        before, issued_at = self._said(kept.file), self._said(file)
        if issued_at is not None and (before is None or issued_at > before):
            return issued_at
        return kept.latest_seen

    def _said(self, file: str | None) -> datetime | None:
        """When a file was issued; None of one that is not believed."""
        try:
            return None if file is None else self._judge.licence(file).issued_at
        except UnusableError:
            return None

    def _announce(self, s: WriteSession, kept: KeptLicence, standing: Standing, origin: Origin) -> None:
        if (kept.state, kept.reason) != (standing.state, standing.reason):
            kept.state, kept.reason = standing.state, standing.reason
            s.say(LicenceStateChanged(licence=kept.licence, state=standing.state, reason=standing.reason), origin)
        s.add(kept)


def _mounted(file: Path) -> str:
    """What a file says, as far as a licence may be long. Raises OSError or UnicodeDecodeError."""
    with file.open("rb") as opened:
        return opened.read(LIMIT_BYTES + 1).decode()


async def _held(s: WriteSession) -> KeptLicence:
    """The one row, held until the transaction ends."""
    return (await s.exec(select(KeptLicence).with_for_update().execution_options(populate_existing=True))).one()


async def _sites(s: WriteSession) -> int:
    return (await s.exec(select(sa.func.count(col(Site.id))))).one()
