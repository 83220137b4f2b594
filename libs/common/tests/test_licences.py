"""Licence files: what is signed is what is read, and nothing else is."""

import base64
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermfolio.common.errors import Refused
from dermfolio.common.licences import (
    LIMIT_BYTES,
    Licence,
    UnusableError,
    issue,
    judged,
    need_uploads,
    read,
)
from dermfolio.common.note_keys import HASH_BYTES, SigningKey, VerifierKey
from dermfolio.contracts.messages import now
from dermfolio.contracts.views.licence import LicenceReason, LicenceState, LicenceView

KEY = SigningKey("vendor.example", bytes(range(32)))
OTHER = SigningKey("vendor.example", bytes(range(1, 33)))
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
LICENCE = Licence(
    id=UUID(int=7),
    licensee="Hautklinik Zürich AG",
    profile="production",
    sites=12,
    valid_from=BEGIN,
    valid_until=BEGIN + timedelta(days=365),
    issued_at=BEGIN - timedelta(days=3),
)
FILE = issue(LICENCE, KEY)


def reason(file: bytes, key: VerifierKey = KEY.public) -> LicenceReason:
    with pytest.raises(UnusableError) as unusable:
        read(file, [key])
    return unusable.value.reason


def signed(text: str, key: SigningKey = KEY) -> bytes:
    """Whatever it says, signed by the vendor."""
    return key.note(text).encode()


@pytest.mark.req("LIC-1")
def test_a_licence_says_what_was_issued_to_who_holds_the_vendors_key() -> None:
    assert read(FILE, [OTHER.public, KEY.public]) == replace(LICENCE, key=KEY.public.id)
    unlimited = replace(LICENCE, sites=None)
    assert read(issue(unlimited, KEY), [KEY.public]).sites is None


def test_the_documented_example_is_what_the_code_makes() -> None:
    assert FILE.decode() == (
        "dermfolio licence v1\n"
        "id: 00000000-0000-0000-0000-000000000007\n"
        "licensee: Hautklinik Zürich AG\n"
        "profile: production\n"
        "sites: 12\n"
        "valid-from: 2026-01-01T00:00:00Z\n"
        "valid-until: 2027-01-01T00:00:00Z\n"
        "issued-at: 2025-12-29T00:00:00Z\n"
        "\n"
        "— vendor.example hw2EQRa2wvRS1xBlskAPJkHPNdEh+AQZKVFwHgWuKodYnm"
        "dnsF8AYilsElcBg+E0Nirb6rtYERn3b9KgV7k4e1SyeQA=\n"
    )


@pytest.mark.req("LIC-1")
@given(st.integers(0, len(FILE) - 1), st.integers(1, 255))
def test_a_file_with_any_byte_changed_is_never_believed(place: int, change: int) -> None:
    reason(FILE[:place] + bytes([FILE[place] ^ change]) + FILE[place + 1 :])


@given(st.integers(0, len(FILE) - 1))
def test_a_file_that_was_cut_off_anywhere_is_incomplete(end: int) -> None:
    expected = LicenceReason.TRUNCATED if end else LicenceReason.NOT_A_LICENCE
    assert reason(FILE[:end]) is expected
    ended = FILE[:end].decode(errors="ignore").rstrip().encode() + b"\n"  # as it is when its text was pasted
    if end > len("dermfolio licence v1") and ended != FILE:
        assert reason(ended) is LicenceReason.TRUNCATED


@given(st.integers(0, len(FILE)), st.binary(min_size=1, max_size=40))
def test_a_file_with_anything_put_into_it_is_never_believed(place: int, more: bytes) -> None:
    file = FILE[:place] + more + FILE[place:]
    if file != FILE:
        reason(file)


@given(st.binary(max_size=200))
def test_whatever_is_sent_is_answered_with_a_reason(junk: bytes) -> None:
    assert reason(junk) in LicenceReason
    assert reason(b"dermfolio licence v1\n" + junk) in LicenceReason
    assert reason(signed("dermfolio licence v1\n" + junk.decode("latin-1"))) in LicenceReason


def test_what_is_no_licence_is_told_from_what_is_forged_and_what_another_key_signed() -> None:
    assert reason(b"") is LicenceReason.NOT_A_LICENCE
    assert reason(b"\x89PNG\r\n") is LicenceReason.NOT_A_LICENCE
    assert reason(FILE + b"\n" * LIMIT_BYTES) is LicenceReason.NOT_A_LICENCE
    assert reason(FILE.replace(b"sites: 12", b"sites: 99")) is LicenceReason.FORGED
    assert reason(FILE.replace(b"\n", b"\r\n")) in {LicenceReason.NOT_A_LICENCE, LicenceReason.TRUNCATED}
    assert reason(FILE, OTHER.public) is LicenceReason.OTHER_KEY
    with pytest.raises(UnusableError) as nobody:
        read(FILE, [])
    assert nobody.value.reason is LicenceReason.NO_VENDOR_KEY
    # a stranger's signature under the name and hash of the vendor's key
    text, _, line = FILE.decode().rpartition("\n— ")
    strange = base64.b64decode(OTHER.note(text).split(" ")[-1])
    borrowed = base64.b64encode(KEY.public.hash + strange[HASH_BYTES:]).decode()
    assert reason(f"{text}\n— vendor.example {borrowed}\n".encode()) is LicenceReason.FORGED
    assert line


def test_what_a_newer_version_adds_is_passed_over_and_what_cannot_be_read_is_said() -> None:
    text = FILE.decode().partition("\n\n")[0] + "\n"
    assert read(signed(text + "modules: reports, dicom\n"), [KEY.public]).sites == 12
    changes: list[Callable[[str], str]] = [
        lambda t: t.replace("licence v1", "licence v2"),
        lambda t: t.replace("profile: production", "profile: galactic"),
        lambda t: t.replace("sites: 12", "sites: 0"),
        lambda t: t.replace("sites: 12", "sites: many"),
        lambda t: t.replace("sites: 12\n", ""),
        lambda t: t + "sites: 13\n",
        lambda t: t.replace("licensee: H", "licensee: \u202eH"),
        lambda t: t.replace("valid-until: 2027", "valid-until: 2025"),
        lambda t: t + "a line of its own\n",
    ]
    for change in changes:
        assert reason(signed(change(text))) is LicenceReason.UNREADABLE


@pytest.mark.parametrize(
    "fields",
    [{"licensee": ""}, {"licensee": "two\nlines"}, {"licensee": "x" * 201}, {"sites": 0}, {"valid_until": BEGIN}],
)
def test_what_could_not_be_read_again_is_not_issued(fields: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="this makes no licence"):
        issue(replace(LICENCE, **fields), KEY)  # type: ignore[arg-type]


def test_keys_are_read_as_they_are_written_and_not_when_they_were_copied_badly() -> None:
    assert SigningKey.parse(KEY.text()) == KEY
    assert VerifierKey.parse(str(KEY.public)) == KEY.public
    for text in (
        "",
        "changeme",
        KEY.text().strip()[:-3],
        KEY.text().replace("vendor.example", "other"),
        str(KEY.public),
    ):
        with pytest.raises(ValueError):  # noqa: PT011 - each says something else
            SigningKey.parse(text)
    for text in ("", "a+b+c", str(KEY.public)[:-3], str(KEY.public).replace("vendor", "other"), KEY.text()):
        with pytest.raises(ValueError):  # noqa: PT011
            VerifierKey.parse(text)
    with pytest.raises(ValueError, match="not random"):
        SigningKey.parse(SigningKey("default", bytes(32)).text())
    assert SigningKey.parse(SigningKey("k", os.urandom(32)).text())


@pytest.mark.req("LIC-1")
def test_a_licence_ends_to_the_moment_and_a_clock_that_was_set_back_does_not_prolong_it() -> None:
    end, second, day = LICENCE.valid_until, timedelta(seconds=1), timedelta(days=1)
    expected = [
        (BEGIN - second, None, LicenceReason.NOT_YET_VALID),
        (BEGIN, None, LicenceReason.IN_FORCE),
        (end - 30 * day - second, None, LicenceReason.IN_FORCE),
        (end - 30 * day, None, LicenceReason.EXPIRES_SOON),
        (end - timedelta(microseconds=1), None, LicenceReason.EXPIRES_SOON),
        (end, None, LicenceReason.EXPIRED),
        (end - timedelta(minutes=2), end + second, LicenceReason.EXPIRED),
        (end - day, end + second, LicenceReason.CLOCK_SET_BACK),
        (BEGIN + day, BEGIN + 2 * day, LicenceReason.CLOCK_SET_BACK),
        (LICENCE.issued_at - day, None, LicenceReason.CLOCK_SET_BACK),
    ]
    for moment, seen, wanted in expected:
        assert judged(LICENCE, "production", moment, seen) is wanted, (moment, seen)
    assert judged(LICENCE, "evaluation", BEGIN, None) is LicenceReason.WRONG_PROFILE


@pytest.mark.req("POOL-18")
def test_photographs_are_refused_with_the_state_and_an_end_that_passed_counts_at_once() -> None:
    def view(state: LicenceState, allowed: bool, until: datetime | None) -> LicenceView:
        why = LicenceReason.OTHER_KEY
        return LicenceView(state=state, reason=why, message="", uploads_allowed=allowed, valid_until=until)

    later, before = now() + timedelta(hours=1), now() - timedelta(seconds=1)
    need_uploads(view(LicenceState.EXPIRING, True, later))
    for seen, code, why in (
        (view(LicenceState.VALID, True, before), "licence_expired", "expired"),
        (view(LicenceState.MISSING, False, None), "licence_missing", "other_key"),
        (view(LicenceState.INVALID, False, later), "licence_invalid", "other_key"),
    ):
        with pytest.raises(Refused) as refused:
            need_uploads(seen)
        assert (refused.value.code, refused.value.facts["reason"]) == (code, why)
