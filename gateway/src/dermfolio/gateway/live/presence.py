"""Who has which patient open (ENT-3): told among the gateways, and to those who are there themselves.

Every gateway says who is there through it, whenever that changes and every few seconds; what another one said is
forgotten when it is not repeated. So whoever leaves is gone at once, and whoever came through a gateway that died
within seconds.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator, Set
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID, uuid4

import structlog
from pydantic import ValidationError

from dermfolio.common.going_on import going_on
from dermfolio.contracts.messages import Live
from dermfolio.contracts.presence import PATIENTS_AT_ONCE, PeopleAt, PeoplePresent
from dermfolio.contracts.views.live import PEOPLE_AT_ONCE, Somebody

log = structlog.get_logger()

SAID_EVERY_SECONDS = 2.0
BELIEVED_SECONDS = 6.0
"""Three times may get lost."""


@dataclass(frozen=True, slots=True)
class PresenceNews:
    """Who has this patient open is not who had."""

    patient: UUID


class Guest(Protocol):
    """A connection whose user may be somewhere."""

    def present(self, patient: UUID) -> None:
        """Somebody came to this patient, or left; must not block."""


@dataclass(frozen=True, slots=True)
class _Said:
    """What another gateway said of a patient, believed until then (monotonic)."""

    people: frozenset[Somebody]
    until: float


class Presence:
    """Knows who is where, here and at the other gateways."""

    def __init__(self, hint: Callable[[Live], Awaitable[None]]) -> None:
        self._hint = hint
        self._gateway = uuid4()
        self._places: dict[Guest, UUID] = {}
        self._here: dict[UUID, dict[Guest, Somebody]] = {}
        self._elsewhere: dict[UUID, dict[UUID, _Said]] = {}
        self._unsaid: set[UUID] = set()
        self._something = asyncio.Event()

    @contextlib.contextmanager
    def met(self, guest: Guest) -> Iterator[None]:
        """Have a guest leave at the end of the block, wherever it is."""
        try:
            yield
        finally:
            self.leave(guest)

    def place(self, guest: Guest) -> UUID | None:
        """The patient whom a guest has open."""
        return self._places.get(guest)

    def people(self, patient: UUID) -> list[Somebody]:
        """Who has a patient open, each once for a place; as many as are told of."""
        said = self._elsewhere.get(patient, {}).values()
        everyone = set(self._here.get(patient, {}).values()).union(*(one.people for one in said))
        return _told(everyone)

    def enter(self, guest: Guest, patient: UUID, somebody: Somebody) -> None:
        """Have a guest at a patient, and nowhere else."""
        self.leave(guest)
        self._places[guest] = patient
        self._here.setdefault(patient, {})[guest] = somebody
        self._changed_here(patient)

    def leave(self, guest: Guest) -> UUID | None:
        """Have a guest nowhere; returns where it was."""
        patient = self._places.pop(guest, None)
        if patient is not None:
            del self._here[patient][guest]
            if not self._here[patient]:
                del self._here[patient]
            self._changed_here(patient)
        return patient

    def hear(self, payload: bytes) -> None:
        """Take what another gateway said, or this one."""
        try:
            said = PeoplePresent.model_validate_json(payload)
        except ValidationError:
            log.error("presence.not_valid")
            return
        if said.gateway == self._gateway:
            return
        until = asyncio.get_running_loop().time() + BELIEVED_SECONDS
        for at in said.patients:
            self._believe(said.gateway, at.patient, _Said(frozenset(at.people), until))

    async def run(self) -> None:
        """Say who is here, for ever."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        while going_on():
            try:
                async with asyncio.timeout_at(due):
                    await self._something.wait()
            except TimeoutError:
                due = loop.time() + SAID_EVERY_SECONDS
                self._forget_silent(loop.time())
                self._unsaid |= self._here.keys()
            self._something.clear()
            unsaid, self._unsaid = list(self._unsaid), set()
            for begin in range(0, len(unsaid), PATIENTS_AT_ONCE):
                some = [self._at(patient) for patient in unsaid[begin : begin + PATIENTS_AT_ONCE]]
                await self._hint(PeoplePresent(gateway=self._gateway, patients=some))

    def _at(self, patient: UUID) -> PeopleAt:
        return PeopleAt(patient=patient, people=_told(set(self._here.get(patient, {}).values())))

    def _believe(self, gateway: UUID, patient: UUID, said: _Said) -> None:
        of_patient = self._elsewhere.setdefault(patient, {})
        before = of_patient.get(gateway)
        of_patient[gateway] = said
        if not said.people:
            self._forget(gateway, patient)
        if said.people != (before.people if before else frozenset()):
            self._tell(patient)

    def _forget_silent(self, at: float) -> None:
        silent = [
            (g, p) for p, of_patient in self._elsewhere.items() for g, said in of_patient.items() if said.until < at
        ]
        for gateway, patient in silent:
            self._forget(gateway, patient)
            self._tell(patient)

    def _forget(self, gateway: UUID, patient: UUID) -> None:
        del self._elsewhere[patient][gateway]
        if not self._elsewhere[patient]:
            del self._elsewhere[patient]

    def _changed_here(self, patient: UUID) -> None:
        self._unsaid.add(patient)
        self._something.set()
        self._tell(patient)

    def _tell(self, patient: UUID) -> None:
        for guest in tuple(self._here.get(patient, ())):
            guest.present(patient)


def _told(people: Set[Somebody]) -> list[Somebody]:
    """In an order of their own, so that the same people are told of by every gateway."""
    return sorted(people, key=lambda one: (one.user, str(one.entry)))[:PEOPLE_AT_ONCE]
