"""Filling an evaluation with invented patients: what patients answers to an operator, and what it says of it.

People are numbered from 0. Who number 17 of a seed is follows from the two numbers alone, at any time and anywhere.
"""

from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from dermfolio.contracts.messages import Action, Event, Request

PEOPLE_AT_ONCE = 1000
SEEDS = 100_000
MOST_PEOPLE = 10_000_000

Seed = int


class SeededSite(BaseModel):
    """A site whose patients are invented: appointments are in the daytime of its zone, tags are the site's to give."""

    model_config = ConfigDict(frozen=True)
    site: UUID
    time_zone: str
    tags: list[UUID] = Field(max_length=200)
    """The first ones are common, the last one is rare."""


class Seeded(BaseModel):
    """How many invented patients were added, or are there."""

    people: int


class CountSeeded(Request[Seeded]):
    """How many patients of a seed are there. Answers only ops, and only in an evaluation."""

    subject = "rpc.patients.count_seeded"
    timeout = 30.0
    seed: Seed = Field(ge=0, lt=SEEDS)


class SeedPatients(Request[Seeded]):
    """Add those people of one batch who are not there yet: the first `count` of a
    thousand. Answers only ops, and only in an evaluation.
    """

    subject = "rpc.patients.seed"
    timeout = 120.0
    seed: Seed = Field(ge=0, lt=SEEDS)
    batch: int = Field(ge=0, lt=MOST_PEOPLE // PEOPLE_AT_ONCE)
    count: int = Field(ge=1, le=PEOPLE_AT_ONCE)
    sites: list[SeededSite] = Field(min_length=1, max_length=50)
    by: UUID
    """The user who is to have written it all."""


class PatientsSeeded(Event):
    """Invented patients were added, in one transaction with everything that they have: `people` of those with the
    numbers from `first` on. It stands for all their records, as no one of them was made by anybody.
    """

    subject = "evt.patients.seeded"
    action: ClassVar[Action] = "C"
    about: ClassVar[str] = "seeding"
    seeding: UUID
    """Of the batch, whoever of it was there before."""
    seed: int
    first: int
    people: int


ASKED: tuple[type[Request[Any]], ...] = (CountSeeded, SeedPatients)
"""What patients answers of this."""

SAID: tuple[type[Event], ...] = (PatientsSeeded,)
"""What patients says of it."""
