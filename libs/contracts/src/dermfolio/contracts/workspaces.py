"""What images answers and says of workspaces: the photographs chosen for an entry (WRK-1)."""

from typing import Any, ClassVar
from uuid import UUID

from pydantic import Field

from dermfolio.contracts.messages import Action, Event, Request
from dermfolio.contracts.views.workspaces import WorkspaceChanges, WorkspaceList, WorkspacePage, WorkspaceState

ENTRIES_AT_ONCE = 100
"""Entries whose workspaces are previewed together."""


class GetWorkspace(Request[WorkspacePage]):
    """A page of an entry's workspace; one record lists the images shown."""

    subject = "rpc.images.workspace"
    patient: UUID
    entry: UUID
    limit: int = Field(100, ge=1, le=200)
    cursor: str | None = None


class ListWorkspaces(Request[WorkspaceList]):
    """The first photographs of the workspaces of some entries of a patient; one record lists the images shown."""

    subject = "rpc.images.workspaces"
    patient: UUID
    entries: list[UUID] = Field(min_length=1, max_length=ENTRIES_AT_ONCE)


class ChangeWorkspace(Request[WorkspaceState]):
    """Add photographs of the entry's patient to its workspace, and remove some; repeating it changes nothing more."""

    subject = "rpc.images.change_workspace"
    patient: UUID
    entry: UUID
    changes: WorkspaceChanges


class WorkspaceChanged(Event):
    """A photograph came into an entry's workspace (`holds`) or left it; `version` counts these changes of the entry."""

    subject = "evt.images.workspace_changed"
    action: ClassVar[Action] = "U"
    about: ClassVar[str] = "entry"
    entry: UUID
    image: UUID
    holds: bool
    version: int


class WorkspaceViewed(Event):
    """Somebody was shown a page of a workspace; tile-size renditions are covered by this record."""

    subject = "evt.images.workspace_viewed"
    action: ClassVar[Action] = "R"
    about: ClassVar[str] = "entry"
    entry: UUID
    images: list[UUID]


class WorkspacesListed(Event):
    """Somebody was shown the first photographs of workspaces; tile-size renditions are covered by this record."""

    subject = "evt.images.workspaces_listed"
    action: ClassVar[Action] = "R"
    about: ClassVar[str] = "patient"
    entries: list[UUID]
    images: list[UUID]


ASKED: tuple[type[Request[Any]], ...] = (GetWorkspace, ListWorkspaces, ChangeWorkspace)
"""What images answers of this."""

SAID = (WorkspaceChanged, WorkspaceViewed, WorkspacesListed)
"""What images says of this."""
