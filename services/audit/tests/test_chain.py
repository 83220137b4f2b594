"""The chain: whatever is done to a stored record, verification names it and what happened."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermfolio.audit.chain import (
    GENESIS,
    WINDOW,
    Break,
    Kind,
    Link,
    Place,
    canonical,
    diagnose,
    extend,
    key_check,
    mac_of,
    proven,
    verify,
)

KEY = bytes(range(32))
KEYS = {1: KEY}


def chained(count: int, *, key: bytes = KEY, version: int = 1, after: Place = GENESIS) -> list[Link]:
    return extend(after, [{"v": 1, "event": f"test.{n}"} for n in range(count)], key, version)


def renumbered(links: list[Link]) -> list[Link]:
    """As someone would store them who wants no gap to be seen."""
    return [link._replace(position=n) for n, link in enumerate(links, start=1)]


def place_of(link: Link) -> Place:
    return Place(link.position, link.mac)


def names(links: list[Link], position: int, kind: Kind, count: int = 1) -> bool:
    verdict = verify(links, KEYS)
    return verdict.broken == Break(position, kind, count) and verdict.proven.position == position - 1


chains = st.integers(4, 90).map(chained)


@st.composite
def chain_and_index(draw: st.DrawFn, *, spare: int = 0) -> tuple[list[Link], int]:
    """A chain and an index into it with at least `spare` records behind."""
    links = draw(chains)
    return links, draw(st.integers(0, len(links) - 1 - spare))


@given(chains)
def test_a_chain_verifies_to_its_end(links: list[Link]) -> None:
    verdict = verify(links, KEYS)
    assert verdict.broken is None
    assert verdict.proven == place_of(links[-1])


@given(chain_and_index())
def test_a_chain_verifies_from_any_place_within(given_chain: tuple[list[Link], int]) -> None:
    links, at = given_chain
    assert verify(links[at + 1 :], KEYS, place_of(links[at])).broken is None


def test_an_empty_chain_verifies() -> None:
    assert verify([], KEYS).proven == GENESIS


@given(chain_and_index(), st.data())
def test_any_changed_byte_of_a_body_is_named(given_chain: tuple[list[Link], int], data: st.DataObject) -> None:
    links, at = given_chain
    where = data.draw(st.integers(0, len(links[at].body) - 1))
    flip = data.draw(st.integers(1, 255))
    body = bytearray(links[at].body)
    body[where] ^= flip
    links[at] = links[at]._replace(body=bytes(body))
    assert names(links, at + 1, Kind.EDITED)


@given(chain_and_index(), st.integers(0, 31), st.integers(1, 255))
def test_any_changed_byte_of_a_mac_is_named(given_chain: tuple[list[Link], int], where: int, flip: int) -> None:
    links, at = given_chain
    mac = bytearray(links[at].mac)
    mac[where] ^= flip
    links[at] = links[at]._replace(mac=bytes(mac))
    assert names(links, at + 1, Kind.EDITED)


@given(chain_and_index(spare=2), st.binary(max_size=60), st.binary(min_size=32, max_size=32))
def test_a_replaced_record_is_named(given_chain: tuple[list[Link], int], body: bytes, mac: bytes) -> None:
    links, at = given_chain
    links[at] = links[at]._replace(body=body, mac=mac)
    assert names(links, at + 1, Kind.EDITED)


@given(chain_and_index(), st.integers(0, 2**31).filter(lambda version: version != 1))
def test_a_changed_key_version_is_named(given_chain: tuple[list[Link], int], version: int) -> None:
    links, at = given_chain
    links[at] = links[at]._replace(key_version=version)
    assert names(links, at + 1, Kind.EDITED)


@given(chain_and_index(spare=1), st.data())
def test_removed_records_are_named(given_chain: tuple[list[Link], int], data: st.DataObject) -> None:
    links, at = given_chain
    count = data.draw(st.integers(1, len(links) - 1 - at))
    assert names(links[:at] + links[at + count :], at + 1, Kind.MISSING, count)


@given(chain_and_index(spare=3), st.data())
def test_removed_records_are_named_though_the_rest_was_renumbered(
    given_chain: tuple[list[Link], int], data: st.DataObject
) -> None:
    links, at = given_chain
    count = data.draw(st.integers(1, len(links) - 2 - at))
    assert names(renumbered(links[:at] + links[at + count :]), at + 1, Kind.MISSING, count)


@given(chain_and_index(), st.binary(max_size=60), st.binary(min_size=32, max_size=32), st.integers(1, 5))
def test_inserted_records_are_named(given_chain: tuple[list[Link], int], body: bytes, mac: bytes, count: int) -> None:
    links, at = given_chain
    forged = [Link(0, 1, body, mac)] * count
    assert names(renumbered(links[:at] + forged + links[at:]), at + 1, Kind.INSERTED, count)


@given(chain_and_index(spare=1), st.data())
def test_a_record_inserted_twice_is_named(given_chain: tuple[list[Link], int], data: st.DataObject) -> None:
    links, at = given_chain
    copy = links[data.draw(st.integers(0, len(links) - 1).filter(lambda index: index != at))]
    assert names(renumbered([*links[:at], copy, *links[at:]]), at + 1, Kind.INSERTED)


@given(chain_and_index(spare=1), st.data())
def test_swapped_records_are_named(given_chain: tuple[list[Link], int], data: st.DataObject) -> None:
    links, at = given_chain
    other = data.draw(st.integers(at + 1, min(len(links) - 1, at + WINDOW - 1)))
    links[at], links[other] = links[other], links[at]
    assert names(renumbered(links), at + 1, Kind.REORDERED)


@given(chain_and_index(spare=1), st.data())
def test_a_moved_record_is_named(given_chain: tuple[list[Link], int], data: st.DataObject) -> None:
    links, at = given_chain
    links.insert(data.draw(st.integers(at + 1, min(len(links) - 1, at + WINDOW - 1))), links.pop(at))
    assert names(renumbered(links), at + 1, Kind.REORDERED)


@given(chain_and_index(spare=2))
def test_a_chain_recomputed_with_another_key_is_named(given_chain: tuple[list[Link], int]) -> None:
    links, at = given_chain
    after = place_of(links[at - 1]) if at else GENESIS
    recomputed = chained(len(links) - at, key=bytes(32), after=after)
    assert names(links[:at] + recomputed, at + 1, Kind.WRONG_KEY)


def test_a_key_that_is_not_there_is_named() -> None:
    links = chained(5)
    assert names(links + chained(5, version=2, after=place_of(links[-1])), 6, Kind.WRONG_KEY)


def test_a_chain_goes_on_under_a_new_key() -> None:
    links = chained(5)
    links += chained(5, key=bytes(31) + b"2", version=2, after=place_of(links[-1]))
    assert verify(links, {1: KEY, 2: bytes(31) + b"2"}).broken is None


def test_a_key_under_another_version_makes_another_mac() -> None:
    assert mac_of(KEY, 1, bytes(32), b"{}") != mac_of(KEY, 2, bytes(32), b"{}")


def test_a_body_that_is_no_record_is_called_edited() -> None:
    for body in (b"", b"[]", b'{"position":"7"}', b'{"position":7', b"[" * 100_000, b"\xff"):
        links = chained(8)
        links[4] = links[4]._replace(body=body)
        assert names(links, 5, Kind.EDITED)


def test_a_removed_end_cannot_be_seen_in_the_chain_alone() -> None:
    assert verify(chained(9)[:6], KEYS).proven.position == 6


def test_the_position_is_part_of_the_body() -> None:
    assert [json.loads(link.body)["position"] for link in chained(3)] == [1, 2, 3]


def test_the_first_fault_is_named_when_there_are_several() -> None:
    links = chained(20)
    for at in (15, 6, 9):
        links[at] = links[at]._replace(body=b"{}")
    assert names(links, 7, Kind.EDITED)


def test_the_last_record_is_called_edited_whatever_was_done_to_it() -> None:
    links = chained(6)
    assert names(renumbered(links[:4] + links[5:]), 5, Kind.EDITED)


def test_the_key_check_says_nothing_but_whether_keys_are_equal() -> None:
    assert key_check(KEY) == key_check(bytes(range(32)))
    assert key_check(KEY) != key_check(bytes(32))
    assert KEY not in key_check(KEY)


def test_members_are_written_in_canonical_json() -> None:
    # RFC 8785, section 3.2.3: sorted by UTF-16 code units, no spaces, literal non-ASCII
    assert canonical({"€": 1, "b": [True, None], "a": "ü\n", "\U0001f600": 2}) == (
        '{"a":"ü\\n","b":[true,null],"€":1,"\U0001f600":2}'.encode()
    )


@pytest.mark.parametrize("count", [0, 1, 999, 1000, 1001, 2001])
def test_batches_change_nothing(count: int) -> None:
    links = chained(count)
    assert verify(iter(links), KEYS).proven.position == count
    if count > 1:
        links[-2] = links[-2]._replace(body=b"{}")
        assert names(links, count - 1, Kind.EDITED)


def test_a_window_of_one_is_enough_to_name_the_position() -> None:
    [link] = chained(1)
    assert diagnose([link._replace(body=b"{}")], GENESIS, KEYS) == Break(1, Kind.EDITED)
    assert proven([link._replace(body=b"{}")], GENESIS, KEYS) == GENESIS
