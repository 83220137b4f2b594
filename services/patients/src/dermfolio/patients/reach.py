"""Who gets to a patient: the people of its sites, and who opened it in an emergency."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from dermfolio.common.auth import Actor, Call
from dermfolio.common.errors import Refused
from dermfolio.contracts.roles import SEEN_IN_EMERGENCY, Permission


@dataclass(frozen=True, slots=True)
class Reach:
    """Who gets to a patient; `opening` is the emergency access of one user, in force until `until`. An alias is reached
    as its survivor is.
    """

    site: UUID
    """The home site."""

    deleted: bool
    shared: Sequence[UUID]
    opening: UUID | None = None
    until: datetime | None = None
    merged_into: UUID | None = None
    """The survivor, where the patient that was asked for is an alias."""

    homes: Mapping[UUID, UUID] = field(default_factory=dict)
    """Every record of the patient with its home site, the survivor first."""

    def by_site(self, actor: Actor, permission: Permission) -> bool:
        """Whether a role at one of the patient's sites allows this."""
        return any(actor.may(permission, site) for site in (self.site, *self.shared))

    def needed_opening(self, actor: Actor, permission: Permission) -> UUID | None:
        """The emergency access, where this is allowed by nothing else.

        It is its user's in person, no API token's, and lasts no longer than the role that allowed it.
        """
        if permission not in SEEN_IN_EMERGENCY or actor.scopes is not None or not actor.sites(Permission.BREAK_GLASS):
            return None
        return None if self.by_site(actor, permission) else self.opening

    def allows(self, actor: Actor, permission: Permission) -> bool:
        """Whether the actor may do this with the patient."""
        return self.by_site(actor, permission) or self.needed_opening(actor, permission) is not None

    def need(self, call: Call, permission: Permission) -> None:
        """Refuse as `not_found` who may not even see the patient, as `forbidden` who may see but not do this, and as
        `patient_merged` what would change an alias.
        """
        if not self.allows(call.actor, permission):
            raise Refused("forbidden" if self.allows(call.actor, Permission.PATIENT_READ) else "not_found")
        if permission not in SEEN_IN_EMERGENCY:
            self.need_unmerged()

    def need_unmerged(self) -> None:
        """Refuse as `patient_merged`, naming the survivor, what would change an alias."""
        if self.merged_into is not None:
            raise Refused("patient_merged", patient=str(self.merged_into))


def alive(reach: Reach | None) -> Reach:
    """Refuse as `not_found` when there is no such patient, or no more."""
    if reach is None or reach.deleted:
        raise Refused("not_found")
    return reach
