"""Ways of damaging a file, as chance and malice do."""

import random
from collections.abc import Callable, Sequence

EDGES = (0, 1, 0x7F, 0x80, 0xFE, 0xFF)
LARGE = (0, 1, 0x7FFF, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)
LONGEST = 256 * 1024

Mutation = Callable[[bytearray, random.Random], None]


def _flip(data: bytearray, chance: random.Random) -> None:
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _edge(data: bytearray, chance: random.Random) -> None:
    data[chance.randrange(len(data))] = chance.choice(EDGES)


def _noise(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data))
    length = min(chance.randrange(1, 64), len(data) - at)
    data[at : at + length] = chance.randbytes(length)


def _number(data: bytearray, chance: random.Random) -> None:
    """Sizes, counts and offsets, in either order: most of all near the beginning, where headers are."""
    width = chance.choice((2, 4, 8))
    at = chance.randrange(min(len(data), chance.choice((64, 1024, len(data)))))
    value = chance.choice((*LARGE, len(data), chance.randrange(len(data)))) % 256**width
    data[at : at + width] = value.to_bytes(width, chance.choice(("little", "big")))


def _cut(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data))
    del data[at : at + chance.randrange(1, 200)]


def _end(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(1, len(data) + 1) :]


def _repeat(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data))
    data[at:at] = data[at : at + chance.randrange(1, 400)] * chance.randrange(1, 40)


def _swap(data: bytearray, chance: random.Random) -> None:
    one, other, length = chance.randrange(len(data)), chance.randrange(len(data)), chance.randrange(1, 64)
    data[one : one + length], data[other : other + length] = data[other : other + length], data[one : one + length]


MUTATIONS: tuple[Mutation, ...] = (_flip, _flip, _edge, _noise, _number, _number, _number, _cut, _end, _repeat, _swap)


def mutated(sound: Sequence[bytes], chance: random.Random) -> bytes:
    """A damaged file, now and then with the middle of another one in it; the beginning mostly stays."""
    data = bytearray(chance.choice(sound))
    kept = bytes(data[:16])
    for _ in range(chance.choice((1, 1, 2, 3, 5, 8, 20))):
        chance.choice(MUTATIONS)(data, chance)
        if not data:
            return bytes(data)
    if chance.random() < 0.1:
        other = chance.choice(sound)
        data[chance.randrange(len(data)) :] = other[chance.randrange(len(other)) :]
    if chance.random() < 0.8:
        data[:16] = kept  # else most would only be of an unsupported type
    return bytes(data[:LONGEST])
