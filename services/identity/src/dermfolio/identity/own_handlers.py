"""One thin function per message about what users keep of their own."""

from dermfolio.common.auth import Call
from dermfolio.common.db import Database
from dermfolio.contracts import own as messages
from dermfolio.contracts.messages import Nothing
from dermfolio.contracts.views.own import Preferences, TokenList, TokenMade
from dermfolio.identity import api_tokens, preferences


class OwnHandlers:
    """What identity answers of API tokens and preferences."""

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
