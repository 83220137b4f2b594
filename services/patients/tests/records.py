"""What tests of patients do again and again: make a record, ask as somebody, look at the facts."""

from typing import Any, TypeVar
from uuid import UUID

import pytest
from pydantic import BaseModel

from dermfolio.common.auth import Actor
from dermfolio.common.bus import Requests
from dermfolio.common.errors import Refused
from dermfolio.common.testing import Ground, eventually
from dermfolio.contracts.messages import Event, Request
from dermfolio.contracts.patients import CreatePatient
from dermfolio.contracts.replay import Fact, ReplayPatients
from dermfolio.contracts.views.patients import NewPatient, PatientView

Reply = TypeVar("Reply", bound=BaseModel)


class Desk:
    """Asks patients as somebody."""

    def __init__(self, ground: Ground, patients: Requests) -> None:
        self.ground = ground
        self.patients = patients

    async def ask(self, request: Request[Reply], actor: Actor) -> Reply:
        """The answer."""
        return await self.patients.ask(request, self.ground.call(actor))

    async def refused(self, request: Request[Any], actor: Actor) -> str:
        """The code of the refusal."""
        with pytest.raises(Refused) as refused:
            await self.ask(request, actor)
        return refused.value.code

    async def make(self, actor: Actor, unique_id: str, site: UUID | None = None) -> PatientView:
        """A new patient."""
        return await self.ask(CreatePatient(patient=NewPatient(unique_id=unique_id, site=site)), actor)

    async def facts(self) -> list[Fact]:
        """All facts so far, as followers are given them."""
        async with self.ground.asking("audit") as audit:
            return (await audit.ask(ReplayPatients(after=0))).facts

    async def said(self, event: type[Event], *, times: int = 1) -> list[Fact]:
        """The facts of one kind, once there are so many; the relay numbers them a moment later."""

        async def found() -> list[Fact] | None:
            facts = [fact for fact in await self.facts() if fact.subject == event.subject]
            return facts if len(facts) >= times else None

        return await eventually(found)
