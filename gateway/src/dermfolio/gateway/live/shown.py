"""Which events browsers are told, and what of them: facts of change only, never who read what."""

from dataclasses import dataclass
from uuid import UUID

from dermfolio.common.bus import FeedItem
from dermfolio.contracts.comparisons import (
    ComparisonChanged,
    ComparisonCreated,
    ComparisonDeleted,
    ComparisonRestored,
)
from dermfolio.contracts.consent import ConsentExpired, ConsentRecorded, ConsentRevoked
from dermfolio.contracts.details import PatientChanged
from dermfolio.contracts.editing import ImageCaptioned, ImageDated, ImagePlaced
from dermfolio.contracts.entries import EntryChanged, EntryCreated
from dermfolio.contracts.entry_notes import NotesSaved
from dermfolio.contracts.images import (
    DuplicateRefused,
    ImageFailed,
    ImageIngested,
    ImageRegistered,
    ImageRejected,
    ImageRetried,
)
from dermfolio.contracts.merging import PatientMerged, PatientUnmerged
from dermfolio.contracts.messages import Event
from dermfolio.contracts.moving import ImageMoveBegun, ImageMovedAway, ImageMovedIn, ImageMoveGivenUp
from dermfolio.contracts.patients import PatientCounted, PatientCreated
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.rotation import ImageRotated, ImageRotationGivenUp, ImageRotationWanted
from dermfolio.contracts.sharing import PatientShared, PatientUnshared
from dermfolio.contracts.tags import EntryTagged, ImageTagged, PatientTagged
from dermfolio.contracts.views.live import LiveEvent
from dermfolio.contracts.workspaces import WorkspaceChanged


@dataclass(frozen=True)
class Told:
    """What is told of an event, and who may be told."""

    event: type[Event]
    fields: frozenset[str]
    needs: Permission


TOLD: dict[str, Told] = {
    t.event.subject: t
    for t in (
        Told(ImageRegistered, frozenset({"image", "version", "uploaded_at"}), Permission.IMAGE_READ),
        Told(ImageIngested, frozenset({"image", "version", "revision"}), Permission.IMAGE_READ),
        Told(ImageRejected, frozenset({"image", "version", "reason"}), Permission.IMAGE_READ),
        Told(ImageFailed, frozenset({"image", "version"}), Permission.IMAGE_READ),
        Told(ImageRetried, frozenset({"image", "version"}), Permission.IMAGE_READ),
        Told(ImageCaptioned, frozenset({"image", "version"}), Permission.IMAGE_READ),
        Told(ImageDated, frozenset({"image", "version"}), Permission.IMAGE_READ),
        Told(ImagePlaced, frozenset({"image", "version"}), Permission.IMAGE_READ),
        Told(ImageRotationWanted, frozenset({"image", "version"}), Permission.IMAGE_READ),
        Told(ImageRotated, frozenset({"image", "version", "revision"}), Permission.IMAGE_READ),
        Told(ImageRotationGivenUp, frozenset({"image", "version"}), Permission.IMAGE_READ),
        Told(ImageMoveBegun, frozenset({"image", "version"}), Permission.IMAGE_READ),
        Told(ImageMoveGivenUp, frozenset({"image", "version", "reason"}), Permission.IMAGE_READ),
        Told(ImageMovedAway, frozenset({"image", "version"}), Permission.IMAGE_READ),
        Told(ImageMovedIn, frozenset({"image", "version"}), Permission.IMAGE_READ),
        Told(DuplicateRefused, frozenset({"image", "upload"}), Permission.IMAGE_READ),
        Told(ImageTagged, frozenset({"image", "tags", "version"}), Permission.IMAGE_READ),
        Told(PatientCreated, frozenset(), Permission.PATIENT_READ),
        Told(PatientChanged, frozenset({"fields", "version"}), Permission.PATIENT_READ),
        Told(PatientMerged, frozenset({"survivor", "alias", "version"}), Permission.PATIENT_READ),
        Told(PatientUnmerged, frozenset({"survivor", "alias", "version"}), Permission.PATIENT_READ),
        Told(PatientShared, frozenset({"with_site"}), Permission.PATIENT_READ),
        Told(PatientUnshared, frozenset({"with_site"}), Permission.PATIENT_READ),
        Told(ConsentRecorded, frozenset({"consent", "version"}), Permission.PATIENT_READ),
        Told(ConsentRevoked, frozenset({"consent", "version"}), Permission.PATIENT_READ),
        Told(ConsentExpired, frozenset({"consent", "version"}), Permission.PATIENT_READ),
        Told(EntryCreated, frozenset({"entry", "version"}), Permission.ENTRY_READ),
        Told(EntryChanged, frozenset({"entry", "version"}), Permission.ENTRY_READ),
        Told(NotesSaved, frozenset({"entry", "version"}), Permission.ENTRY_READ),
        Told(WorkspaceChanged, frozenset({"entry", "image", "holds", "version"}), Permission.ENTRY_READ),
        Told(ComparisonCreated, frozenset({"comparison", "entry", "version"}), Permission.ENTRY_READ),
        Told(ComparisonChanged, frozenset({"comparison", "entry", "version"}), Permission.ENTRY_READ),
        Told(ComparisonDeleted, frozenset({"comparison", "entry", "version"}), Permission.ENTRY_READ),
        Told(ComparisonRestored, frozenset({"comparison", "entry", "version"}), Permission.ENTRY_READ),
        Told(PatientCounted, frozenset({"image_count", "version"}), Permission.PATIENT_READ),
        Told(EntryTagged, frozenset({"entry", "tags", "version"}), Permission.ENTRY_READ),
        Told(PatientTagged, frozenset({"tags", "version"}), Permission.PATIENT_READ),
    )
}
"""By subject."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An event as it is sent, encoded once for every socket, and what decides who gets it."""

    seq: int
    patient: UUID
    site: UUID
    needs: Permission
    text: str


def shown(item: FeedItem) -> Shown | None:
    """The event of the feed as browsers see it; None when they are not told.

    Raises pydantic.ValidationError when the payload is not such an event.
    """
    told = TOLD.get(item.subject)
    if told is None:
        return None
    event = told.event.model_validate_json(item.payload)
    if event.patient is None or event.site is None:
        return None
    message = LiveEvent(
        cursor=str(item.position),
        event=item.subject.removeprefix("evt."),
        patient=event.patient,
        data=event.model_dump(mode="json", include=set(told.fields)),
    )
    return Shown(item.position.seq, event.patient, event.site, told.needs, message.model_dump_json())
