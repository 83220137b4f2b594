"""Settings of identity."""

from pathlib import Path

from pydantic import Field, SecretStr, model_validator

from dermfolio.common.note_keys import VerifierKey
from dermfolio.common.settings import DatabaseSettings, Key
from dermfolio.identity.oidc.providers import Provider, may_be_asked


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
    emergency_minutes: int = 60
    second_factor_compulsory: bool = False
    """This and the four before are in force until an administrator changes the settings of the installation."""

    licence_keys: tuple[str, ...] = ()
    """The vendor's public keys, whose licences are believed (LIC-1). Without one no photograph can be added."""

    evaluation_licence_key: str | None = None
    """A public key whose licences are believed too, but in the profile `evaluation` alone."""

    licence_file: Path | None = None
    """A licence to install at the start, if it was issued after the one that is installed."""

    oidc_providers: tuple[Provider, ...] = ()
    oidc_client_secrets: dict[str, SecretStr] = Field(default_factory=dict)
    """A secret that is a JSON object: each provider's client secret, by the provider's id."""

    oidc_seconds: float = 10.0
    """How long a provider may take for one step of a sign-in."""

    local_accounts: bool = True
    """False: users sign in by a provider, and passwords serve `break_glass_login` alone (ORG-6)."""

    break_glass_login: str | None = None

    @model_validator(mode="after")
    def _providers_are_fit(self) -> "IdentitySettings":
        for several in ({p.id for p in self.oidc_providers}, {p.issuer for p in self.oidc_providers}):
            if len(several) != len(self.oidc_providers):
                raise ValueError("oidc_providers: ids and issuers have to differ")
        for provider in self.oidc_providers:
            if not may_be_asked(provider.issuer, evaluation=self.profile == "evaluation"):
                raise ValueError(f"oidc_providers: the issuer of '{provider.id}' has to be an https address")
            if "openid" not in provider.scopes:
                raise ValueError(f"oidc_providers: the scopes of '{provider.id}' have to include 'openid'")
            if not self.oidc_client_secrets.get(provider.id):
                raise ValueError(f"oidc_client_secrets: there is none for '{provider.id}'")
        if not self.local_accounts and not (self.break_glass_login and self.oidc_providers):
            raise ValueError("local_accounts: cannot be off without a provider and a break_glass_login")
        return self

    @model_validator(mode="after")
    def _licence_keys_are_keys(self) -> "IdentitySettings":
        keys = [*self.licence_keys, *([self.evaluation_licence_key] if self.evaluation_licence_key else [])]
        for number, key in enumerate(keys):
            try:
                VerifierKey.parse(key)
            except ValueError as error:
                raise ValueError(f"licence_keys: key {number + 1} is not one (name+hash+key): {error}") from None
        return self

    @property
    def break_glass(self) -> str | None:
        """The one login that passwords are for; None where they are for everybody's."""
        return None if self.local_accounts or self.break_glass_login is None else self.break_glass_login.lower()
