"""Merging of notes that two people changed at once, by paragraphs (ENT-3).

Three-way, after Khanna, Kunal and Pierce, A Formal Investigation of Diff3 (FSTTCS 2007): what one side left as it was
becomes what the other made of it; what both changed differently is a clash, which nobody decides but a person.
Two things are simpler for notes than for programs: changes of neighbouring paragraphs do not clash, and where there
were only blank lines both sides' new paragraphs stay, one after the other.

Pure. `web/src/notes/merging.ts` does the same in the browser; both are held to tests/merging.json.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

DEEPEST = 32
"""How often a stretch is looked at more closely; beyond, it counts as changed as a whole. It bounds the time."""

Paragraphs = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clash:
    """The same paragraphs, changed in two ways; `base` is what they were."""

    base: Paragraphs
    ours: Paragraphs
    theirs: Paragraphs


@dataclass(frozen=True, slots=True)
class Merge:
    """Both sides' changes: paragraphs that are decided, and clashes, in their order."""

    parts: tuple[Paragraphs | Clash, ...]

    @property
    def text(self) -> str | None:
        """The merged notes; None when something clashes."""
        lines: list[str] = []
        for part in self.parts:
            if isinstance(part, Clash):
                return None
            lines += part
        return "\n".join(lines)

    @property
    def clashes(self) -> tuple[Clash, ...]:
        """What a person has to decide."""
        return tuple(part for part in self.parts if isinstance(part, Clash))


@dataclass(frozen=True, slots=True)
class _Change:
    """Paragraphs `begin` to `end` of the base became these."""

    begin: int
    end: int
    lines: Paragraphs
    ours: bool


def merge(base: str, ours: str, theirs: str) -> Merge:
    """Merge two versions that go back to the same base; of new paragraphs at one place, theirs come first."""
    lines = _paragraphs(base)
    changes = [*_changes(lines, _paragraphs(ours), ours=True), *_changes(lines, _paragraphs(theirs), ours=False)]
    parts: list[Paragraphs | Clash] = []
    place = 0
    for group in _overlapping(sorted(changes, key=lambda change: (change.begin, change.end))):
        begin, end = group[0].begin, max(change.end for change in group)
        parts += [lines[place:begin], _decided(lines, begin, end, group)]
        place = end
    parts.append(lines[place:])
    return Merge(tuple(part for part in parts if part))


def _paragraphs(text: str) -> Paragraphs:
    return tuple(text.split("\n")) if text else ()


def _changes(base: Paragraphs, side: Paragraphs, *, ours: bool) -> list[_Change]:
    found: list[_Change] = []
    for (i, j), (next_i, next_j) in pairwise([(-1, -1), *_kept(base, side), (len(base), len(side))]):
        begin, lines = i + 1, side[j + 1 : next_j]
        if next_i - begin == len(lines):
            # as many as before: each was changed by itself, so that no more clashes than has to
            found += [_Change(begin + n, begin + n + 1, (line,), ours) for n, line in enumerate(lines)]
        elif begin < next_i or lines:
            found.append(_Change(begin, next_i, lines, ours))
    return found


def _overlapping(changes: Iterable[_Change]) -> list[list[_Change]]:
    """Changes in groups that concern the same paragraphs, or are made at the very same place."""
    groups: list[list[_Change]] = []
    end = 0
    for change in changes:
        same_place = bool(groups) and (change.begin, change.end) == (groups[-1][0].begin, end)
        if groups and (change.begin < end or same_place):
            groups[-1].append(change)
            end = max(end, change.end)
        else:
            groups.append([change])
            end = change.end
    return groups


def _decided(base: Paragraphs, begin: int, end: int, group: Sequence[_Change]) -> Paragraphs | Clash:
    """What becomes of the paragraphs from `begin` to `end`."""
    before = base[begin:end]
    ours, theirs = (
        _applied(base, begin, end, [change for change in group if change.ours is side]) for side in (True, False)
    )
    if ours in (theirs, before):
        return theirs
    if theirs == before:
        return ours
    if not any(line.strip() for line in before):
        return theirs + ours
    return Clash(before, ours, theirs)


def _applied(base: Paragraphs, begin: int, end: int, changes: Sequence[_Change]) -> Paragraphs:
    made: Paragraphs = ()
    for change in changes:
        made += base[begin : change.begin] + change.lines
        begin = change.end
    return made + base[begin:end]


def _kept(a: Paragraphs, b: Paragraphs) -> list[tuple[int, int]]:
    """The paragraphs that are in both, in order, as pairs of places: Bram Cohen's patience diff. Unlike the matching of
    difflib it is never slow, however often a line is repeated.
    """
    found: list[tuple[int, int]] = []
    stretches = [(0, len(a), 0, len(b), 0)]
    while stretches:
        begin_a, end_a, begin_b, end_b, depth = stretches.pop()
        while begin_a < end_a and begin_b < end_b and a[begin_a] == b[begin_b]:
            found.append((begin_a, begin_b))
            begin_a, begin_b = begin_a + 1, begin_b + 1
        while begin_a < end_a and begin_b < end_b and a[end_a - 1] == b[end_b - 1]:
            end_a, end_b = end_a - 1, end_b - 1
            found.append((end_a, end_b))
        anchors = _anchors(a, b, (begin_a, end_a), (begin_b, end_b)) if depth < DEEPEST else []
        if anchors:
            found += anchors
            around = [(begin_a - 1, begin_b - 1), *anchors, (end_a, end_b)]
            stretches += [(i + 1, next_i, j + 1, next_j, depth + 1) for (i, j), (next_i, next_j) in pairwise(around)]
    return sorted(found)


def _anchors(a: Paragraphs, b: Paragraphs, in_a: tuple[int, int], in_b: tuple[int, int]) -> list[tuple[int, int]]:
    """The longest series in the same order of paragraphs that occur once in each of two stretches."""
    times_a, times_b = Counter(a[slice(*in_a)]), Counter(b[slice(*in_b)])
    place_in_b = {b[j]: j for j in range(*in_b)}
    once = [(i, place_in_b[a[i]]) for i in range(*in_a) if times_a[a[i]] == 1 and times_b[a[i]] == 1]
    # patience sorting: the piles' tops grow, each card remembers the top of the pile before
    tops: list[int] = []
    top_cards: list[int] = []
    before: list[int | None] = []
    for card, (_, j) in enumerate(once):
        pile = bisect_left(tops, j)
        before.append(top_cards[pile - 1] if pile else None)
        tops[pile : pile + 1] = [j]
        top_cards[pile : pile + 1] = [card]
    series: list[tuple[int, int]] = []
    last = top_cards[-1] if top_cards else None
    while last is not None:
        series.append(once[last])
        last = before[last]
    return series[::-1]
