"""An OpenID Provider on this machine that says whatever a test wants, and otherwise does all that it should."""

import asyncio
import base64
import hashlib
import json
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_plus, urlencode

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

CLIENT, SECRET = "dermfolio", "a secret: with %, + and ü"

Json = dict[str, Any]


class Keys:
    """A key pair of each kind that is believed."""

    def __init__(self) -> None:
        self.rsa = rsa.generate_private_key(65537, 2048)
        self.ec = ec.generate_private_key(ec.SECP256R1())
        self.ed = ed25519.Ed25519PrivateKey.generate()

    def private(self, algorithm: str) -> Any:
        return {"RS256": self.rsa, "ES256": self.ec, "EdDSA": self.ed}[algorithm]

    def published(self) -> list[Json]:
        return [
            {**RSAAlgorithm.to_jwk(self.rsa.public_key(), as_dict=True), "kid": "RS256", "use": "sig"},
            {**ECAlgorithm.to_jwk(self.ec.public_key(), as_dict=True), "kid": "ES256", "use": "sig"},
            {**OKPAlgorithm.to_jwk(self.ed.public_key(), as_dict=True), "kid": "EdDSA"},
        ]

    def sign(self, claims: Json, algorithm: str = "RS256", **header: Any) -> str:
        payload = json.dumps(claims).encode()  # whatever the claims are: `jwt.encode` would look at them
        return jwt.api_jws.encode(payload, self.private(algorithm), algorithm, {"kid": algorithm, **header})


KEYS = Keys()


@dataclass
class Person:
    """Who sits at the provider's page."""

    sub: str = "00u1"
    claims: Json = field(default_factory=dict)


class HostileProvider:
    """The knobs are set by tests; each is harmless as it is."""

    def __init__(self) -> None:
        self.issuer = ""
        self.person = Person()
        self.algorithm = "RS256"
        self.document: Json = {}
        """Changes to the discovery document."""
        self.forge: Callable[[Json], str] | None = None
        """Makes the ID token of what should be in it."""
        self.keys: list[Json] = KEYS.published()
        self.answers: dict[str, Callable[[], web.StreamResponse]] = {}
        """What a path answers instead."""
        self.delay = 0.0
        self.names_itself = True
        self.asked: list[str] = []
        self.tokens: list[Json] = []
        """The forms that came with codes."""
        self.codes: dict[str, Json] = {}

    @asynccontextmanager
    async def running(self) -> "AsyncIterator[HostileProvider]":
        app = web.Application()
        app.router.add_get("/.well-known/openid-configuration", self._discovery)
        app.router.add_get("/authorize", self._authorize)
        app.router.add_post("/token", self._token)
        app.router.add_get("/keys", self._keys)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        [address] = runner.addresses
        self.issuer = f"http://127.0.0.1:{address[1]}"
        yield self
        await runner.cleanup()

    async def _instead(self, request: web.Request) -> web.StreamResponse | None:
        self.asked.append(request.path)
        await asyncio.sleep(self.delay)
        make = self.answers.get(request.path)
        return None if make is None else make()

    async def _discovery(self, request: web.Request) -> web.StreamResponse:
        said = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "code_challenge_methods_supported": ["plain", "S256"],
        }
        return await self._instead(request) or web.json_response({**said, **self.document})

    async def _authorize(self, request: web.Request) -> web.StreamResponse:
        asked = dict(request.query)
        assert (asked["client_id"], asked["response_type"]) == (CLIENT, "code")
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        back = {"code": code, "state": asked["state"]} | ({"iss": self.issuer} if self.names_itself else {})
        return web.Response(status=303, headers={"Location": f"{asked['redirect_uri']}?{urlencode(back)}"})

    async def _token(self, request: web.Request) -> web.StreamResponse:
        form = {k: str(v) for k, v in (await request.post()).items()}
        self.tokens.append(form)
        if (instead := await self._instead(request)) is not None:
            return instead
        asked = self.codes.pop(form["code"], None)
        if asked is None or not self._is_client(request, form) or asked["redirect_uri"] != form["redirect_uri"]:
            return web.json_response({"error": "invalid_grant"}, status=400)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=")
        if asked["code_challenge_method"] != "S256" or asked["code_challenge"] != challenge.decode():
            return web.json_response({"error": "invalid_grant"}, status=400)
        claims = self.claims(asked["nonce"])
        token = KEYS.sign(claims, self.algorithm) if self.forge is None else self.forge(claims)
        return web.json_response({"access_token": "unused", "token_type": "Bearer", "id_token": token})

    def claims(self, nonce: str) -> Json:
        moment = int(time.time())
        standard = {"iss": self.issuer, "aud": CLIENT, "iat": moment, "exp": moment + 300, "nonce": nonce}
        return {**standard, "sub": self.person.sub, **self.person.claims}

    async def _keys(self, request: web.Request) -> web.StreamResponse:
        return await self._instead(request) or web.json_response({"keys": self.keys})

    def _is_client(self, request: web.Request, form: Json) -> bool:
        if "client_secret" in form:
            return (form["client_id"], form["client_secret"]) == (CLIENT, SECRET)
        name, _, secret = base64.b64decode(request.headers["Authorization"].partition(" ")[2]).decode().partition(":")
        return (unquote_plus(name), unquote_plus(secret)) == (CLIENT, SECRET)


HOSTILE_TOKENS: dict[str, Callable[[Json], str]] = {
    "another issuer": lambda c: KEYS.sign({**c, "iss": "https://id.evil.example"}),
    "another audience": lambda c: KEYS.sign({**c, "aud": "somebody-else"}),
    "more audiences": lambda c: KEYS.sign({**c, "aud": [CLIENT, "somebody-else"]}),
    "another party": lambda c: KEYS.sign({**c, "azp": "somebody-else"}),
    "another nonce": lambda c: KEYS.sign({**c, "nonce": "x" * 43}),
    "no nonce": lambda c: KEYS.sign({k: v for k, v in c.items() if k != "nonce"}),
    "expired": lambda c: KEYS.sign({**c, "exp": int(time.time()) - 120}),
    "not yet valid": lambda c: KEYS.sign({**c, "nbf": int(time.time()) + 600}),
    "unsigned": lambda c: KEYS.sign(c).rpartition(".")[0] + ".",
    "signed by others": lambda c: Keys().sign(c),
    "unknown key": lambda c: KEYS.sign(c, kid="another"),
    "empty subject": lambda c: KEYS.sign({**c, "sub": ""}),
    "huge subject": lambda c: KEYS.sign({**c, "sub": "x" * 10_000}),
    "subject a number": lambda c: KEYS.sign({**c, "sub": 1}),
    "groups no list": lambda c: KEYS.sign({**c, "groups": "derma"}),
    "a huge token": lambda c: KEYS.sign({**c, "groups": ["x" * 100] * 5_000}),
    "no token": lambda _: "",
}
