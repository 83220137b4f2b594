"""What identity said, as the trail asks for it."""

from dermfolio.common.bus import Requests
from dermfolio.contracts.replay import Fact, ReplayIdentity


async def of_people(audit: Requests) -> list[Fact]:
    """All but what it said of the licence, which is installed when it starts."""
    facts = (await audit.ask(ReplayIdentity(after=0))).facts
    return [fact for fact in facts if "licence" not in fact.subject]
