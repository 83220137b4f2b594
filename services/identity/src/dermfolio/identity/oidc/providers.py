"""The providers that an installation trusts, and what their groups are worth here."""

import re
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from dermfolio.contracts.roles import InstallationRole, RoleAtSite
from dermfolio.contracts.views.text import Name

_ADDRESS = re.compile(r"[\x21-\x7e]{1,2000}")
"""It goes into a header, where a line break would begin another."""

ProviderId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9](-?[a-z0-9]){0,39}$")]
"""Part of the address that the provider sends browsers back to; never to change once the provider knows it."""


class GroupRoles(BaseModel):
    """What the members of a group may do."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    sites: dict[str, RoleAtSite] = {}
    """By the site's id, or its name where no other site has the same."""

    installation: InstallationRole | None = None


class Provider(BaseModel):
    """An OpenID Provider where this installation is registered as a confidential client."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: ProviderId
    name: Name
    """What people read on the button."""

    issuer: str
    """As the provider's discovery document names it, to the letter."""

    client_id: str = Field(min_length=1)
    scopes: list[str] = ["openid", "profile"]
    groups_claim: str = "groups"
    """The claim that lists groups, or the way to it through others: `realm_access.roles`."""

    groups: dict[str, GroupRoles] = {}


def may_be_asked(url: object, *, evaluation: bool) -> bool:
    """Whether a provider may be spoken to at this address: https, or http to this machine in an evaluation."""
    if not isinstance(url, str) or not _ADDRESS.fullmatch(url):
        return False
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    if not parts.hostname or parts.username is not None or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and evaluation and _is_loopback(parts.hostname))


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
