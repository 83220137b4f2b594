"""Tables of identity; the names of constraints state the rules."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

from dermfolio.common.plumbing import NAMING
from dermfolio.contracts.messages import now

_ROLES_OF_A_SITE = "role IN ('viewer', 'photographer', 'clinician', 'site_admin')"
_ROLES_OF_THE_INSTALLATION = "role IN ('admin', 'auditor')"


class IdentityTable(SQLModel):
    """Base of identity's tables."""

    metadata: ClassVar[sa.MetaData] = sa.MetaData(naming_convention=NAMING)


def _moment(*, index: bool = False, optional: bool = False) -> sa.Column[datetime]:
    return sa.Column(sa.DateTime(timezone=True), nullable=optional, index=index)


class Site(IdentityTable, table=True):
    """A clinic site (ORG-1)."""

    __tablename__ = "sites"
    __table_args__ = (
        sa.CheckConstraint(
            "consent_enforcement IN ('installation', 'disabled', 'advisory', 'required')",
            name="consent_enforcement_is_known",
        ),
    )
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    name: str
    time_zone: str
    language: str
    letterhead: str = ""
    consent_enforcement: str = "installation"
    created_at: datetime = Field(default_factory=now, sa_column=_moment())
    version: int = 1


LOGIN_IS_UNIQUE = "login_is_unique"


class User(IdentityTable, table=True):
    """Somebody who may sign in."""

    __tablename__ = "users"
    __table_args__ = (
        sa.UniqueConstraint("login", name=LOGIN_IS_UNIQUE),
        sa.CheckConstraint("login = lower(login)", name="login_is_lower_case"),
        sa.Index("ix_users_newest", sa.text("created_at DESC"), sa.text("id DESC")),
    )
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    login: str
    display_name: str
    search_text: str
    """Name and login as they are searched: see `searching`."""

    password_hash: str | None = None
    """None until a password is chosen by a link."""

    password_change_required: bool = True
    disabled_at: datetime | None = Field(default=None, sa_column=_moment(optional=True))
    created_at: datetime = Field(default_factory=now, sa_column=_moment())
    last_sign_in_at: datetime | None = Field(default=None, sa_column=_moment(optional=True))
    version: int = 1


class SiteRoleGrant(IdentityTable, table=True):
    """A role that a user holds at a site."""

    __tablename__ = "site_roles"
    __table_args__ = (sa.CheckConstraint(_ROLES_OF_A_SITE, name="role_is_held_per_site"),)
    user: UUID = Field(foreign_key="users.id", primary_key=True)
    site: UUID = Field(foreign_key="sites.id", primary_key=True, index=True)
    role: str = Field(primary_key=True)
    by_group: bool = False
    """Given at sign-in by a provider's group, and taken back when the group is gone."""


class InstallationRoleGrant(IdentityTable, table=True):
    """A role that a user holds in the whole installation."""

    __tablename__ = "installation_roles"
    __table_args__ = (sa.CheckConstraint(_ROLES_OF_THE_INSTALLATION, name="role_is_installation_wide"),)
    user: UUID = Field(foreign_key="users.id", primary_key=True)
    role: str = Field(primary_key=True)
    by_group: bool = False


class PasswordLink(IdentityTable, table=True):
    """A link by which a user chooses a password. Its token is known by its SHA-256 only."""

    __tablename__ = "password_links"
    __table_args__ = (sa.UniqueConstraint("token_sha256", name="link_is_unique"),)
    user: UUID = Field(foreign_key="users.id", primary_key=True)
    token_sha256: str
    made_by: UUID = Field(foreign_key="users.id")
    made_at: datetime = Field(default_factory=now, sa_column=_moment())
    expires_at: datetime = Field(sa_column=_moment())


class ApiToken(IdentityTable, table=True):
    """An integration's key to what its user may do, as far as its scopes and sites go."""

    __tablename__ = "api_tokens"
    __table_args__ = (sa.UniqueConstraint("token_sha256", name="api_token_is_unique"),)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    user: UUID = Field(foreign_key="users.id", index=True)
    name: str
    begins_with: str
    token_sha256: str
    scopes: list[str] = Field(sa_column=sa.Column(ARRAY(sa.String), nullable=False))
    sites: list[UUID] = Field(sa_column=sa.Column(ARRAY(sa.Uuid), nullable=False))
    created_at: datetime = Field(default_factory=now, sa_column=_moment())
    expires_at: datetime = Field(sa_column=_moment())
    last_used_at: datetime | None = Field(default=None, sa_column=_moment(optional=True))
    revoked_at: datetime | None = Field(default=None, sa_column=_moment(optional=True))


class InstallationSettings(IdentityTable, table=True):
    """What administrators decided for everybody; no row before they did."""

    __tablename__ = "installation_settings"
    __table_args__ = (
        sa.CheckConstraint("singleton", name="one_row"),
        sa.CheckConstraint("audit_level IN ('essential', 'comprehensive')", name="audit_level_is_known"),
        sa.CheckConstraint(
            "consent_enforcement IN ('disabled', 'advisory', 'required')", name="consent_enforcement_is_known"
        ),
        sa.CheckConstraint("effective_date_from IN ('upload', 'capture')", name="effective_date_from_is_known"),
    )
    singleton: bool = Field(default=True, primary_key=True)
    idle_minutes: int
    absolute_hours: int
    second_factor_required: bool
    upload_limit_bytes: int
    emergency_minutes: int
    audit_level: str
    consent_enforcement: str
    effective_date_from: str
    version: int


class KeptLicence(IdentityTable, table=True):
    """The installed licence file, the latest time that was seen, and the state that was said last (LIC-1)."""

    __tablename__ = "licence"
    __table_args__ = (sa.CheckConstraint("singleton", name="one_licence"),)
    singleton: bool = Field(default=True, primary_key=True)
    file: str | None = None
    licence: UUID | None = None
    latest_seen: datetime = Field(sa_column=_moment())
    state: str
    reason: str


class UserPreferences(IdentityTable, table=True):
    """How a user likes to work."""

    __tablename__ = "preferences"
    user: UUID = Field(foreign_key="users.id", primary_key=True)
    chosen: dict[str, str] = Field(sa_column=sa.Column(JSONB, nullable=False))


class EntrySections(IdentityTable, table=True):
    """Which sections of an entry a user has folded; of entries where none is, nothing is kept."""

    __tablename__ = "entry_sections"
    __table_args__ = (sa.Index("ix_entry_sections_oldest", "user", "changed_at"),)
    user: UUID = Field(foreign_key="users.id", primary_key=True)
    entry: UUID = Field(primary_key=True)
    open: dict[str, bool] = Field(sa_column=sa.Column(JSONB, nullable=False))
    changed_at: datetime = Field(default_factory=now, sa_column=_moment())


class Session(IdentityTable, table=True):
    """A signed-in browser. The cookie's token is known by its SHA-256 only."""

    __tablename__ = "sessions"
    __table_args__ = (sa.UniqueConstraint("token_sha256", name="token_is_unique"),)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    user: UUID = Field(foreign_key="users.id", index=True)
    token_sha256: str
    csrf_token: str
    created_at: datetime = Field(default_factory=now, sa_column=_moment())
    last_seen_at: datetime = Field(default_factory=now, sa_column=_moment())
    expires_at: datetime = Field(sa_column=_moment())
    ended_at: datetime | None = Field(default=None, sa_column=_moment(optional=True))
    address: str | None = None
    user_agent: str | None = None
    """Where the sign-in came from; shown to the user alone."""


class Throttle(IdentityTable, table=True):
    """A count of guesses; `name` is a keyed digest of what they are counted for."""

    __tablename__ = "throttle"
    name: str = Field(primary_key=True)
    level: float
    at: datetime = Field(sa_column=_moment(index=True))


class SecondFactor(IdentityTable, table=True):
    """A user's authenticator app. It counts once it is confirmed; `last_step` is the time step of the last code."""

    __tablename__ = "second_factors"
    user: UUID = Field(foreign_key="users.id", primary_key=True)
    sealed_secret: bytes
    prepared_at: datetime = Field(default_factory=now, sa_column=_moment())
    confirmed_at: datetime | None = Field(default=None, sa_column=_moment(optional=True))
    last_step: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger, nullable=True))


class RecoveryCode(IdentityTable, table=True):
    """A recovery code that was not used yet, by its keyed digest."""

    __tablename__ = "recovery_codes"
    user: UUID = Field(foreign_key="users.id", primary_key=True)
    digest: str = Field(primary_key=True)


class TrustedDevice(IdentityTable, table=True):
    """A browser in which its user's password is enough. The cookie's token is known by its SHA-256 only."""

    __tablename__ = "trusted_devices"
    __table_args__ = (sa.UniqueConstraint("token_sha256", name="device_token_is_unique"),)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    user: UUID = Field(foreign_key="users.id", index=True)
    token_sha256: str
    trusted_at: datetime = Field(default_factory=now, sa_column=_moment())
    last_used_at: datetime = Field(default_factory=now, sa_column=_moment())
    expires_at: datetime = Field(sa_column=_moment())
    address: str | None = None
    user_agent: str | None = None


class OidcIdentity(IdentityTable, table=True):
    """Whom a provider means by a subject. A user is known by this pair alone, never by name or e-mail address."""

    __tablename__ = "oidc_identities"
    issuer: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    user: UUID = Field(foreign_key="users.id", index=True)
    created_at: datetime = Field(default_factory=now, sa_column=_moment())


class OidcAttempt(IdentityTable, table=True):
    """A sign-in that is under way at a provider. State and browser's cookie are known by their SHA-256 only."""

    __tablename__ = "oidc_attempts"
    state_sha256: str = Field(primary_key=True)
    browser_sha256: str
    provider: str
    nonce: str
    code_verifier: str
    returns_to: str
    expires_at: datetime = Field(sa_column=_moment(index=True))
