"""Settings of identity."""

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
    upload_limit_bytes: int = 16 * 1024 * 1024
    second_factor_compulsory: bool = False
    """This and the three before are in force until an administrator changes the settings of the installation."""
