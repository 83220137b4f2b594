"""Composition root of registration."""

from dermfolio.common.host import Parts
from dermfolio.common.outbox import replay
from dermfolio.common.service import Chore, Service
from dermfolio.contracts.comparisons import (
    ChangeComparison,
    CreateComparison,
    DeleteComparison,
    GetComparison,
    ListComparisons,
    RegistrationAccessDenied,
    RestoreComparison,
)
from dermfolio.contracts.replay import ReplayRegistration
from dermfolio.registration.change import Editor
from dermfolio.registration.create import Creator
from dermfolio.registration.holding import Holding
from dermfolio.registration.read import Reader
from dermfolio.registration.settings import RegistrationSettings
from dermfolio.registration.sight import Sight


def service(settings: RegistrationSettings, parts: Parts) -> Service:
    """Say what registration is made of."""
    sight = Sight(parts.requests)
    holding = Holding(parts.db, parts.requests, give_up_after=settings.give_up_after)
    reader = Reader(parts)
    creator, editor = Creator(parts.db, sight, holding), Editor(parts.db, sight, holding)
    return Service(
        "registration",
        answers={
            CreateComparison: creator.create,
            ListComparisons: reader.list,
            GetComparison: reader.get,
            ChangeComparison: editor.change,
            DeleteComparison: editor.delete,
            RestoreComparison: creator.restore,
            ReplayRegistration: replay(parts.db, ["images", "patients", "audit"]),
        },
        chores=[Chore("give_up", settings.give_up_every_seconds, holding)],
        denied=RegistrationAccessDenied,
    )
