"""One thin function per message about sign-in by a provider."""

from dermfolio.common.auth import Call
from dermfolio.common.db import Database
from dermfolio.contracts.identity import SignedIn
from dermfolio.contracts.oidc import BeginSignIn, FinishSignIn, SignInBegun
from dermfolio.identity.handlers import GATEWAY
from dermfolio.identity.oidc.relying import Relying
from dermfolio.identity.oidc.sign_in import ProviderSignIn
from dermfolio.identity.oidc.speaking import Speaking
from dermfolio.identity.policy import Policy
from dermfolio.identity.settings import IdentitySettings


class OidcHandlers:
    """What identity answers of sign-in by a provider."""

    def __init__(self, db: Database, settings: IdentitySettings, policy: Policy, speaking: Speaking) -> None:
        secrets, seconds = settings.oidc_client_secrets, settings.oidc_seconds
        relying = {
            provider.id: Relying(provider, secrets[provider.id].get_secret_value(), speaking, seconds=seconds)
            for provider in settings.oidc_providers
        }
        self._sign_in = ProviderSignIn(db, relying, policy)

    async def begin(self, request: BeginSignIn, call: Call) -> SignInBegun:
        """Say where to go."""
        call.need_service(GATEWAY)
        return await self._sign_in.begin(request.provider, request.returns_to)

    async def finish(self, request: FinishSignIn, call: Call) -> SignedIn:
        """Open a session."""
        call.need_service(GATEWAY)
        return await self._sign_in.finish(call, request)
