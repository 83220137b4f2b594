"""What browsers of administrators are told of emergency access to patients of their sites (ORG-8)."""

from dataclasses import dataclass
from uuid import UUID

from dermfolio.common.auth import Actor
from dermfolio.common.bus import FeedItem
from dermfolio.contracts.alerts import OpeningAcknowledged
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.sharing import OpeningEnded, PatientOpened
from dermfolio.contracts.views.live import EmergencyNews

_NEWS: dict[str, type[PatientOpened | OpeningEnded | OpeningAcknowledged]] = {
    news.subject: news for news in (PatientOpened, OpeningEnded, OpeningAcknowledged)
}


@dataclass(frozen=True, slots=True)
class Alert:
    """News of an emergency access, encoded once for every socket, and what decides who gets it."""

    site: UUID
    administrator: UUID | None
    """For this one alone: what somebody acknowledged is their own matter."""
    text: str

    def concerns(self, actor: Actor) -> bool:
        """Whether this browser's user may be told, with the roles that are held now; in person, as with the list."""
        own = self.administrator in (None, actor.user)
        return own and actor.scopes is None and self.site in actor.sites(Permission.SITE_MANAGE)


def alert(item: FeedItem) -> Alert | None:
    """The event of the feed as an alert; None when it is none.

    Raises pydantic.ValidationError when the payload is not such an event.
    """
    kind = _NEWS.get(item.subject)
    if kind is None:
        return None
    event = kind.model_validate_json(item.payload)
    if event.site is None:
        return None
    news = EmergencyNews(event=item.subject.removeprefix("evt."), site=event.site, opening=event.opening)
    administrator = event.administrator if isinstance(event, OpeningAcknowledged) else None
    return Alert(event.site, administrator, news.model_dump_json())
