"""Believing an ID token: OpenID Connect Core 1.0, 3.1.3.7, as strictly as it may be read.

What a provider says is text from outside: every doubt is a `Disbelieved` with a reason for the operator's log.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import jwt
from pydantic import BaseModel, Field, StringConstraints, ValidationError

LEEWAY_SECONDS = 60
"""By how much the provider's clock may differ from ours."""

KEY_TYPES = {"RS256": ("RSA", None), "ES256": ("EC", "P-256"), "EdDSA": ("OKP", "Ed25519")}
"""Signatures that are believed, with the keys that make them (RFC 7518, RFC 8037). Nothing symmetric, never none."""


class Disbelieved(Exception):  # noqa: N818 - an outcome of listening to strangers
    """A provider's answer that cannot be believed. `reason` is a code of ours, never the provider's words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class UnknownKey(Disbelieved):
    """No key that is known signed this; the provider may have a new one."""

    def __init__(self) -> None:
        super().__init__("unknown_key")


class Claims(BaseModel):
    """What is used of an ID token. Names are untrusted text: they are looked at where they are used."""

    sub: Annotated[str, StringConstraints(strict=True, pattern=r"^[\x20-\x7e]{1,255}$")]
    nonce: Annotated[str, StringConstraints(strict=True)]
    aud: object
    azp: object = None
    preferred_username: object = None
    name: object = None
    groups: list[Annotated[str, StringConstraints(strict=True)]] = Field([], strict=True)


def claims_of(
    token: str, keys: Sequence[Mapping[str, Any]], *, issuer: str, client_id: str, nonce: str, groups_claim: str
) -> Claims:
    """What a provider says of who signed in. `keys` is its JWK Set (RFC 7517). Raises Disbelieved."""
    said = _verified(token, keys, issuer=issuer, client_id=client_id)
    try:
        claims = Claims.model_validate({**said, "groups": _claim(said, groups_claim)})
    except ValidationError as error:
        raise Disbelieved("claims") from error
    if claims.aud not in (client_id, [client_id]):  # of other audiences we trust none
        raise Disbelieved("audience")
    if claims.azp not in (None, client_id):
        raise Disbelieved("authorized_party")
    if claims.nonce != nonce:
        raise Disbelieved("nonce")
    return claims


def _claim(said: Mapping[str, Any], name: str) -> object:
    """A claim by its name or, where none is called so, by the way to it: Keycloak says roles as `realm_access.roles`.
    Nothing where it is not said.
    """
    if name in said:
        return said[name]
    found: object = said
    for step in name.split("."):
        found = found.get(step, []) if isinstance(found, Mapping) else []
    return found


def _verified(token: str, keys: Sequence[Mapping[str, Any]], *, issuer: str, client_id: str) -> dict[str, Any]:
    try:
        header = jwt.get_unverified_header(token)
        algorithm = header.get("alg")
        if algorithm not in KEY_TYPES:
            raise Disbelieved("algorithm")
        return jwt.decode(
            token,
            jwt.PyJWK(_key(keys, algorithm, header.get("kid")), algorithm),
            algorithms=[algorithm],
            audience=client_id,
            issuer=issuer,
            leeway=LEEWAY_SECONDS,
            options={"require": ["iss", "sub", "aud", "exp", "iat"], "enforce_minimum_key_length": True},
        )
    except jwt.PyJWTError as error:
        raise Disbelieved(type(error).__name__) from error
    except (TypeError, ValueError, KeyError, AttributeError, OverflowError) as error:  # claims of other types
        raise Disbelieved("malformed") from error


def _key(keys: Sequence[Mapping[str, Any]], algorithm: str, kid: object) -> dict[str, Any]:
    """The one public key that can have signed this: of this id, or, where the token names none, the only one."""
    kind, curve = KEY_TYPES[algorithm]
    fitting = [
        key
        for key in keys
        if key.get("kty") == kind
        and key.get("crv") == curve
        and key.get("use", "sig") == "sig"
        and key.get("alg", algorithm) == algorithm
        and "d" not in key
        and kid in (None, key.get("kid"))
    ]
    if len(fitting) != 1:
        raise UnknownKey
    return dict(fitting[0])
