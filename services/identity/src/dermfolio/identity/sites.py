"""Sites (ORG-1): seen by those who work there, managed by their administrators."""

from uuid import UUID

from sqlmodel import col, select

from dermfolio.common import idempotency
from dermfolio.common.auth import Call
from dermfolio.common.bus import Answer
from dermfolio.common.db import Database, WriteSession
from dermfolio.common.errors import Refused
from dermfolio.contracts.organisation import ChangeSite, CreateSite, SiteChanged, SiteOpened
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.views.organisation import SiteList, SiteName, SiteNames, SiteView
from dermfolio.identity.licence import Licensing
from dermfolio.identity.models import Site


async def list_sites(db: Database, call: Call) -> SiteList:
    """The sites where the caller holds a role, by name; every site for who manages the installation."""
    async with db.write() as s:
        found = select(Site).order_by(col(Site.name), col(Site.id))
        if not call.actor.may(Permission.INSTALLATION_MANAGE):
            found = found.where(col(Site.id).in_(call.actor.site_roles))
        return SiteList(sites=[_view(site) for site in await s.exec(found)])


async def list_site_names(db: Database, call: Call) -> SiteNames:
    """How every site is called. Refused as `forbidden` to users who hold no role."""
    if call.actor.user is not None and not call.actor.holds_a_role():
        raise Refused("forbidden")
    async with db.write() as s:
        found = await s.exec(select(Site).order_by(col(Site.name), col(Site.id)))
        return SiteNames(sites=[SiteName.model_validate(site, from_attributes=True) for site in found])


async def get_site(db: Database, call: Call, site: UUID) -> Answer[SiteView]:
    """One site. Refused as `not_found` where the caller holds no role."""
    need_sight(call, site)
    async with db.write() as s:
        return _answer(await _site(s, site))


async def create_site(db: Database, licensing: Licensing, call: Call, request: CreateSite) -> Answer[SiteView]:
    """Open a site. Refused as `forbidden` to everybody who does not manage the installation, and as
    `site_limit_reached` beyond the licence.
    """
    if not call.actor.may(Permission.INSTALLATION_MANAGE):
        raise Refused("forbidden")
    async with db.write() as s:
        key, digest = request.idempotency_key, idempotency.digest(request.new)
        if (earlier := await idempotency.earlier_answer(s, call.user(), key, digest)) is not None:
            return Answer(earlier, 201, SiteView.model_validate_json(earlier).version)
        await licensing.need_room_for_a_site(s)
        site = Site(**request.new.model_dump())
        s.add(site)
        s.say(SiteOpened(site=site.id), call.origin())
        answer = _answer(site, 201)
        await idempotency.remember(s, call.user(), key, answer.body)
    return answer


async def change_site(db: Database, call: Call, request: ChangeSite) -> Answer[SiteView]:
    """Change a site. Refused as `not_found`, `forbidden` or `stale_version`."""
    need_management(call, request.site)
    async with db.write() as s:
        site = await _site(s, request.site, hold=True)
        if site.version != request.version:
            raise Refused("stale_version", version=site.version)
        wished = request.changes.model_dump(exclude_none=True)
        changed = [name for name, value in wished.items() if getattr(site, name) != value]
        if changed:
            site.sqlmodel_update(wished)
            site.version += 1
            s.add(site)
            said = SiteChanged(
                site=site.id,
                fields=changed,
                version=site.version,
                consent_enforcement=site.consent_enforcement if "consent_enforcement" in changed else None,
            )
            s.say(said, call.origin())
    return _answer(site)


def need_sight(call: Call, site: UUID) -> None:
    """Refuse as `not_found`, as if it did not exist, what the caller has nothing to do with."""
    if site not in call.actor.site_roles and not call.actor.may(Permission.INSTALLATION_MANAGE):
        raise Refused("not_found")


def need_management(call: Call, site: UUID) -> None:
    """Refuse as `not_found` who may not see the site, as `forbidden` who may not manage it."""
    need_sight(call, site)
    call.need(Permission.SITE_MANAGE, site)


async def _site(s: WriteSession, site: UUID, *, hold: bool = False) -> Site:
    wanted = select(Site).where(Site.id == site)
    found = (await s.exec(wanted.with_for_update() if hold else wanted)).first()
    if found is None:
        raise Refused("not_found")
    return found


def _view(site: Site) -> SiteView:
    return SiteView.model_validate(site, from_attributes=True)


def _answer(site: Site, status: int = 200) -> Answer[SiteView]:
    return Answer(_view(site).model_dump_json().encode(), status, site.version)
