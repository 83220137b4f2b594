"""Sealing: the format is Tink's, every byte of it is guarded, and ranges open like the whole."""

import hashlib
import io
import json
from collections.abc import AsyncIterator, Coroutine, Iterable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tink import proto_keyset_format, secret_key_access, streaming_aead
from tink.proto import aes_gcm_hkdf_streaming_pb2, common_pb2, tink_pb2

from dermfolio.common import sealing
from dermfolio.common.sealing import HEADER_BYTES, TAG_BYTES, Context, DataKey, Seal, Tampered, WrongLength

T = TypeVar("T")

KEY = DataKey(bytes(range(32)))
ORIGINAL = Context(owner="images", key="originals/7/1", revision=0)
SMALL = 96  # bytes per segment: borders are met often; the first holds 40 plain bytes, the others 80
BORDERS = [0, 1, 39, 40, 41, 119, 120, 121, 199, 200, 201, 1000]


def now(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that never waits, without an event loop: a property test runs thousands."""
    try:
        work.send(None)
    except StopIteration as done:
        value: T = done.value
        return value
    raise AssertionError("it waited")


async def chunks(data: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


async def gathered(stream: AsyncIterator[bytes]) -> bytes:
    return b"".join([part async for part in stream])


def sealed_by(seal: Seal, plain: bytes, *, size: int = 64) -> bytes:
    return now(gathered(seal.seal(chunks(plain, size), len(plain))))


def opened_by(seal: Seal, sealed: bytes, *, size: int = 64) -> bytes:
    return now(gathered(seal.unseal(chunks(sealed, size), len(sealed))))


def range_opened_by(seal: Seal, sealed: bytes, span: range) -> bytes:
    held = seal.sealed_span(span)
    part = sealed[held.start : held.stop]
    return now(gathered(seal.unseal(chunks(part, 50), len(sealed), span=span, header=sealed[:HEADER_BYTES])))


def segments_of(sealed: bytes) -> list[bytes]:
    return [sealed[start : start + SMALL] for start in range(0, len(sealed), SMALL)]


def pattern(length: int) -> bytes:
    return bytes(i % 251 for i in range(length))


def tink(key: DataKey, segment_bytes: int) -> streaming_aead.StreamingAead:
    """Tink's own implementation over the same key."""
    streaming_aead.register()
    params = aes_gcm_hkdf_streaming_pb2.AesGcmHkdfStreamingParams(
        ciphertext_segment_size=segment_bytes, derived_key_size=32, hkdf_hash_type=common_pb2.HashType.SHA256
    )
    secret = aes_gcm_hkdf_streaming_pb2.AesGcmHkdfStreamingKey(version=0, key_value=key.secret, params=params)
    data = tink_pb2.KeyData(
        type_url="type.googleapis.com/google.crypto.tink.AesGcmHkdfStreamingKey",
        value=secret.SerializeToString(),
        key_material_type=tink_pb2.KeyData.KeyMaterialType.SYMMETRIC,
    )
    entry = tink_pb2.Keyset.Key(
        key_id=1,
        status=tink_pb2.KeyStatusType.ENABLED,
        output_prefix_type=tink_pb2.OutputPrefixType.RAW,
        key_data=data,
    )
    keyset = tink_pb2.Keyset(primary_key_id=1, key=[entry]).SerializeToString()
    return proto_keyset_format.parse(keyset, secret_key_access.TOKEN).primitive(streaming_aead.StreamingAead)


class Kept(io.BytesIO):
    """Keeps its bytes when Tink closes it."""

    kept = b""

    def close(self) -> None:
        self.kept = self.getvalue()
        super().close()


@pytest.mark.parametrize("segment_bytes", [SMALL, 4096, sealing.SEGMENT_BYTES])
@pytest.mark.parametrize("beyond", [-1, 0, 1])
@pytest.mark.parametrize("segments", [0, 1, 2, 5])
def test_tink_opens_what_we_seal_and_we_open_what_tink_seals(segment_bytes: int, beyond: int, segments: int) -> None:
    plain = pattern(max(0, segments * (segment_bytes - TAG_BYTES) - HEADER_BYTES + beyond))
    seal, theirs, context = Seal(KEY, ORIGINAL, segment_bytes), tink(KEY, segment_bytes), ORIGINAL.encode()

    with theirs.new_decrypting_stream(io.BytesIO(sealed_by(seal, plain, size=10_000)), context) as stream:
        assert stream.read() == plain

    kept = Kept()
    with theirs.new_encrypting_stream(kept, context) as stream:
        stream.write(plain)
    assert len(kept.kept) == seal.sealed_length(len(plain))
    assert opened_by(seal, kept.kept, size=10_000) == plain


@given(plain=st.binary(max_size=600), taken=st.integers(1, 200), given_=st.integers(1, 200))
def test_what_was_sealed_opens_however_the_streams_are_cut(plain: bytes, taken: int, given_: int) -> None:
    seal = Seal(KEY, ORIGINAL, SMALL)
    sealed = sealed_by(seal, plain, size=taken)
    assert len(sealed) == seal.sealed_length(len(plain))
    assert seal.plain_length(len(sealed)) == len(plain)
    assert opened_by(seal, sealed, size=given_) == plain


@given(length=st.integers(1, 600), data=st.data())
def test_any_range_opens_to_the_same_bytes_as_the_whole(length: int, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, length - 1))
    span = range(start, data.draw(st.integers(start + 1, length)))
    plain, seal = pattern(length), Seal(KEY, ORIGINAL, SMALL)
    assert range_opened_by(seal, sealed_by(seal, plain), span) == plain[span.start : span.stop]


@given(length=st.integers(0, 300), data=st.data())
def test_any_single_flipped_bit_is_found_and_nothing_of_its_segment_is_given_out(
    length: int, data: st.DataObject
) -> None:
    plain, seal = pattern(length), Seal(KEY, ORIGINAL, SMALL)
    sealed = bytearray(sealed_by(seal, plain))
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[bit // 8] ^= 1 << bit % 8
    given_out = b""

    async def read() -> None:
        nonlocal given_out
        async for part in seal.unseal(chunks(bytes(sealed), 64), len(sealed)):
            given_out += part

    with pytest.raises(Tampered):
        now(read())
    before = max(0, (bit // 8 // SMALL) * (SMALL - TAG_BYTES) - HEADER_BYTES)
    assert given_out == (plain[:before] if bit // 8 >= HEADER_BYTES else b"")


@given(length=st.integers(0, 400), kept=st.integers(0, 600))
def test_a_truncated_object_never_ends_well(length: int, kept: int) -> None:
    seal = Seal(KEY, ORIGINAL, SMALL)
    sealed = sealed_by(seal, pattern(length))
    if kept < len(sealed):
        with pytest.raises(Tampered):
            opened_by(seal, sealed[:kept])


@pytest.mark.parametrize("length", BORDERS)
def test_bytes_appended_are_found(length: int) -> None:
    seal = Seal(KEY, ORIGINAL, SMALL)
    sealed = sealed_by(seal, pattern(length))
    for more in (b"\0", bytes(TAG_BYTES), sealed[-SMALL:], sealed):
        with pytest.raises(Tampered):
            opened_by(seal, sealed + more)


def test_segments_out_of_their_place_are_found() -> None:
    seal = Seal(KEY, ORIGINAL, SMALL)
    first, second, third, fourth, last = segments_of(sealed_by(seal, pattern(320)))
    for wrong in (
        [first, third, second, fourth, last],
        [first, second, second, fourth, last],
        [first, second, third, last],
        [second, third, fourth, last],
        [first, second, third, fourth],
    ):
        with pytest.raises(Tampered):
            opened_by(seal, b"".join(wrong))


def test_segments_of_another_sealing_of_the_same_object_do_not_fit() -> None:
    seal = Seal(KEY, ORIGINAL, SMALL)
    ours, others = (segments_of(sealed_by(seal, pattern(320))) for _ in range(2))
    with pytest.raises(Tampered):
        opened_by(seal, b"".join([*ours[:2], others[2], *ours[3:]]))


@pytest.mark.parametrize(
    "other",
    [
        Seal(DataKey(bytes(32)), ORIGINAL, SMALL),
        Seal(KEY, Context(owner="reports", key="originals/7/1", revision=0), SMALL),
        Seal(KEY, Context(owner="images", key="originals/7/2", revision=0), SMALL),
        Seal(KEY, Context(owner="images", key="originals/7/1", revision=1), SMALL),
    ],
    ids=["another patient's key", "another owner", "another object", "another revision"],
)
@pytest.mark.parametrize("length", [0, 30, 500])
def test_an_object_opens_under_no_other_key_or_context(other: Seal, length: int) -> None:
    sealed = sealed_by(Seal(KEY, ORIGINAL, SMALL), pattern(length))
    with pytest.raises(Tampered):
        opened_by(other, sealed)
    if length:
        with pytest.raises(Tampered):
            range_opened_by(other, sealed, range(length - 1, length))


def test_a_range_of_a_tampered_segment_is_refused_and_of_another_is_not() -> None:
    plain, seal = pattern(320), Seal(KEY, ORIGINAL, SMALL)
    sealed = bytearray(sealed_by(seal, plain))
    sealed[2 * SMALL + 5] ^= 1
    assert range_opened_by(seal, bytes(sealed), range(40, 120)) == plain[40:120]
    with pytest.raises(Tampered):
        range_opened_by(seal, bytes(sealed), range(100, 121))


def test_a_range_does_not_take_a_middle_segment_for_the_last_one() -> None:
    seal = Seal(KEY, ORIGINAL, SMALL)
    cut = sealed_by(seal, pattern(320))[: 3 * SMALL]
    with pytest.raises(Tampered):
        range_opened_by(seal, cut, range(120, 200))
    with pytest.raises(Tampered, match="ends before the span"):
        range_opened_by(seal, cut, range(120, 201))


@pytest.mark.parametrize("span", [range(0), range(3, 3), range(5, 2), range(0, 10, 2), range(-1, 4)])
def test_a_span_is_a_range_of_bytes(span: range) -> None:
    with pytest.raises(ValueError, match="a span is"):
        Seal(KEY, ORIGINAL).sealed_span(span)


def test_a_range_needs_the_header() -> None:
    seal = Seal(KEY, ORIGINAL, SMALL)
    sealed = sealed_by(seal, pattern(320))
    with pytest.raises(Tampered, match="header"):
        now(gathered(seal.unseal(chunks(sealed[SMALL : 2 * SMALL], 50), len(sealed), span=range(40, 41))))


@pytest.mark.parametrize("length", BORDERS)
@pytest.mark.parametrize("difference", [-1, 1, 200])
def test_a_stream_of_another_length_than_declared_is_never_sealed_whole(length: int, difference: int) -> None:
    seal = Seal(KEY, ORIGINAL, SMALL)
    declared = max(0, length + difference)
    if declared == length:
        return
    sealed = bytearray()

    async def write() -> None:
        async for segment in seal.seal(chunks(pattern(length), 30), declared):
            sealed.extend(segment)

    with pytest.raises(WrongLength):
        now(write())
    assert len(sealed) < seal.sealed_length(declared)


@pytest.mark.parametrize("length", BORDERS)
def test_a_source_that_fails_after_its_last_byte_is_never_sealed_whole(length: int) -> None:
    seal = Seal(KEY, ORIGINAL, SMALL)
    sealed = bytearray()

    async def source() -> AsyncIterator[bytes]:
        yield pattern(length)
        raise ConnectionResetError

    async def write() -> None:
        async for segment in seal.seal(source(), length):
            sealed.extend(segment)

    with pytest.raises(ConnectionResetError):
        now(write())
    assert len(sealed) < seal.sealed_length(length)


def test_the_same_bytes_are_sealed_differently_each_time() -> None:
    seal = Seal(KEY, ORIGINAL)
    assert len({sealed_by(seal, b"skin")[:HEADER_BYTES] for _ in range(50)}) == 50


names = st.text(min_size=1, max_size=20)


@given(one=st.tuples(names, names, st.integers(0, 2**63)), other=st.tuples(names, names, st.integers(0, 2**63)))
def test_no_two_contexts_share_an_encoding(one: tuple[str, str, int], other: tuple[str, str, int]) -> None:
    encodings = [Context(owner=o, key=k, revision=r).encode() for o, k, r in (one, other)]
    assert (encodings[0] == encodings[1]) == (one == other)


def test_neighbouring_fields_of_a_context_do_not_run_together() -> None:
    contexts: Iterable[Context] = (
        Context(owner="a", key="bc", revision=1),
        Context(owner="ab", key="c", revision=1),
        Context(owner="a", key="bc1", revision=0),
        Context(owner="a", key="b", revision=11),
        Context(owner="a", key="b1", revision=1),
    )
    assert len({context.encode() for context in contexts}) == 5


@pytest.mark.parametrize(("owner", "key", "revision"), [("", "k", 0), ("images", "", 0), ("images", "k", -1)])
def test_a_context_names_something(owner: str, key: str, revision: int) -> None:
    with pytest.raises(ValueError, match="a context names"):
        Context(owner=owner, key=key, revision=revision)


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_data_key_has_32_bytes(length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        DataKey(bytes(length))


def test_a_data_key_is_never_printed() -> None:
    key = DataKey(b"0123456789abcdefghijklmnopqrstuv")
    shown = f"{key} {key!r} {Seal(key, ORIGINAL)!r} {[key]}"
    assert "0123" not in shown
    assert key.secret.hex()[:8] not in shown


DOCUMENT = Path(__file__).parents[3] / "docs" / "object-format.md"
VECTORS = json.loads((Path(__file__).parent / "vectors" / "objects.json").read_text())["vectors"]


@pytest.mark.parametrize("vector", VECTORS, ids=[v["name"] for v in VECTORS])
def test_the_published_vectors_hold(vector: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    context = Context(owner=vector["owner"], key=vector["key"], revision=vector["revision"])
    seal = Seal(DataKey(bytes.fromhex(vector["data_key"])), context, vector["segment_bytes"])
    plain = pattern(vector["plain_length"])
    assert context.encode().hex() == vector["associated_data"]

    drawn = {32: bytes.fromhex(vector["salt"]), 7: bytes.fromhex(vector["nonce_prefix"])}
    monkeypatch.setattr(sealing, "token_bytes", drawn.__getitem__)
    sealed = sealed_by(seal, plain, size=5_000)
    assert hashlib.sha256(sealed).hexdigest() == vector["sealed_sha256"]
    assert sealed.hex() == vector.get("sealed", sealed.hex())
    assert opened_by(seal, sealed, size=5_000) == plain


@pytest.mark.parametrize("vector", VECTORS, ids=[v["name"] for v in VECTORS])
def test_the_program_in_the_documentation_opens_the_vectors(vector: dict[str, Any]) -> None:
    program: dict[str, Any] = {}
    exec(DOCUMENT.read_text().split("```python\n")[1].split("```")[0], program)  # noqa: S102 - it is ours
    context = Context(owner=vector["owner"], key=vector["key"], revision=vector["revision"])
    data_key, segment_bytes, plain = (
        bytes.fromhex(vector["data_key"]),
        vector["segment_bytes"],
        pattern(vector["plain_length"]),
    )
    sealed = sealed_by(Seal(DataKey(data_key), context, segment_bytes), plain, size=5_000)
    if "sealed" in vector:
        sealed = bytes.fromhex(vector["sealed"])
    assert (
        program["open_object"](sealed, data_key, context.owner, context.key, context.revision, segment_bytes) == plain
    )
