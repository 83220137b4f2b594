"""Signing in by a provider: away to it, and back (OpenID Connect Core 1.0, RFC 7636, RFC 9207, RFC 9700)."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import structlog

from dermfolio.common.auth import Call
from dermfolio.common.db import Database
from dermfolio.common.errors import Refused
from dermfolio.contracts.identity import SignedIn
from dermfolio.contracts.oidc import FinishSignIn, SignInBegun
from dermfolio.identity.oidc import accounts, attempts
from dermfolio.identity.oidc.id_token import Claims, Disbelieved
from dermfolio.identity.oidc.providers import Provider
from dermfolio.identity.oidc.relying import Relying
from dermfolio.identity.oidc.speaking import Silent
from dermfolio.identity.policy import Policy
from dermfolio.identity.sign_in import open_session, say_refused
from dermfolio.identity.tokens import TOKEN_BYTES

log = structlog.get_logger()


class ProviderSignIn:
    """Sign-in by the providers of this installation."""

    def __init__(self, db: Database, providers: Mapping[str, Relying], policy: Policy) -> None:
        self._db = db
        self._providers = providers
        self._policy = policy

    async def begin(self, provider: str, returns_to: str) -> SignInBegun:
        """Begin. Refused as `not_found`, `provider_sign_in_failed` or `provider_unavailable`."""
        relying = self._relying(provider)
        asked, browser = attempts.new(returns_to), secrets.token_urlsafe(TOKEN_BYTES)
        with _doubts(provider):
            address = await relying.address(asked)
        await attempts.keep(self._db, provider, asked, browser)
        return SignInBegun(address=address, browser=browser)

    async def finish(self, call: Call, answer: FinishSignIn) -> SignedIn:
        """Open a session. Refused as `begin`, and as `provider_sign_in_stale`, `provider_declined` or `no_access`."""
        try:
            claims = await self._claims(self._relying(answer.provider), answer)
        except Refused as refusal:
            async with self._db.write() as s:
                say_refused(s, call, None, refusal.code)
            raise
        return await self._opened(call, self._providers[answer.provider].provider, claims)

    async def _claims(self, relying: Relying, answer: FinishSignIn) -> Claims:
        provider, state = answer.provider, answer.state.get_secret_value()
        asked = await attempts.take(self._db, provider, state, answer.browser.get_secret_value())
        if asked is None:
            raise Refused("provider_sign_in_stale")
        with _doubts(provider):
            relying.need_sender(answer.issuer)
            if answer.code is None:
                raise Refused("provider_declined")
            return await relying.claims(answer.code.get_secret_value(), answer.issuer, asked)

    async def _opened(self, call: Call, provider: Provider, claims: Claims) -> SignedIn:
        opened: SignedIn | None = None
        origin = call.origin()
        async with self._db.write() as s:
            user = await accounts.bound(s, provider.issuer, claims.sub)
            wished = await accounts.roles_of(s, provider, claims.groups)
            if user is None and wished:
                user = await accounts.provision(s, provider, claims, origin)
            enabled = user is not None and user.disabled_at is None
            if user and enabled and await accounts.set_roles_by_groups(s, user, wished, origin):
                opened = await open_session(s, self._policy, call, user)
            else:
                say_refused(s, call, user, "no_access")
        if opened is None:
            raise Refused("no_access")
        return opened

    def _relying(self, provider: str) -> Relying:
        if provider not in self._providers:
            raise Refused("not_found")
        return self._providers[provider]


@contextmanager
def _doubts(provider: str) -> Iterator[None]:
    """Turn what is wrong with a provider's answer into a refusal; operators read why."""
    try:
        yield
    except Disbelieved as doubt:
        log.warning("oidc.disbelieved", provider=provider, reason=doubt.reason)
        raise Refused("provider_sign_in_failed") from doubt
    except (Silent, TimeoutError) as error:
        log.warning("oidc.silent", provider=provider, error=type(error).__name__)
        raise Refused("provider_unavailable") from error
