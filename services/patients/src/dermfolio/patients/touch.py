"""What is chosen and compared for an entry elsewhere is a change of the entry and of its patient (PAT-3)."""

from collections.abc import Sequence
from uuid import UUID

from dermfolio.common.db import WriteSession
from dermfolio.contracts.comparisons import CHANGING_THE_ENTRY
from dermfolio.contracts.replay import Fact
from dermfolio.contracts.workspaces import WorkspaceChanged
from dermfolio.patients import entries_repository

TOUCHING = (WorkspaceChanged.subject,)
"""The facts of images by which an entry is another than before."""

COMPARING = CHANGING_THE_ENTRY
"""Those of registration."""


async def follow_registration(s: WriteSession, _: str, facts: Sequence[Fact]) -> None:
    """Apply facts about comparisons to their entries."""
    await touch_entries(s, facts)


async def touch_entries(s: WriteSession, facts: Sequence[Fact]) -> None:
    """Say of the entries that facts name, and of their patients, when they were changed last."""
    for fact in facts:
        await entries_repository.touch(s, UUID(fact.data["entry"]), UUID(fact.data["patient"]), fact.at)
