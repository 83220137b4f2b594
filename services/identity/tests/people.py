"""People who sign in, and what they carry."""

from dataclasses import dataclass
from datetime import timedelta

import pyotp
import pytest

from dermfolio.common.auth import Actor, Call
from dermfolio.common.bus import Requests
from dermfolio.common.errors import Refused
from dermfolio.common.testing import Ground
from dermfolio.contracts.account import ConfirmSecondFactor, PrepareSecondFactor
from dermfolio.contracts.identity import SessionFacts, SignedIn, SignIn
from dermfolio.contracts.messages import Request, now
from dermfolio.identity.tokens import token_sha256

from .conftest import ONE_TIME

NEW = "Corium-Stratum-7!"
WRONG = "Wrong-Password-1!"


async def signed_in(identity: Requests, password: str = ONE_TIME, login: str = "admin", **more: object) -> SignedIn:
    return await identity.ask(SignIn.model_validate({"login": login, "password": password, **more}))


def actor_of(facts: SessionFacts) -> Actor:
    return Actor("user", "gateway", user=facts.user, session=facts.session)


def somewhere(address: str, user_agent: str | None = None) -> Call:
    """A request of somebody who is not signed in, from an address."""
    return Call(Actor("service", "gateway"), address=address, user_agent=user_agent)


async def refusal(identity: Requests, request: Request[object], call: Call | None = None) -> Refused:
    """How a request is refused."""
    with pytest.raises(Refused) as refused:
        await identity.ask(request, call)
    return refused.value


@dataclass
class Owner:
    """Somebody who has a second factor."""

    facts: SessionFacts
    call: Call
    app: pyotp.TOTP
    first_code: str
    """The code that confirmed it."""
    recovery_codes: list[str]

    def next_code(self) -> str:
        """What the app shows half a minute from now: not used for setting up, and taken already."""
        return self.app.at(now() + timedelta(seconds=30))


async def with_second_factor(ground: Ground, identity: Requests) -> Owner:
    """The admin, with a second factor that was just set up."""
    facts = (await signed_in(identity)).facts
    call = ground.call(actor_of(facts))
    prepared = await identity.ask(PrepareSecondFactor(current_password=ONE_TIME), call)
    app = pyotp.TOTP(prepared.secret)
    first_code = app.now()
    codes = (await identity.ask(ConfirmSecondFactor(code=first_code), call)).codes
    return Owner(facts, call, app, first_code, codes)


async def with_trusted_device(ground: Ground, identity: Requests) -> tuple[Owner, str]:
    """The same, who trusts a browser; also the SHA-256 of the token that it carries."""
    owner = await with_second_factor(ground, identity)
    opened = await signed_in(identity, second_factor=owner.next_code(), trust_device=True)
    assert opened.device is not None
    return owner, token_sha256(opened.device)
