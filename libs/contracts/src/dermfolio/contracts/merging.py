"""What patients answers and says of merging duplicates (PAT-7)."""

from typing import Any, ClassVar
from uuid import UUID

from dermfolio.contracts.messages import Action, Event, Request
from dermfolio.contracts.views.merging import MergeCandidate, MergedRecords, MergePreview


class PreviewMerge(Request[MergePreview]):
    """What would be seen together if another record were merged into this one; recorded as a read of both."""

    subject = "rpc.patients.preview_merge"
    patient: UUID
    candidate: MergeCandidate


class ListMerged(Request[MergedRecords]):
    """The records that are merged into a patient."""

    subject = "rpc.patients.list_merged"
    patient: UUID


class MergePatient(Request[MergedRecords]):
    """Make another record an alias of a patient whose merges are still at this version. Nothing moves."""

    subject = "rpc.patients.merge"
    patient: UUID
    alias: UUID
    version: int


class UnmergePatient(Request[MergedRecords]):
    """Take a merge back: the alias is a record of its own again."""

    subject = "rpc.patients.unmerge"
    patient: UUID
    alias: UUID


class _AboutMerge(Event):
    """Something happened to a merge. It is said of the survivor and of the alias, each with its own version."""

    action: ClassVar[Action] = "U"
    about: ClassVar[str] = "patient"
    survivor: UUID
    alias: UUID
    version: int


class PatientMerged(_AboutMerge):
    """A record is an alias of another."""

    subject = "evt.patients.merged"


class PatientUnmerged(_AboutMerge):
    """It is a record of its own again."""

    subject = "evt.patients.unmerged"


ASKED: tuple[type[Request[Any]], ...] = (PreviewMerge, ListMerged, MergePatient, UnmergePatient)
"""What patients answers of this to users."""

SAID = (PatientMerged, PatientUnmerged)
"""What patients says of this."""
