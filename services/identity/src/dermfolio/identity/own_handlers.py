"""One thin function per message about what users keep of their own."""

from dermfolio.common.auth import Call
from dermfolio.common.db import Database
from dermfolio.contracts import own as messages
from dermfolio.contracts.messages import Nothing
from dermfolio.contracts.views.own import Preferences, Sections, TokenList, TokenMade
from dermfolio.identity import api_tokens, preferences, sections


class OwnHandlers:
    """What identity answers of API tokens, preferences and folded sections."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def list_tokens(self, request: messages.ListTokens, call: Call) -> TokenList:
        """Show one's tokens."""
        return await api_tokens.list_tokens(self._db, call)

    async def make_token(self, request: messages.MakeToken, call: Call) -> TokenMade:
        """Make a token."""
        return await api_tokens.make_token(self._db, call, request.new)

    async def revoke_token(self, request: messages.RevokeToken, call: Call) -> Nothing:
        """Revoke a token."""
        await api_tokens.revoke_token(self._db, call, request.token)
        return Nothing()

    async def preferences(self, request: messages.GetPreferences, call: Call) -> Preferences:
        """Show one's preferences."""
        return await preferences.get_preferences(self._db, call)

    async def set_preferences(self, request: messages.SetPreferences, call: Call) -> Preferences:
        """Change one's preferences."""
        return await preferences.set_preferences(self._db, call, request.changes)

    async def sections(self, request: messages.GetSections, call: Call) -> Sections:
        """Tell which sections of an entry one has open."""
        return await sections.get_sections(self._db, call, request.entry)

    async def set_sections(self, request: messages.SetSections, call: Call) -> Sections:
        """Remember which sections of an entry one has open."""
        return await sections.set_sections(self._db, call, request.entry, request.sections)
