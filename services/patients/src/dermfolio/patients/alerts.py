"""Emergency accesses as the administrators of the home site learn of them (ORG-8). Each takes note for themselves."""

import asyncio
from uuid import UUID

from dermfolio.common.auth import Call
from dermfolio.common.cursors import Cursors
from dermfolio.common.db import Database
from dermfolio.common.errors import Refused
from dermfolio.common.reads import ReadLog
from dermfolio.contracts.alerts import AcknowledgeAlerts, ListAlerts, OpeningAcknowledged
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.sharing import OpeningsListed
from dermfolio.contracts.views.alerts import COUNTED, EmergencyAlert, EmergencyAlertCount, EmergencyAlertPage
from dermfolio.patients import alerts_repository


async def list_alerts(
    db: Database, reads: ReadLog, cursors: Cursors, call: Call, request: ListAlerts
) -> EmergencyAlertPage:
    """A page of the emergency accesses to patients of the caller's sites, however long ago.

    Refused as `forbidden` to those who administer no site.
    """
    user, sites = _administrator(call)
    of_list = cursors.of(call, "alerts")
    behind = of_list.behind(request.cursor)
    async with db.read() as rows:
        found = await alerts_repository.alerts(rows, user, sites, behind, request.limit + 1)
    page = found[: request.limit]
    await _record(reads, page, call)
    more = len(found) > len(page)
    return EmergencyAlertPage(alerts=page, next=of_list.cursor(page[-1].opened_at, page[-1].id) if more else None)


async def _record(reads: ReadLog, page: list[EmergencyAlert], call: Call) -> None:
    """The trail of each site says what was shown of its patients."""
    of_site: dict[UUID | None, list[UUID]] = {alert.site: [] for alert in page} or {None: []}
    for alert in page:
        of_site[alert.site].append(alert.id)
    listed = (OpeningsListed(request="rpc.patients.alerts", openings=ids, site=site) for site, ids in of_site.items())
    await asyncio.gather(*(reads.record(one, call.origin()) for one in listed))


async def count_alerts(db: Database, call: Call) -> EmergencyAlertCount:
    """How many the caller has not acknowledged. Refused as `forbidden` to those who administer no site."""
    user, sites = _administrator(call)
    async with db.read() as rows:
        waiting = await alerts_repository.count_unacknowledged(rows, user, sites, COUNTED)
    return EmergencyAlertCount(unacknowledged=waiting)


async def acknowledge_alerts(db: Database, call: Call, request: AcknowledgeAlerts) -> None:
    """Take note of some, for the caller alone; of those already noted nothing changes.

    Refused as `not_found` where one of them is none of the caller's sites'; then nothing is noted.
    """
    user, named = call.user_in_person(), set(request.openings)
    async with db.write() as s:
        known = await alerts_repository.openings_at(s, named, call.actor.sites(Permission.SITE_MANAGE))
        if len(known) < len(named):
            raise Refused("not_found")
        noted = await alerts_repository.acknowledge(s, user, named)
        for opening in (opening for opening in known if opening.id in noted):
            said = OpeningAcknowledged(
                patient=opening.patient,
                site=opening.site,
                opening=opening.id,
                user=opening.user,
                administrator=user,
            )
            s.say(said, call.origin())


def _administrator(call: Call) -> tuple[UUID, list[UUID]]:
    """Who asks, in person, and the sites that they administer."""
    user, sites = call.user_in_person(), call.actor.sites(Permission.SITE_MANAGE)
    if not sites:
        raise Refused("forbidden")
    return user, sites
