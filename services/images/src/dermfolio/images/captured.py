"""Effective dates by the camera's clock (POOL-5), where the installation's settings say so."""

from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from dermfolio.common.bus import Requests
from dermfolio.contracts.dating import GetDatingRule
from dermfolio.contracts.messages import now


async def effective_date(requests: Requests, site: UUID, captured_at: str | None) -> datetime | None:
    """When a photograph of a site counts as taken by its file's own account; None where the upload decides: by the
    rule, or because the file says nothing, or a time that has not come. Raises Unavailable while the rule is not known.
    """
    if captured_at is None:
        return None
    rule = await requests.ask(GetDatingRule(site=site))
    if rule.effective_date_from != "capture":
        return None
    moment = instant(captured_at, rule.time_zone)
    return moment if moment <= now() else None


def instant(local: str, time_zone: str) -> datetime:
    """The instant at which clocks of a time zone show a local time, which is ISO 8601 without offset. Of the two of an
    hour that comes twice it is the first; in an hour that is left out it is as if the clocks had not been changed yet.
    """
    return datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(time_zone), fold=0).astimezone(UTC)
