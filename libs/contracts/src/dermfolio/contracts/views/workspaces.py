"""Workspaces as the API takes and shows them (WRK-1): the photographs chosen for an entry."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from dermfolio.contracts.views.images import ImageView

IMAGES_AT_MOST = 1000
"""Photographs that a workspace holds."""

CHANGED_AT_ONCE = 200
PREVIEWED = 6
"""Photographs that a preview shows."""

_Images = Annotated[list[UUID], Field(max_length=CHANGED_AT_ONCE)]


class WorkspaceChanges(BaseModel):
    """Photographs to add to a workspace and to remove from it: all of them, or none."""

    model_config = ConfigDict(extra="forbid")
    add: _Images = []
    remove: _Images = []


class WorkspaceState(BaseModel):
    """A workspace in numbers."""

    entry: UUID
    total: int = Field(description="How many photographs it holds.")
    version: int = Field(ge=0, description="How often a photograph was added or removed.")


class WorkspacePage(WorkspaceState):
    """One page of a workspace, newest effective date first. `next` is the cursor of the following page, null on the
    last.
    """

    images: list[ImageView]
    next: str | None


class WorkspaceTile(BaseModel):
    """What is needed to show a photograph small."""

    id: UUID
    patient: UUID
    revision: int


class WorkspacePreview(WorkspaceState):
    """The first photographs of a workspace, newest effective date first."""

    images: list[WorkspaceTile]


class WorkspaceList(BaseModel):
    """The workspaces of those of the entries asked for that hold something."""

    workspaces: list[WorkspacePreview]
