"""Relying on one provider: where it lives, which keys it signs with, what it says of who comes back from it.

What is remembered here is a copy of what the provider publishes; every replica has its own.
"""

import asyncio
import base64
import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus, urlencode

from dermfolio.identity.oidc.id_token import Claims, Disbelieved, UnknownKey, claims_of
from dermfolio.identity.oidc.providers import Provider
from dermfolio.identity.oidc.speaking import Speaking

REMEMBERED_SECONDS = 600.0
"""For how long a provider's document and keys are believed without asking again."""

REFETCH_SECONDS = 30.0
"""An unknown key makes us ask again for the keys at most this often."""


@dataclass(frozen=True)
class Asked:
    """What was asked of a provider, and has to be met by what comes back."""

    state: str
    nonce: str
    code_verifier: str
    returns_to: str


@dataclass(frozen=True)
class _Copy:
    """What a provider publishes, and when it was read."""

    said: Mapping[str, Any]
    read_at: float

    def is_fresh(self, seconds: float) -> bool:
        return time.monotonic() - self.read_at < seconds


class Relying:
    """One provider. Every method raises Disbelieved, Silent, or TimeoutError after `seconds`."""

    def __init__(self, provider: Provider, secret: str, speaking: Speaking, *, seconds: float) -> None:
        self.provider = provider
        self._secret = secret
        self._speaking = speaking
        self._seconds = seconds
        self._document: _Copy | None = None
        self._keys: _Copy | None = None
        self._reading = asyncio.Lock()

    async def address(self, asked: Asked) -> str:
        """Where the browser has to go (Core 3.1.2.1, RFC 7636)."""
        async with asyncio.timeout(self._seconds):
            document = await self._discovered()
        place = document.get("authorization_endpoint")
        if not self._speaking.may_ask(place):
            raise Disbelieved("address")
        challenge = hashlib.sha256(asked.code_verifier.encode()).digest()
        query = {
            "response_type": "code",
            "client_id": self.provider.client_id,
            "redirect_uri": asked.returns_to,
            "scope": " ".join(self.provider.scopes),
            "state": asked.state,
            "nonce": asked.nonce,
            "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        return f"{place}{'&' if '?' in str(place) else '?'}{urlencode(query)}"

    async def claims(self, code: str, issuer: str | None, asked: Asked) -> Claims:
        """Who signed in, by the code that the browser brought. `issuer` is what the answer said of its sender."""
        async with asyncio.timeout(self._seconds):
            document = await self._discovered()
            self._need_sender(issuer, document)
            token = await self._exchanged(document, code, asked)
            try:
                return self._believed(token, await self._key_set(document, REMEMBERED_SECONDS), asked)
            except UnknownKey:
                return self._believed(token, await self._key_set(document, REFETCH_SECONDS), asked)

    def need_sender(self, issuer: str | None) -> None:
        """Disbelieve an answer that names another sender than this provider (RFC 9207, 2.4)."""
        if issuer not in (None, self.provider.issuer):
            raise Disbelieved("sender")

    def _need_sender(self, issuer: str | None, document: Mapping[str, Any]) -> None:
        self.need_sender(issuer)
        if issuer is None and document.get("authorization_response_iss_parameter_supported") is True:
            raise Disbelieved("sender_missing")

    async def _discovered(self) -> Mapping[str, Any]:
        """The provider's document (OpenID Connect Discovery 1.0, 4)."""
        async with self._reading:
            if self._document is None or not self._document.is_fresh(REMEMBERED_SECONDS):
                issuer = self.provider.issuer
                said = await self._speaking.get(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
                if said.get("issuer") != issuer:
                    raise Disbelieved("issuer")
                methods = said.get("code_challenge_methods_supported", ["S256"])
                if not isinstance(methods, list) or "S256" not in methods:
                    raise Disbelieved("no_pkce")
                self._document = _Copy(said, time.monotonic())
            return self._document.said

    async def _exchanged(self, document: Mapping[str, Any], code: str, asked: Asked) -> str:
        """The ID token for a code (Core 3.1.3). The secret goes into a header where the provider reads it there."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": asked.returns_to,
            "code_verifier": asked.code_verifier,
        }
        headers = {}
        ways = document.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if isinstance(ways, list) and "client_secret_basic" not in ways and "client_secret_post" in ways:
            form |= {"client_id": self.provider.client_id, "client_secret": self._secret}
        else:
            # both parts are form-encoded before they are joined (RFC 6749, 2.3.1)
            pair = f"{quote_plus(self.provider.client_id)}:{quote_plus(self._secret)}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        token = (await self._speaking.post(document.get("token_endpoint"), form, headers)).get("id_token")
        if not isinstance(token, str):
            raise Disbelieved("no_id_token")
        return token

    async def _key_set(self, document: Mapping[str, Any], seconds: float) -> list[Mapping[str, Any]]:
        async with self._reading:
            if self._keys is None or not self._keys.is_fresh(seconds):
                self._keys = _Copy(await self._speaking.get(document.get("jwks_uri")), time.monotonic())
            keys = self._keys.said.get("keys")
        if not isinstance(keys, list):
            raise Disbelieved("no_keys")
        return [key for key in keys if isinstance(key, dict)]

    def _believed(self, token: str, keys: list[Mapping[str, Any]], asked: Asked) -> Claims:
        return claims_of(
            token,
            keys,
            issuer=self.provider.issuer,
            client_id=self.provider.client_id,
            nonce=asked.nonce,
            groups_claim=self.provider.groups_claim,
        )
