"""Comparing the trail with what was signed of it: checkpoints in the database, in the object store, and kept outside.

The walk along the chain has shown that the records hold together. Checkpoints show that they are the ones of then:
what was cut off at the end, and what somebody who has the chain's key has written anew.
"""

import asyncio
import hashlib
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from dermfolio.audit import checkpoint_repository, repository
from dermfolio.audit.checkpoint_repository import Kept
from dermfolio.audit.finding import Finding, of_forged, of_lost_checkpoint, of_recomputed, of_truncated
from dermfolio.audit.note_store import Copy, NoteStore
from dermfolio.audit.notes import Checkpoint, NotGenuineError, VerifierKeys
from dermfolio.common.db import Database
from dermfolio.common.errors import Unavailable
from dermfolio.contracts.signed_notes import notes_in, position_of

PAGE = 1000

DATABASE = "in the database"
STORE = "in the object store"
OUTSIDE = "kept outside"


@dataclass
class Compared:
    """How many checkpoints were compared, and where they came from."""

    database: int = 0
    store: int | None = None
    """None when the store could not be asked."""
    outside: int = 0
    newest: int = 0
    """Position of the newest one in the database."""
    locked: bool | None = None
    """Whether the store refuses to remove them."""


class Proof:
    """One comparison. `upto` is the last record that the walk has shown to hold; `whole` whether that is the end."""

    def __init__(self, db: Database, keys: VerifierKeys, *, upto: int, whole: bool) -> None:
        self._db = db
        self._keys = keys
        self._upto = upto
        self._whole = whole
        self.compared = Compared()

    async def of_database(self) -> Finding | None:
        """Compare what the database keeps."""
        async with self._db.read() as rows:
            self.compared.newest = await checkpoint_repository.newest(rows)
        judge, after = _Judge(self, DATABASE), 0
        while page := await self._kept(after, self.compared.newest):
            opened = await asyncio.to_thread(self._opened, page)
            if fault := await judge.of([found for found in opened if isinstance(found, Checkpoint)], opened):
                return fault
            self.compared.database += len(page)
            after = page[-1].position
        return None

    async def of_store(self, store: NoteStore) -> Finding | None:
        """Compare what the object store has, and that it has what was brought there."""
        try:
            self.compared.locked = await store.locked()
            return await self._of_store(store)
        except Unavailable:
            self.compared.store = None
            return None

    async def of_outside(self, text: str) -> Finding | None:
        """Compare notes that somebody kept."""
        notes = sorted(set(notes_in(text)), key=position_of)
        opened = await asyncio.to_thread(lambda: [self._open(note, position_of(note), OUTSIDE) for note in notes])
        self.compared.outside = len(notes)
        return await _Judge(self, OUTSIDE).of([found for found in opened if isinstance(found, Checkpoint)], opened)

    async def _of_store(self, store: NoteStore) -> Finding | None:
        async with self._db.read() as rows:
            delivered = min(await checkpoint_repository.delivered(rows, store.name), self.compared.newest)
        judge, reached, self.compared.store = _Judge(self, STORE), 0, 0
        async for page in store.copies():
            if not page:
                continue
            first, last = page[0].position, page[-1].position
            kept = {row.position: row for row in await self._between(min(first, reached + 1) - 1, last)}
            there = {copy.position for copy in page}
            if lost := [p for p in kept if reached < p <= delivered and p not in there]:
                return of_lost_checkpoint(min(lost), STORE)
            strange = [copy for copy in page if not _same(copy, kept.get(copy.position))]
            if fault := await self._strange(store, judge, strange, kept):
                return fault
            self.compared.store += len(there)
            reached = last
        rest = await self._kept(reached, delivered)
        return of_lost_checkpoint(rest[0].position, STORE) if rest else None

    async def _strange(
        self, store: NoteStore, judge: "_Judge", copies: Sequence[Copy], kept: dict[int, Kept]
    ) -> Finding | None:
        """Look into copies that are not, by the look of them, what the database keeps."""
        fine = sorted(kept.keys() - {copy.position for copy in copies})
        for copy in copies:
            judge.have_seen(fine[: bisect_left(fine, copy.position)])
            note, known = await store.read(copy), kept.get(copy.position)
            if known is not None and note == known.note:
                continue  # a store whose ETags are no MD5
            found = self._open(note, copy.position, STORE)
            if fault := await judge.of([found] if isinstance(found, Checkpoint) else [], [found]):
                return fault
            if known is None:  # it was in the database before it came to the store
                return of_lost_checkpoint(copy.position, DATABASE)
        return None

    async def _between(self, after: int, upto: int) -> list[Kept]:
        found: list[Kept] = []
        while page := await self._kept(found[-1].position if found else after, upto):
            found += page
        return found

    async def _kept(self, after: int, upto: int) -> list[Kept]:
        async with self._db.read() as rows:
            return await checkpoint_repository.kept(rows, after=after, upto=upto, limit=PAGE)

    def _opened(self, page: Sequence[Kept]) -> list[Checkpoint | Finding]:
        return [self._as_kept(row) for row in page]

    def _as_kept(self, row: Kept) -> Checkpoint | Finding:
        found = self._open(row.note, row.position, DATABASE)
        if isinstance(found, Finding) or (row.position, row.mac, row.at) == (*_place(found), found.at):
            return found
        return of_forged(row.position, DATABASE, "says something else than the columns beside it")

    def _open(self, note: str, position: int, where: str) -> Checkpoint | Finding:
        try:
            found = self._keys.open(note)
        except NotGenuineError as error:
            return of_forged(position, where, str(error))
        if found.place.position != position:
            return of_forged(position, where, f"is the one of record {found.place.position}")
        return found

    async def roots(self, positions: Sequence[int]) -> tuple[dict[int, bytes], int]:
        """MACs of the records at these positions, and the position of the head after the checkpoints were read."""
        async with self._db.read() as rows:
            found = await checkpoint_repository.macs(rows, positions)
            return found, (await repository.standing(rows)).head.position

    def is_beyond(self, position: int) -> bool:
        """Whether nothing is known there, as the chain itself is broken before."""
        return not self._whole and position > self._upto


class _Judge:
    """Compares checkpoints of one place with the records, in order of position."""

    def __init__(self, proof: Proof, where: str) -> None:
        self._proof = proof
        self._where = where
        self._good = 0

    def have_seen(self, positions: Sequence[int]) -> None:
        """Take it that the checkpoints at these positions, in order, say what the records are."""
        self._good = max(self._good, *positions[-1:], 0)

    async def of(self, genuine: Sequence[Checkpoint], every: Sequence[Checkpoint | Finding]) -> Finding | None:
        """The first fault among `every`, which are genuine or found to be none."""
        macs, head = await self._proof.roots([found.place.position for found in genuine])
        for found in every:
            if isinstance(found, Finding):
                return found
            if self._proof.is_beyond(found.place.position):
                return None
            if found.place.position > head:
                return of_truncated(head, found.place.position, found.at, self._where)
            if macs.get(found.place.position) != found.place.mac:
                return of_recomputed(self._good + 1, found.place.position, found.at, self._where)
            self._good = found.place.position
        return None


def _place(found: Checkpoint) -> tuple[int, bytes]:
    return found.place.position, found.place.mac


def _same(copy: Copy, kept: Kept | None) -> bool:
    return kept is not None and hashlib.md5(kept.note.encode(), usedforsecurity=False).hexdigest() == copy.etag
