"""The keyed hash chain of the trail: pure functions over bytes. `docs/audit-trail.md` is their specification.

    mac = HMAC-SHA-256(key, DOMAIN ‖ key version, 4 bytes ‖ mac before, 32 bytes ‖ body)

The body is the record in canonical JSON (RFC 8785), its position inside. HMAC is that of RFC 2104 and FIPS 198-1.
"""

import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice, pairwise
from typing import Any, NamedTuple

import rfc8785

DOMAIN = b"dermfolio-trail-1\n"
"""Separates these MACs from any other made with the same key; a new layout gets a new line."""

KEY_CHECK_DOMAIN = b"dermfolio-trail-key-check\n"

WINDOW = 64
"""Records looked at, from the first broken one on, to tell what happened to it."""

_BATCH = 1000

Keys = Mapping[int, bytes]
"""Chain keys (32 bytes) by their version."""


class Link(NamedTuple):
    """One stored record. `position` is where it is stored; the body holds the one it was written at."""

    position: int
    key_version: int
    body: bytes
    mac: bytes


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the chain: a record's position and MAC."""

    position: int
    mac: bytes


GENESIS = Place(0, bytes(32))
"""The place before the first record."""


class Kind(StrEnum):
    """What happened to a record that does not verify."""

    EDITED = "edited"
    """It, its MAC or its key version was changed."""
    MISSING = "missing"
    """It was removed, alone or with others behind it."""
    INSERTED = "inserted"
    """It stands where another belongs, and that one follows."""
    REORDERED = "reordered"
    """Records from here on changed places."""
    WRONG_KEY = "wrong_key"
    """Nothing from here on verifies: written with another key, or the chain was recomputed."""


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where the chain does not hold. `count` is how many records are missing or were inserted."""

    position: int
    kind: Kind
    count: int = 1


@dataclass(frozen=True, slots=True)
class Verdict:
    """How far the chain holds, and what is wrong behind that."""

    proven: Place
    broken: Break | None


def canonical(record: Mapping[str, Any]) -> bytes:
    """The record as canonical JSON, UTF-8 (RFC 8785). Raises rfc8785.CanonicalizationError on what JSON cannot say."""
    return rfc8785.dumps(dict(record))


def mac_of(key: bytes, key_version: int, before: bytes, body: bytes) -> bytes:
    """The MAC (32 bytes) of a body behind the record whose MAC is `before`. Key versions are 1 to 2^32 - 1."""
    return hmac.digest(key, _opening(key_version) + before + body, "sha256")


def _opening(key_version: int) -> bytes:
    return DOMAIN + key_version.to_bytes(4, "big")


def key_check(key: bytes) -> bytes:
    """A value (32 bytes) that tells whether a key is the same as before, and nothing else about it."""
    return hmac.digest(key, KEY_CHECK_DOMAIN, "sha256")


def extend(after: Place, records: Iterable[Mapping[str, Any]], key: bytes, key_version: int) -> list[Link]:
    """Chain records behind a place; each gets its position as the member `position`."""
    links: list[Link] = []
    position, mac = after.position, after.mac
    for record in records:
        position += 1
        body = canonical({**record, "position": position})
        mac = mac_of(key, key_version, mac, body)
        links.append(Link(position, key_version, body, mac))
    return links


def proven(links: Iterable[Link], after: Place, keys: Keys) -> Place:
    """Follow the links from a place; returns the last place that holds."""
    position, before = after.position, after.mac
    begun = {version: hmac.new(key, _opening(version), "sha256") for version, key in keys.items()}
    for stored, key_version, body, mac in links:
        if key_version not in begun or stored != position + 1:
            break
        made = begun[key_version].copy()  # setting a key up takes longer than hashing a record
        made.update(before + body)
        if mac != made.digest():
            break
        position, before = stored, mac
    return Place(position, before)


def verify(links: Iterable[Link], keys: Keys, after: Place = GENESIS) -> Verdict:
    """Verify a stream of records in stored order, with flat memory; stops at the first break and names it."""
    stream = iter(links)
    while batch := list(islice(stream, _BATCH)):
        place = proven(batch, after, keys)
        good = place.position - after.position
        if good < len(batch):
            return Verdict(place, diagnose([*batch[good:], *islice(stream, WINDOW)][:WINDOW], place, keys))
        after = place
    return Verdict(after, None)


def diagnose(window: Sequence[Link], after: Place, keys: Keys) -> Break:
    """Tell what happened where a chain breaks.

    `window` is the first record that does not hold behind `after` and up to `WINDOW` - 1 that follow it. Where few
    follow, less can be told: the last record of a chain is called edited, whatever was done to it.
    """
    expected = after.position + 1
    for nth, link in enumerate(window[1:], start=1):
        if _holds(link, after.mac, keys):
            return _displaced(window, nth, expected, keys)
    first = window[0]
    if first.position > expected:
        return Break(expected, Kind.MISSING, first.position - expected)
    if len(window) > 1 and (gone := _renumbered(first, window[1], expected)):
        return Break(expected, Kind.MISSING, gone)
    if _nothing_holds(window, after, keys):
        return Break(expected, Kind.WRONG_KEY)
    return Break(expected, Kind.EDITED)


def _holds(link: Link, before: bytes, keys: Keys) -> bool:
    key = keys.get(link.key_version)
    return key is not None and link.mac == mac_of(key, link.key_version, before, link.body)


def _displaced(window: Sequence[Link], nth: int, expected: int, keys: Keys) -> Break:
    """The record that belongs at the front is the nth: were others put before it, or did they change places?"""
    own_successor_follows = len(window) > nth + 1 and _holds(window[nth + 1], window[nth].mac, keys)
    if not own_successor_follows and any(_holds(link, window[nth].mac, keys) for link in window[:nth]):
        return Break(expected, Kind.REORDERED)
    return Break(expected, Kind.INSERTED, nth)


def _renumbered(first: Link, second: Link, expected: int) -> int:
    """How many records were removed before `first`, when those behind were renumbered to hide it."""
    claimed = _claimed(first)
    if claimed is None or claimed <= expected or _claimed(second) != claimed + 1:
        return 0
    return claimed - expected


def _claimed(link: Link) -> int | None:
    """The position that the body says it was written at."""
    try:
        position = json.loads(link.body)["position"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return position if isinstance(position, int) else None


def _nothing_holds(window: Sequence[Link], after: Place, keys: Keys) -> bool:
    """Whether no record of a window of at least three follows from the one before it."""
    if len(window) < 3 or any(_holds(second, first.mac, keys) for first, second in pairwise(window)):
        return False
    first, second = window[:2]
    key = keys.get(first.key_version)
    restored = None if key is None else mac_of(key, first.key_version, after.mac, first.body)
    return restored is None or not _holds(second, restored, keys)
