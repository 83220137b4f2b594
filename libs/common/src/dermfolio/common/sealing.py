"""Objects are sealed before they leave the process: AES-256-GCM in segments, streaming both ways, ranges work.

The wire format is "AES-GCM-HKDF streaming AEAD" of Tink (developers.google.com/tink/streaming-aead), an instance of the
online authenticated encryption of Hoang, Reyhanitabar, Rogaway and Vizár (CRYPTO 2015), with a 256-bit key, a 256-bit
derived key, HKDF-SHA-256 and segments of `SEGMENT_BYTES`. docs/object-format.md has it byte by byte.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from itertools import chain
from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
SALT_BYTES = 32
PREFIX_BYTES = 7
HEADER_BYTES = 1 + SALT_BYTES + PREFIX_BYTES
TAG_BYTES = 16

# Measured with 5 MB objects: 1 MiB segments save a tenth of the cipher's time but lengthen upload and download together
# by a tenth, because network and cipher no longer overlap, and 20 uploads at once take 77 MB instead of 3. The cipher
# holds the interpreter's lock, so a thread would gain nothing; one segment holds the event loop for 20 µs.
SEGMENT_BYTES = 64 * 1024

# Marks this format inside every derived key, so that a later format can never be opened as this one.
_FORMAT = b"dermfolio object v1"


class Tampered(Exception):  # noqa: N818 - what happened, not a fault of ours
    """The sealed bytes are not what was sealed under this key and context: altered, cut, swapped, or rolled back."""


class WrongLength(ValueError):  # noqa: N818
    """A stream ended before the length declared for it, or went on after it."""


@dataclass(frozen=True, slots=True, repr=False)
class DataKey:
    """A secret of 32 bytes under which the objects of one patient, or of one site, are sealed; never printed."""

    secret: bytes

    def __post_init__(self) -> None:
        if len(self.secret) != KEY_BYTES:
            raise ValueError(f"a data key has {KEY_BYTES} bytes, not {len(self.secret)}")

    def __repr__(self) -> str:
        return "DataKey(…)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a sealed object is, bound to its bytes: the owning service, the object key, the revision (0 or more)."""

    owner: str
    key: str
    revision: int = 0

    def __post_init__(self) -> None:
        if not self.owner or not self.key or self.revision < 0:
            raise ValueError("a context names an owner, an object key and a revision of 0 or more")

    def encode(self) -> bytes:
        """The associated data, by PASETO's pre-authentication encoding: no two contexts share an encoding.

        Little-endian 64-bit count of pieces, then each piece after its little-endian 64-bit length.
        """
        pieces = (_FORMAT, self.owner.encode(), self.key.encode(), str(self.revision).encode())
        return _le64(len(pieces)) + b"".join(_le64(len(piece)) + piece for piece in pieces)


@dataclass(frozen=True, slots=True)
class Seal:
    """Seals and opens the one object that `context` names, with `key`.

    Stored objects always have segments of `SEGMENT_BYTES`; other sizes (57 bytes and more) serve tests of the format.
    """

    key: DataKey
    context: Context
    segment_bytes: int = SEGMENT_BYTES

    def __post_init__(self) -> None:
        if self.segment_bytes <= HEADER_BYTES + TAG_BYTES:
            raise ValueError("a segment must be longer than header and tag")

    def sealed_length(self, plain_length: int) -> int:
        """Bytes that `plain_length` (0 or more) plain bytes have once sealed."""
        return HEADER_BYTES + plain_length + TAG_BYTES * self._segments(plain_length)

    def plain_length(self, sealed_length: int) -> int:
        """Plain bytes inside `sealed_length` sealed ones, true once the last segment is opened.

        Raises:
            Tampered: no sealed object has that length.
        """
        segments = max(1, -(-sealed_length // self.segment_bytes))
        plain_length = sealed_length - HEADER_BYTES - TAG_BYTES * segments
        if plain_length < 0 or self._segments(plain_length) != segments:
            raise Tampered(f"no sealed object has {sealed_length} bytes")
        return plain_length

    def sealed_span(self, span: range) -> range:
        """The sealed bytes that hold the plain bytes `span`; the store may cut the end at the object's end."""
        if not 0 <= span.start < span.stop or span.step != 1:
            raise ValueError("a span is a non-empty range of bytes")
        return range(
            self._segment_of(span.start) * self.segment_bytes,
            (self._segment_of(span.stop - 1) + 1) * self.segment_bytes,
        )

    async def seal(self, plain: AsyncIterator[bytes], plain_length: int) -> AsyncGenerator[bytes, None]:
        """Seal a stream of exactly `plain_length` bytes under a fresh salt; yields one sealed segment at a time.

        The last segment leaves only after `plain` has ended, so a source that fails at its very end is never whole.

        Raises:
            WrongLength: `plain` is shorter or longer than declared.
        """
        salt, prefix = token_bytes(SALT_BYTES), token_bytes(PREFIX_BYTES)
        cipher = self._cipher(salt)
        header = bytes((HEADER_BYTES,)) + salt + prefix
        last = self._segments(plain_length) - 1
        sizes = _sizes(HEADER_BYTES, HEADER_BYTES + plain_length, self._segment_room)
        number = 0
        async with aclosing(_cut(plain, sizes, WrongLength(f"not the declared {plain_length} bytes"))) as pieces:
            async for piece in pieces:
                sealed = cipher.encrypt(_nonce(prefix, number, is_last=number == last), piece, None)
                yield header + sealed if number == 0 else sealed
                number += 1

    async def unseal(
        self, sealed: AsyncIterator[bytes], sealed_length: int, *, span: range | None = None, header: bytes = b""
    ) -> AsyncGenerator[bytes, None]:
        """Open a sealed object; yields authenticated plain bytes only, a segment at a time.

        Args:
            sealed: the whole sealed object, or its bytes `sealed_span(span)`.
            sealed_length: bytes of the whole sealed object.
            span: the plain bytes wanted; all of them by default.
            header: the object's first `HEADER_BYTES`, needed when `sealed_span(span)` does not begin with them.

        Raises:
            Tampered: the bytes are not what was sealed, or end before `span` does. What was yielded before is genuine.
        """
        plain_length = self.plain_length(sealed_length)
        wanted = range(plain_length) if span is None else span
        held = range(sealed_length) if span is None else self.sealed_span(span)
        if wanted.stop > plain_length:
            raise Tampered(f"the object ends before the span, after {plain_length} bytes")
        sizes: Iterator[int] = _sizes(held.start or HEADER_BYTES, min(held.stop, sealed_length), self.segment_bytes)
        if held.start == 0:
            sizes = chain((HEADER_BYTES,), sizes)
        number, last = held.start // self.segment_bytes, self._segments(plain_length) - 1
        at = max(0, number * self._segment_room - HEADER_BYTES)
        async with aclosing(_cut(sealed, sizes, Tampered("sealed bytes are missing or too many"))) as pieces:
            if held.start == 0:
                header = bytes(await anext(pieces))
            if len(header) != HEADER_BYTES or header[0] != HEADER_BYTES:
                raise Tampered("the header is not one")
            cipher, prefix = self._cipher(header[1 : 1 + SALT_BYTES]), header[1 + SALT_BYTES :]
            async for piece in pieces:
                try:
                    plain = cipher.decrypt(_nonce(prefix, number, is_last=number == last), piece, None)
                except InvalidTag:
                    raise Tampered(f"segment {number} is not what was sealed") from None
                if part := plain[max(0, wanted.start - at) : wanted.stop - at]:
                    yield part
                at += len(plain)
                number += 1

    @property
    def _segment_room(self) -> int:
        """Plain bytes of a full segment; in the first one the header takes its place from them."""
        return self.segment_bytes - TAG_BYTES

    def _segment_of(self, position: int) -> int:
        return (HEADER_BYTES + position) // self._segment_room

    def _segments(self, plain_length: int) -> int:
        return self._segment_of(max(0, plain_length - 1)) + 1

    def _cipher(self, salt: bytes) -> AESGCM:
        """The object's own key (RFC 5869), so that no nonce repeats under one key and the context is bound in."""
        return AESGCM(HKDF(SHA256(), KEY_BYTES, salt, self.context.encode()).derive(self.key.secret))


def _nonce(prefix: bytes, number: int, *, is_last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes((is_last,))


def _le64(number: int) -> bytes:
    return number.to_bytes(8, "little")


def _sizes(start: int, stop: int, step: int) -> Iterator[int]:
    """Sizes of the pieces into which multiples of `step` cut the bytes from `start` to `stop`; one piece at least."""
    while True:
        border = min(start - start % step + step, stop)
        yield border - start
        start = border
        if start >= stop:
            return


async def _cut(
    stream: AsyncIterator[bytes], sizes: Iterator[int], mismatch: Exception
) -> AsyncGenerator[memoryview, None]:
    """Regroup `stream` into pieces of the given sizes; each is valid until the next one is asked for.

    A piece is held back until a byte follows it, the last one until the stream has ended. A stream of another
    length raises `mismatch`.
    """
    size, filled = next(sizes), 0
    room = memoryview(bytearray(size))
    async for chunk in stream:
        rest = memoryview(chunk)
        while rest:
            if filled == size:
                following = next(sizes, 0)
                if following == 0:
                    raise mismatch
                yield room[:size]
                size, filled = following, 0
                if size > len(room):
                    room = memoryview(bytearray(size))
            taken = min(size - filled, len(rest))
            room[filled : filled + taken] = rest[:taken]
            filled += taken
            rest = rest[taken:]
    if filled < size or next(sizes, None) is not None:
        raise mismatch
    yield room[:size]
