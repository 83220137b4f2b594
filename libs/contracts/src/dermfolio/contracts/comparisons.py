"""What registration answers and says of comparison groups (CMP-1), and what it asks images for them (WRK-1)."""

from typing import Any, ClassVar
from uuid import UUID

from dermfolio.contracts.messages import AccessDenied, Action, Event, Nothing, Request
from dermfolio.contracts.views.comparisons import (
    ComparedImages,
    ComparisonChanges,
    ComparisonList,
    ComparisonView,
    NewComparison,
)


class CreateComparison(Request[ComparisonView]):
    """Create a comparison of photographs in an entry's workspace; the id is the client's."""

    subject = "rpc.registration.create_comparison"
    timeout = 15.0
    patient: UUID
    entry: UUID
    comparison: UUID
    new: NewComparison


class ListComparisons(Request[ComparisonList]):
    """All comparisons of an entry; one record lists them."""

    subject = "rpc.registration.comparisons"
    patient: UUID
    entry: UUID


class GetComparison(Request[ComparisonView]):
    """One comparison; recorded as a read."""

    subject = "rpc.registration.get_comparison"
    patient: UUID
    entry: UUID
    comparison: UUID


class ChangeComparison(Request[ComparisonView]):
    """Change a comparison that is still at this version."""

    subject = "rpc.registration.change_comparison"
    timeout = 15.0
    repeatable = False
    patient: UUID
    entry: UUID
    comparison: UUID
    changes: ComparisonChanges
    version: int


class DeleteComparison(Request[Nothing]):
    """Delete a comparison; one that is deleted stays so. It can be restored."""

    subject = "rpc.registration.delete_comparison"
    patient: UUID
    entry: UUID
    comparison: UUID


class RestoreComparison(Request[ComparisonView]):
    """Have a deleted comparison be there again, as it was; one that is there stays as it is."""

    subject = "rpc.registration.restore_comparison"
    timeout = 15.0
    patient: UUID
    entry: UUID
    comparison: UUID


class HoldForComparison(Request[Nothing]):
    """Have photographs stay in the workspace of an entry, for a comparison that is about to be written. The hold lasts
    until a fact of registration frees it; repeating it changes nothing.
    """

    subject = "rpc.images.hold_for_comparison"
    patient: UUID
    entry: UUID
    comparison: UUID
    hold: UUID
    images: ComparedImages


class AboutComparison(Event):
    """A fact about one comparison."""

    action: ClassVar[Action] = "U"
    about: ClassVar[str] = "comparison"
    comparison: UUID
    entry: UUID


class _Freeing(AboutComparison):
    """A fact by which photographs need not stay in the workspace for this hold any longer."""

    freed: UUID | None = None


class ComparisonCreated(AboutComparison):
    """An entry has another comparison."""

    subject = "evt.registration.comparison_created"
    action: ClassVar[Action] = "C"
    images: list[UUID]
    reference: UUID
    version: int


class ComparisonChanged(_Freeing):
    """A comparison is another than before."""

    subject = "evt.registration.comparison_changed"
    images: list[UUID]
    reference: UUID
    version: int


class ComparisonDeleted(_Freeing):
    """A comparison is there no more."""

    subject = "evt.registration.comparison_deleted"
    action: ClassVar[Action] = "D"
    version: int


class ComparisonRestored(AboutComparison):
    """A comparison that was deleted is there again."""

    subject = "evt.registration.comparison_restored"
    images: list[UUID]
    reference: UUID
    version: int


class ComparisonGivenUp(_Freeing):
    """What was to be made of a comparison was not, and never will be: what was held for it is free."""

    subject = "evt.registration.comparison_given_up"


class ComparisonViewed(AboutComparison):
    """Somebody was shown a comparison."""

    subject = "evt.registration.comparison_viewed"
    action: ClassVar[Action] = "R"


class ComparisonsListed(Event):
    """Somebody was shown the comparisons of an entry."""

    subject = "evt.registration.comparisons_listed"
    action: ClassVar[Action] = "R"
    about: ClassVar[str] = "entry"
    entry: UUID
    comparisons: list[UUID]


class RegistrationAccessDenied(AccessDenied):
    """registration refused what its actor may not do or see."""

    subject = "evt.registration.denied"


ASKED: tuple[type[Request[Any]], ...] = (
    CreateComparison,
    ListComparisons,
    GetComparison,
    ChangeComparison,
    DeleteComparison,
    RestoreComparison,
)
"""What registration answers of this to users."""

SAID = (
    ComparisonCreated,
    ComparisonChanged,
    ComparisonDeleted,
    ComparisonRestored,
    ComparisonGivenUp,
    ComparisonViewed,
    ComparisonsListed,
)
"""What registration says of this."""

FREEING = (ComparisonChanged.subject, ComparisonDeleted.subject, ComparisonGivenUp.subject)
"""The facts that free what was held."""

CHANGING_THE_ENTRY = (
    ComparisonCreated.subject,
    ComparisonChanged.subject,
    ComparisonDeleted.subject,
    ComparisonRestored.subject,
)
"""The facts by which an entry is another than before."""
