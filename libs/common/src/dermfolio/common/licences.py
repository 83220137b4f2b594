"""Licence files (LIC-1): a text that people can read, with one Ed25519 signature (RFC 8032) over its bytes, after
C2SP's signed notes (c2sp.org/signed-note). The format is described in docs/licence.md.

    dermfolio licence v1
    id: 8a6f…
    licensee: A clinic
    …

    — vendor.example 5hHq…

What was signed is what is read: nothing is parsed before the signature holds, and no byte can differ.
"""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from pydantic import TypeAdapter

from dermfolio.common.errors import Refused
from dermfolio.common.note_keys import HASH_BYTES, SIGNATURE_BYTES, SigningKey, VerifierKey
from dermfolio.contracts.messages import now
from dermfolio.contracts.views.licence import LicenceReason, LicenceState, LicenceView, Profile

LIMIT_BYTES = 16 * 1024
EXPIRES_SOON = timedelta(days=30)

CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far a clock may fall behind what was seen before: clocks of several servers differ, and are corrected."""

MOST_SITES = 100_000
LONGEST_LICENSEE = 200

_HEAD, _EVERY_HEAD = "dermfolio licence v1\n", "dermfolio licence v"
_SIGNATURE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})\n")
_BEGUN_SIGNATURE = re.compile(r"—( [^\s+]*( [A-Za-z0-9+/=]*)?)?\n")
_SIGNATURE_LENGTH = 92
"""Of the bytes in base64."""

_INSTANT = "%Y-%m-%dT%H:%M:%SZ"
_UNLIMITED = "unlimited"
_PROFILE: TypeAdapter[Profile] = TypeAdapter(Profile)


class UnusableError(Exception):
    """A file is no licence, or none that can be believed."""

    def __init__(self, reason: LicenceReason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Licence:
    """What a licence says. It holds from `valid_from` until just before `valid_until`."""

    id: UUID
    licensee: str
    profile: Profile
    sites: int | None
    """How many sites there may be; None for any number."""
    valid_from: datetime
    valid_until: datetime
    issued_at: datetime
    key: str = ""
    """The key that signed it, as `name+hash`; only of a licence that was read."""


def issue(licence: Licence, key: SigningKey) -> bytes:
    """Make the file of a licence. Raises ValueError when it could not be read again."""
    fields = {
        "id": str(licence.id),
        "licensee": licence.licensee,
        "profile": licence.profile,
        "sites": _UNLIMITED if licence.sites is None else str(licence.sites),
        "valid-from": licence.valid_from.astimezone(UTC).strftime(_INSTANT),
        "valid-until": licence.valid_until.astimezone(UTC).strftime(_INSTANT),
        "issued-at": licence.issued_at.astimezone(UTC).strftime(_INSTANT),
    }
    text = _HEAD + "".join(f"{name}: {value}\n" for name, value in fields.items())
    file = key.note(text).encode()
    try:
        read(file, [key.public])
    except UnusableError as error:
        raise ValueError(f"this makes no licence: {error.reason}") from None
    return file


def read(file: bytes, trusted: Sequence[VerifierKey]) -> Licence:
    """What a file says, if one of these keys signed it. Raises UnusableError."""
    text, signature = _parted(file)
    named = _SIGNATURE.fullmatch(signature)
    if named is None or len(named[2]) < _SIGNATURE_LENGTH:
        begun = _BEGUN_SIGNATURE.fullmatch(signature)
        raise UnusableError(LicenceReason.TRUNCATED if begun else LicenceReason.FORGED)
    signed = _decoded(named[2])
    if not trusted:
        raise UnusableError(LicenceReason.NO_VENDOR_KEY)
    key = next((k for k in trusted if (k.name, k.hash) == (named[1], signed[:HASH_BYTES])), None)
    if key is None:
        raise UnusableError(LicenceReason.OTHER_KEY)
    if not key.signed(text, signed):
        raise UnusableError(LicenceReason.FORGED)
    try:
        return _said(text, key.id)
    except (KeyError, ValueError):
        raise UnusableError(LicenceReason.UNREADABLE) from None


def judged(licence: Licence, profile: Profile, moment: datetime, latest_seen: datetime | None = None) -> LicenceReason:
    """What a licence amounts to in an installation of a profile. `latest_seen` is the latest time that any clock of the
    installation showed: it counts where the clock is behind it by a little, and the clock is wrong beyond that.
    """
    latest = max(licence.issued_at, latest_seen or licence.issued_at)
    time = moment if latest_seen is None else max(moment, latest_seen)
    verdicts = (
        (licence.profile != profile, LicenceReason.WRONG_PROFILE),
        (latest - moment > CLOCK_TOLERANCE, LicenceReason.CLOCK_SET_BACK),
        (time < licence.valid_from, LicenceReason.NOT_YET_VALID),
        (time >= licence.valid_until, LicenceReason.EXPIRED),
        (licence.valid_until - time <= EXPIRES_SOON, LicenceReason.EXPIRES_SOON),
        (True, LicenceReason.IN_FORCE),
    )
    return next(reason for so, reason in verdicts if so)


def need_uploads(licence: LicenceView) -> None:
    """Refuse as `licence_expired`, `licence_missing` or `licence_invalid` when no photograph may be added now."""
    ended = licence.valid_until is not None and licence.valid_until <= now()
    if licence.uploads_allowed and not ended:
        return
    state = LicenceState.EXPIRED if licence.uploads_allowed else licence.state
    reason = LicenceReason.EXPIRED if licence.uploads_allowed else licence.reason
    facts = {} if licence.valid_until is None else {"valid_until": licence.valid_until.isoformat()}
    raise Refused(f"licence_{state}", reason=str(reason), **facts)


def _parted(file: bytes) -> tuple[str, str]:
    """The text that was signed, and the line of its signature."""
    begins = file[: len(_EVERY_HEAD)]
    if not 0 < len(file) <= LIMIT_BYTES or not _EVERY_HEAD.encode().startswith(begins):
        raise UnusableError(LicenceReason.NOT_A_LICENCE)
    try:
        whole = file.decode()
    except UnicodeDecodeError as error:
        cut = error.end == len(file) and error.reason == "unexpected end of data"
        raise UnusableError(LicenceReason.TRUNCATED if cut else LicenceReason.FORGED) from None
    text, blank, signature = whole.partition("\n\n")
    if not blank or not signature.endswith("\n"):
        raise UnusableError(LicenceReason.TRUNCATED)
    return text + "\n", signature


def _said(text: str, key: str) -> Licence:
    """Read a text whose signature holds. What a newer version added is passed over. Raises KeyError or ValueError."""
    if not text.startswith(_HEAD):
        raise ValueError("another version")
    fields: dict[str, str] = {}
    for line in text.removeprefix(_HEAD).removesuffix("\n").split("\n"):
        name, colon, value = line.partition(": ")
        if not colon or name in fields:
            raise ValueError("no field, or one twice")
        fields[name] = value
    sites, profile, licensee = fields["sites"], fields["profile"], fields["licensee"]
    found = Licence(
        id=UUID(fields["id"]),
        licensee=licensee,
        profile=_PROFILE.validate_python(profile),
        sites=None if sites == _UNLIMITED else int(sites),
        valid_from=_instant(fields["valid-from"]),
        valid_until=_instant(fields["valid-until"]),
        issued_at=_instant(fields["issued-at"]),
        key=key,
    )
    if not (licensee.strip() == licensee and licensee.isprintable() and 1 <= len(licensee) <= LONGEST_LICENSEE):
        raise ValueError("the licensee")
    if found.sites is not None and not 1 <= found.sites <= MOST_SITES:
        raise ValueError("the number of sites")
    if found.valid_from >= found.valid_until:
        raise ValueError("it ends before it begins")
    return found


def _instant(text: str) -> datetime:
    return datetime.strptime(text, _INSTANT).replace(tzinfo=UTC)


def _decoded(encoded: str) -> bytes:
    """A signature's bytes. Only one way of writing them counts."""
    try:
        raw = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raise UnusableError(LicenceReason.FORGED) from None
    if len(raw) != SIGNATURE_BYTES or base64.b64encode(raw).decode() != encoded:
        raise UnusableError(LicenceReason.FORGED)
    return raw
