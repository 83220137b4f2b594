"""The administrator's office: who asks identity in whose name."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from dermfolio.common.auth import Actor, Call
from dermfolio.common.bus import Requests
from dermfolio.common.errors import Refused
from dermfolio.common.testing import Ground, eventually
from dermfolio.contracts.identity import SignedIn
from dermfolio.contracts.messages import Event, Request
from dermfolio.contracts.organisation import (
    ChoosePasswordByLink,
    CreateSite,
    GetUser,
    InviteUser,
    MakePasswordLink,
)
from dermfolio.contracts.replay import ReplayIdentity
from dermfolio.contracts.roles import Role, RoleAtSite
from dermfolio.contracts.views.organisation import (
    NewSite,
    NewUser,
    RolesAtSite,
    SiteView,
    UserView,
)
from dermfolio.identity.tokens import token_sha256

STRONG = "Corium-Stratum-7!"


class Office:
    """The administrator's office: who asks identity in whose name."""

    def __init__(self, ground: Ground, identity: Requests, opened: SignedIn) -> None:
        self.ground = ground
        self.identity = identity
        facts = opened.facts
        self.first_site = next(iter(facts.site_roles))
        self.admin = Actor(
            "user", "gateway", user=facts.user, session=facts.session, installation_roles=frozenset({Role.ADMIN})
        )

    def call(self, actor: Actor | None = None) -> Call:
        return self.ground.call(actor or self.admin)

    async def site(self, name: str = "Basel") -> SiteView:
        new = NewSite(name=name, time_zone="Europe/Zurich")
        return await self.identity.ask(CreateSite(new=new, idempotency_key=str(uuid4())), self.call())

    async def invited(
        self,
        site: UUID,
        role: RoleAtSite = Role.CLINICIAN,
        *,
        by: Actor | None = None,
        login: str | None = None,
        name: str = "Dr. Iris Keller",
    ) -> UserView:
        new = NewUser(
            login=login or f"user-{uuid4().hex[:8]}",
            display_name=name,
            sites=[RolesAtSite(site=site, roles=[role])],
        )
        return await self.identity.ask(InviteUser(new=new, idempotency_key=str(uuid4())), self.call(by))

    async def active(self, site: UUID, role: RoleAtSite = Role.CLINICIAN) -> UserView:
        invited = await self.invited(site, role)
        link = await self.identity.ask(MakePasswordLink(user=invited.id), self.call())
        await self.choose(link.token)
        return await self.identity.ask(GetUser(user=invited.id), self.call())

    async def choose(self, token: str, password: str = STRONG) -> str:
        asked = ChoosePasswordByLink(token_sha256=token_sha256(token), new_password=password)
        return (await self.identity.ask(asked)).login

    async def said(self, event: type[Event], times: int) -> list[dict[str, Any]]:
        """The facts of one kind, once there are so many."""

        async def found() -> list[dict[str, Any]] | None:
            async with self.ground.asking("audit") as audit:
                facts = (await audit.ask(ReplayIdentity(after=0))).facts
            data = [fact.data for fact in facts if fact.subject == event.subject]
            return data if len(data) >= times else None

        return await eventually(found)

    async def refused(self, request: Request[object], actor: Actor | None = None) -> str:  # type: ignore[type-var]
        with pytest.raises(Refused) as refusal:
            await self.identity.ask(request, self.call(actor))
        return refusal.value.code
