"""How the effective date of a new photograph is chosen (POOL-5): identity knows the rule, images follows it."""

from uuid import UUID

from pydantic import BaseModel

from dermfolio.contracts.messages import Request
from dermfolio.contracts.views.settings import EffectiveDateFrom


class DatingRule(BaseModel):
    """What the effective dates of a site's new photographs are taken from, and the time zone of its clocks."""

    effective_date_from: EffectiveDateFrom
    time_zone: str


class GetDatingRule(Request[DatingRule]):
    """The rule for photographs of a site now; answers only images, which dates them."""

    subject = "rpc.identity.dating_rule"
    site: UUID
