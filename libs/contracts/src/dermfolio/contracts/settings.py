"""The installation's settings: identity owns them, every gateway keeps a copy."""

from typing import Any, ClassVar, Literal

from dermfolio.contracts.messages import Action, Event, Request
from dermfolio.contracts.views.settings import AuditLevel, ConsentEnforcement, SettingsChanges, SettingsView


class GetSettings(Request[SettingsView]):
    """The settings in force; for administrators, and for services on their own behalf."""

    subject = "rpc.identity.settings"


class ChangeSettings(Request[SettingsView]):
    """Change the settings that are still at this version."""

    subject = "rpc.identity.change_settings"
    repeatable = False
    changes: SettingsChanges
    version: int


class SettingsChanged(Event):
    """These settings of the installation have other values."""

    subject = "evt.identity.settings_changed"
    action: ClassVar[Action] = "U"
    about: ClassVar[str] = "settings"
    settings: Literal["installation"] = "installation"
    fields: list[
        Literal[
            "idle_minutes",
            "absolute_hours",
            "second_factor_required",
            "upload_limit_bytes",
            "emergency_minutes",
            "audit_level",
            "consent_enforcement",
            "effective_date_from",
        ]
    ]
    version: int
    audit_level: AuditLevel | None = None
    """The level of the audit trail from now on, where it changed."""

    consent_enforcement: ConsentEnforcement | None = None
    """What a missing consent means from now on, where it changed."""


ASKED: tuple[type[Request[Any]], ...] = (GetSettings, ChangeSettings)
"""What identity answers of this."""

SAID = (SettingsChanged,)
"""What identity says of this."""
