"""The settings of the installation: asked of identity, and believed until it is heard that they changed."""

import time

from dermfolio.common.bus import Requests
from dermfolio.contracts.settings import GetSettings
from dermfolio.contracts.views.settings import SettingsView

BELIEVED_SECONDS = 30.0
"""How long they count at most: the news that they changed may be lost."""


class InstallationSettings:
    """What is in force now. Where it cannot be known nothing is guessed."""

    def __init__(self, requests: Requests) -> None:
        self._requests = requests
        self._known: tuple[float, SettingsView] | None = None
        self._forgotten = 0

    async def now(self) -> SettingsView:
        """The settings in force. Raises Unavailable when identity cannot be asked."""
        if self._known is not None and self._known[0] > time.monotonic():
            return self._known[1]
        forgotten = self._forgotten
        found = await self._requests.ask(GetSettings())
        if forgotten == self._forgotten:
            self._known = (time.monotonic() + BELIEVED_SECONDS, found)
        return found

    def forget(self) -> None:
        """They changed: ask again."""
        self._forgotten += 1
        self._known = None
