"""Which records of the trail something leaves: declared for every operation of the API and for all work that nobody
asks for, so that nothing is built that leaves none by mistake (AUD-1).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from dermfolio.contracts.audit import GatewayEvent
from dermfolio.contracts.comparisons import ComparisonGivenUp
from dermfolio.contracts.consent import ConsentExpired
from dermfolio.contracts.images import ImageFailed, ImageIngested, ImageRejected, ImageRetried, ObjectSwept
from dermfolio.contracts.licence import LicenceStateChanged
from dermfolio.contracts.messages import Event
from dermfolio.contracts.moving import ImageMovedAway, ImageMovedIn, ImageMoveGivenUp
from dermfolio.contracts.patients import PatientCounted
from dermfolio.contracts.reconciling import ObjectDamaged, ObjectMissing, ObjectsMissing
from dermfolio.contracts.rotation import ImageRotated, ImageRotationGivenUp
from dermfolio.contracts.tags import EntryTagged, PatientTagged


@dataclass(frozen=True)
class Records:
    """What is recorded of something that succeeds, or why nothing is.

    Whatever is asked for and refused is recorded too, as the owner's denial or the gateway's refusal; `refused` names
    what stands for it here instead. What is repeated and changes nothing leaves nothing.
    """

    leaves: tuple[type[Event], ...] = ()
    """Each success leaves all of these."""

    besides: tuple[type[Event], ...] = ()
    """These too, where it came to that."""

    refused: tuple[type[Event] | GatewayEvent, ...] = ()
    nothing_because: str | None = None

    def __post_init__(self) -> None:
        """Raise ValueError for what leaves nothing without a reason, or something in spite of one."""
        if bool(self.leaves or self.besides) == (self.nothing_because is not None):
            raise ValueError("names the records that are left, or says why there are none")


def nothing(because: str, *, refused: tuple[type[Event] | GatewayEvent, ...] = ()) -> Records:
    """Say why nothing is recorded of a success."""
    return Records(refused=refused, nothing_because=because)


BACKGROUND: Mapping[str, Records] = {
    "do images-ingest": Records(besides=(ImageIngested, ImageRejected, ImageFailed)),
    "do images-move": Records(besides=(ImageMovedAway, ImageMovedIn, ImageMoveGivenUp)),
    "do images-rotate": Records(besides=(ImageRotated, ImageRotationGivenUp)),
    "follow patients-images": Records(besides=(PatientCounted, PatientTagged, EntryTagged)),
    "follow patients-registration": nothing("Entries say when they were changed, which is recorded where it happened."),
    "follow images-registration": nothing("Photographs are let go, by what is recorded of their comparison."),
    "follow trail": nothing("It writes the trail itself."),
    "chore reconcile": Records(besides=(ObjectSwept, ObjectMissing, ObjectsMissing, ImageRetried)),
    "chore scrub": Records(besides=(ObjectMissing, ObjectDamaged, ObjectsMissing)),
    "chore consent": Records(besides=(ConsentExpired,)),
    "chore give_up": Records(besides=(ComparisonGivenUp,)),
    "chore licence": Records(besides=(LicenceStateChanged,)),
    "chore checkpoints": nothing("A checkpoint signs the newest record; one about it would want another."),
    "chore deliver_store": nothing("Checkpoints are brought to where they are kept."),
    "chore prune": nothing("Only what has run out, and has no meaning any more, is removed."),
}
"""What nobody asks for: consumers of jobs, followers and chores of the services, by their names. What goes back to a
fact names it by `caused_by`.
"""
