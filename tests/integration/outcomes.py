"""What a row of the matrix says: who may do an operation, to what kind of target, and what each case is answered."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from dermfolio.contracts.roles import INSTALLATION_ROLES, Permission, Role

from .two_sites import BREAKS_GLASS, World

Who = Role | None
"""A role; None is somebody who is not signed in."""

EVERYBODY: tuple[Who, ...] = (*Role, None)

Place = Mapping[str, object]
"""The ids that name a target, by the names of the path's parameters."""

Places = Mapping["Case", Sequence[Place]]

Verdict = int | str
"""The status of a success, or a problem's code."""

SITE_ROLES = frozenset(Role) - INSTALLATION_ROLES


class Case(StrEnum):
    """Where the target is, seen from the site where the role is held."""

    OWN = "own"
    DELETED = "deleted"
    SHARED = "shared"
    """Of the other site, shared with this one."""
    OPENED = "opened"
    """Of the other site, opened in an emergency by those who may."""
    OTHER = "other"
    MISSING = "missing"


@dataclass(frozen=True)
class Kind:
    """A kind of target. `seen_by`: the roles that know such a thing exists, and so are told `forbidden`."""

    places: Callable[[World, Who], Awaitable[Places]]
    """The targets in each case; what an operation does away with is made here, for each role anew."""
    seen_by: frozenset[Role] = SITE_ROLES
    everywhere: bool = False
    """Known at every site, not only where it belongs."""
    private: bool = False
    """Its owner's alone: for everybody else it does not exist, whatever their role."""
    role_first: bool = False
    """Whose role does not allow the operation at all is told so, whatever the target."""
    filters: bool = False
    """It only narrows what is shown: where it is does not decide whether it may be asked."""
    unseen: str = "not_found"
    """What those are told who may not, and do not see it."""


@dataclass(frozen=True)
class Row:
    """One operation. Roles of the installation hold at every site, the others where they are held."""

    may: frozenset[Role]
    target: Kind
    allowed: Verdict = 200
    """The answer to those who may: a success, or a refusal that has nothing to do with who asks."""
    permission: Permission | None = None
    """Whose grants are to be the same as `may`."""
    nobody: Verdict = "not_signed_in"
    at_home: bool = False
    """Only where the patient is at home, not where it is shared."""
    looks: bool = False
    """Only shows, and so is allowed in an emergency."""
    deleted: Verdict = "not_found"
    """The answer to those who may, where the target of their site was deleted."""
    path: Place = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    """The place's ids that go into the query, by its parameters."""
    body: Callable[[World, Who, Place], Any] | None = None
    """JSON."""
    content: Callable[[World, Place], bytes] | None = None
    """A file."""
    headers: Mapping[str, str] = field(default_factory=dict)
    adds_up: bool = False
    """Needs a key of its own each time."""
    uses_up_session: bool = False
    uses_up_every_session: bool = False

    def expected(self, who: Who, case: Case) -> Verdict:
        """The answer to this role in this case."""
        if who is None:
            return self.nobody
        if self.target.filters:
            return self.allowed if who in self.may else self.target.unseen
        if self.target.role_first and who not in self.may:
            return "forbidden"
        if self._in_sight(who, case):
            if who in self.may and self._allowed_in(case):
                return self.deleted if case is Case.DELETED else self.allowed
            if who in self.target.seen_by:
                return "forbidden"
        return self.target.unseen

    def hidden(self, who: Who, case: Case) -> bool:
        """Whether the answer has to be the same, to the last byte, as that for a target that does not exist."""
        return not self._in_sight(who, case) or self.expected(who, case) == self.target.unseen

    def _allowed_in(self, case: Case) -> bool:
        if case is Case.OPENED:
            return self.looks
        return not (case is Case.SHARED and self.at_home)

    def _in_sight(self, who: Who, case: Case) -> bool:
        if who is None or case is Case.MISSING:
            return False
        if case is Case.OPENED and who not in BREAKS_GLASS | INSTALLATION_ROLES:
            return False
        if case is Case.DELETED and self.deleted == "not_found":
            return False
        if case is Case.OTHER and self.target.private:
            return False
        return case is not Case.OTHER or self.target.everywhere or who in INSTALLATION_ROLES
