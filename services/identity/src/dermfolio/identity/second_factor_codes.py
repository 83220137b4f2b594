"""Codes of authenticator apps (TOTP, RFC 6238) and recovery codes: making, reading, comparing. Nothing is kept here."""

import hmac
import re
import secrets
from datetime import datetime

import pyotp

STEPS_AROUND = 1
"""Clocks may differ by one step of 30 seconds (RFC 6238, 5.2)."""

RECOVERY_CODES = 10
_GROUPS, _GROUP_LENGTH = 4, 4
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""No characters that look alike; 16 of them are 79 bits."""

_OF_AN_APP = re.compile(r"[0-9]{6}")


def new_secret() -> str:
    """Make a secret of 160 bits in base32."""
    return pyotp.random_base32()


def uri(secret: str, login: str, installation: str) -> str:
    """What an authenticator app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=installation)


def step_of(secret: str, typed: str, moment: datetime, last: int | None) -> int | None:
    """The time step whose code was typed, if it is near and later than the last one that was taken."""
    totp = pyotp.TOTP(secret)
    now = totp.timecode(moment)
    found = None
    for step in range(now - STEPS_AROUND, now + STEPS_AROUND + 1):
        same = hmac.compare_digest(totp.generate_otp(step), plain(typed))
        if same and (last is None or step > last):
            found = step
    return found


def is_of_an_app(typed: str) -> bool:
    """Whether it looks like a code of an app, and so not like a recovery code."""
    return _OF_AN_APP.fullmatch(plain(typed)) is not None


def new_recovery_codes() -> list[str]:
    """Make recovery codes, as they are shown."""
    return ["-".join(_group() for _ in range(_GROUPS)) for _ in range(RECOVERY_CODES)]


def plain(typed: str) -> str:
    """A code without what people add to read it better; never anything but ASCII."""
    return re.sub(r"[^0-9a-z]", "", typed.lower())


def _group() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(_GROUP_LENGTH))
