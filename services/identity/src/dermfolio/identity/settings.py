"""Settings of identity."""

from datetime import timedelta

from pydantic import SecretStr

from dermfolio.common.settings import DatabaseSettings, Key


class IdentitySettings(DatabaseSettings):
    """`first_*` are read once, when the installation is empty (ORG-1, ORG-2). Without `identity_key` no second factor
    and no recovery code works any more.
    """

    identity_key: Key

    installation_name: str | None = None
    """What people read before they sign in; the name of the first site where it is not set."""

    first_admin_login: str = "admin"
    first_admin_password: SecretStr | None = None
    first_site_name: str = "Main site"
    first_site_time_zone: str = "UTC"
    first_site_language: str = "en"
    idle_minutes: int = 30
    absolute_hours: int = 12
    second_factor_compulsory: bool = False
    """Whether everybody must have a second factor (ORG-4)."""

    @property
    def idle(self) -> timedelta:
        """How long a session lives without use (ORG-5)."""
        return timedelta(minutes=self.idle_minutes)

    @property
    def absolute(self) -> timedelta:
        """How long a session lives at most (ORG-5)."""
        return timedelta(hours=self.absolute_hours)
