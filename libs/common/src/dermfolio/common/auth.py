"""Identity travels with the request: a signed Actor (EdDSA, RFC 8037, as a JWT, RFC 7519) in a header of each `rpc`.

Only the gateway may speak for users; every service may speak for itself. Each has its own Ed25519 key.
"""

import base64
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from dermfolio.common.errors import Refused
from dermfolio.contracts.replay import Origin
from dermfolio.contracts.roles import GRANTS, Permission, Role

LIFETIME = 60
"""Seconds an Actor is believed."""

AUDIENCE = "dermfolio"
SPEAKS_FOR_USERS = "gateway"
_CLOCK_LEEWAY = 5


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a user with roles per site, or a service on its own behalf."""

    kind: Literal["user", "service"]
    service: str
    """The process that signed: the gateway for users, else the service itself."""
    user: UUID | None = None
    session: UUID | None = None
    """The session, or the API token that stands for one."""

    site_roles: Mapping[UUID, frozenset[Role]] = field(default_factory=dict)
    installation_roles: frozenset[Role] = frozenset()
    scopes: frozenset[Permission] | None = None
    """What an API token may do at most; None without one."""

    def may(self, permission: Permission, site: UUID | None = None) -> bool:
        """Tell whether the actor may do this, at this site or (None) anywhere in the installation."""
        allowed = self._allowed(permission)
        return bool(
            self.installation_roles & allowed or (site is not None and self.site_roles.get(site, frozenset()) & allowed)
        )

    def sites(self, permission: Permission) -> list[UUID]:
        """List the sites where the actor's site roles allow this; the scope of every query."""
        allowed = self._allowed(permission)
        return [site for site, roles in self.site_roles.items() if roles & allowed]

    def holds_a_role(self) -> bool:
        """Tell whether the actor works at a site, or manages or audits the installation."""
        return bool(self.site_roles or self.installation_roles)

    def _allowed(self, permission: Permission) -> frozenset[Role]:
        """The roles by which this is allowed; none where a token was not made for it."""
        return GRANTS[permission] if self.scopes is None or permission in self.scopes else frozenset()


@dataclass(frozen=True, slots=True)
class Call:
    """The circumstances of one request: who asks, and from where."""

    actor: Actor
    request_id: str | None = None
    address: str | None = None
    user_agent: str | None = None
    token: str | None = field(default=None, repr=False)
    """The actor as it was signed; what this call asks of other services is asked in the same name."""

    def need(self, permission: Permission, site: UUID) -> None:
        """Refuse with `forbidden` when the actor may see the site's things but not do this there."""
        if not self.actor.may(permission, site):
            raise Refused("forbidden")

    def need_service(self, *names: str) -> None:
        """Refuse unless one of these services asks on its own behalf or for a user."""
        if self.actor.service not in names:
            raise Refused("forbidden")

    def user(self) -> UUID:
        """The user who asks; refused when a service does."""
        if self.actor.user is None:
            raise Refused("not_signed_in")
        return self.actor.user

    def user_in_person(self) -> UUID:
        """The user who asks in a session. Refused as `session_required` when one of their API tokens does."""
        user = self.user()
        if self.actor.scopes is not None:
            raise Refused("session_required")
        return user

    def origin(self, opening: UUID | None = None) -> Origin:
        """What the outbox keeps beside a fact that this call causes, perhaps by an emergency access."""
        roles = {r for held in self.actor.site_roles.values() for r in held} | self.actor.installation_roles
        return Origin(
            user=self.actor.user,
            service=None if self.actor.user else self.actor.service,
            session=self.actor.session,
            roles=sorted(roles),
            opening=opening,
            address=self.address,
            user_agent=self.user_agent,
            request_id=self.request_id,
        )


class ActorSigner:
    """Signs this process's Actors."""

    def __init__(self, service: str, seed: bytes) -> None:
        self.service = service
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self._own: tuple[float, str] = (0.0, "")

    def sign(self, actor: Actor) -> str:
        """Make a token of an actor, valid for `LIFETIME` seconds."""
        issued = int(time.time())
        claims: dict[str, Any] = {
            "iss": self.service,
            "aud": AUDIENCE,
            "iat": issued,
            "exp": issued + LIFETIME,
            "k": actor.kind,
        }
        if actor.kind == "user":
            claims |= {
                "u": str(actor.user),
                "s": str(actor.session),
                "r": {str(site): sorted(roles) for site, roles in actor.site_roles.items()},
                "i": sorted(actor.installation_roles),
            }
            if actor.scopes is not None:
                claims["p"] = sorted(actor.scopes)
        return jwt.encode(claims, self._key, algorithm="EdDSA")

    def own(self) -> str:
        """The token of this service acting on its own behalf, renewed at half its life."""
        made, token = self._own
        if time.time() - made > LIFETIME / 2:
            token = self.sign(Actor("service", self.service))
            self._own = (time.time(), token)
        return token


class ActorVerifier:
    """Believes tokens signed by a trusted key, until they expire."""

    def __init__(self, trusted: Mapping[str, str], *, remembered: int = 4096) -> None:
        self._keys = {
            name: Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(key + "=="))
            for name, key in trusted.items()
        }
        self._seen: OrderedDict[str, tuple[float, Actor]] = OrderedDict()
        self._remembered = remembered

    def verify(self, token: str | None) -> Actor:
        """Return the actor of a token. Refused (`not_signed_in`) when forged, expired or wrongly signed."""
        if token is None:
            raise Refused("not_signed_in")
        if known := self._seen.get(token):
            if known[0] > time.time():
                return known[1]
            del self._seen[token]
        expires, actor = self._read(token)
        self._seen[token] = (expires, actor)
        if len(self._seen) > self._remembered:
            self._seen.popitem(last=False)
        return actor

    def _read(self, token: str) -> tuple[float, Actor]:
        try:
            issuer = jwt.decode(token, options={"verify_signature": False})["iss"]
            claims = jwt.decode(
                token,
                self._keys[issuer],
                algorithms=["EdDSA"],
                audience=AUDIENCE,
                leeway=_CLOCK_LEEWAY,
                options={"require": ["exp", "iat", "aud", "iss"]},
            )
            if claims["exp"] - claims["iat"] > LIFETIME:
                raise Refused("not_signed_in")
            if claims["k"] == "service":
                return claims["exp"], Actor("service", issuer)
            if claims["k"] != "user" or issuer != SPEAKS_FOR_USERS:
                raise Refused("not_signed_in")
            actor = Actor(
                "user",
                issuer,
                user=UUID(claims["u"]),
                session=UUID(claims["s"]),
                site_roles={UUID(site): frozenset(map(Role, roles)) for site, roles in claims["r"].items()},
                installation_roles=frozenset(map(Role, claims["i"])),
                scopes=frozenset(map(Permission, claims["p"])) if "p" in claims else None,
            )
        except (jwt.InvalidTokenError, KeyError, TypeError, ValueError, AttributeError) as error:
            raise Refused("not_signed_in") from error
        return claims["exp"], actor


def public_key(seed: bytes) -> str:
    """The base64url public key that belongs to a signing key, for `trusted_keys`."""
    raw = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
