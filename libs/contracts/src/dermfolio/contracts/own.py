"""What identity answers and says of API tokens and preferences (ORG-7, ORG-9)."""

from typing import Any, ClassVar, Literal
from uuid import UUID

from dermfolio.contracts.messages import Action, Event, Nothing, Request
from dermfolio.contracts.views.own import NewToken, Preferences, Sections, TokenList, TokenMade

CREDENTIAL_MARK = "dfp_"
"""How every API token begins, so that people and scanners of secrets know one when they see it."""


class ListTokens(Request[TokenList]):
    """The actor's own API tokens."""

    subject = "rpc.identity.list_tokens"


class MakeToken(Request[TokenMade]):
    """Make an API token for the actor."""

    subject = "rpc.identity.make_token"
    repeatable = False
    new: NewToken


class RevokeToken(Request[Nothing]):
    """Let one of the actor's API tokens do nothing any more."""

    subject = "rpc.identity.revoke_token"
    token: UUID


class GetPreferences(Request[Preferences]):
    """The actor's preferences."""

    subject = "rpc.identity.preferences"


class SetPreferences(Request[Preferences]):
    """Change those of the actor's preferences that are given."""

    subject = "rpc.identity.set_preferences"
    changes: dict[str, str | None]


class GetSections(Request[Sections]):
    """Which sections of an entry the actor has open."""

    subject = "rpc.identity.sections"
    entry: UUID


class SetSections(Request[Sections]):
    """Open and fold sections of an entry, for the actor alone."""

    subject = "rpc.identity.set_sections"
    entry: UUID
    sections: Sections


class _AboutToken(Event):
    """Something happened to an API token."""

    about: ClassVar[str] = "token"
    token: UUID
    user: UUID


class TokenCreated(_AboutToken):
    """A user made an API token."""

    subject = "evt.identity.token_made"
    action: ClassVar[Action] = "C"


class TokenRevoked(_AboutToken):
    """An API token can do nothing any more."""

    subject = "evt.identity.token_revoked"
    action: ClassVar[Action] = "D"


class PreferencesChanged(Event):
    """A user likes to work in another way; these preferences were set or taken back."""

    subject = "evt.identity.preferences_changed"
    action: ClassVar[Action] = "U"
    about: ClassVar[str] = "user"
    user: UUID
    fields: list[
        Literal[
            "language", "theme", "pool_direction", "pool_zoom", "sidebar", "viewer_zoom", "patients_view", "sections"
        ]
    ]


ASKED: tuple[type[Request[Any]], ...] = (
    ListTokens,
    MakeToken,
    RevokeToken,
    GetPreferences,
    SetPreferences,
    GetSections,
    SetSections,
)
"""What identity answers of this."""

SAID = (TokenCreated, TokenRevoked, PreferencesChanged)
"""What identity says of this."""
