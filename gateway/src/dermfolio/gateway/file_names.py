"""File names in Content-Disposition (RFC 6266, RFC 8187), both ways. A file name is data: never a path of ours."""

import re
import unicodedata
from urllib.parse import quote, unquote_to_bytes

from dermfolio.gateway.problems import invalid

LONGEST = 4096

_HEADER = "header.Content-Disposition"
_TYPE = re.compile(r"\s*[\w!#$%&'*+.^`|~-]+\s*(?=;|$)")
_PARAMETER = re.compile(
    r"""\s*;\s*(?P<name>[\w!#$%&'*+.^`|~-]+)\s*=\s*
        (?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<token>[^\s;"]*))\s*""",
    re.VERBOSE,
)
_EXTENDED = re.compile(r"(?P<charset>[\w-]+)'[\w-]*'(?P<value>[^\s'\"]*)")
_CHARSETS = {"utf-8": "utf-8", "iso-8859-1": "latin-1"}
_ASCII_SAFE = re.compile(r"[^A-Za-z0-9 ._()+=@-]")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def file_name_of(header: str | None) -> str | None:
    """The file name that a Content-Disposition names; None when there is no header, or it names none.

    `filename*` counts before `filename`. Control characters are dropped, and what exceeds `LONGEST` characters; the
    rest is kept as it is. `header` is decoded as ISO-8859-1, as HTTP libraries do. Refused as `invalid_request`.
    """
    if header is None:
        return None
    found = _parameters(header)
    if "filename*" in found:
        name = _extended(found["filename*"])
    elif "filename" in found:
        name = _plain(found["filename"])
    else:
        return None
    return "".join(c for c in name if unicodedata.category(c) not in {"Cc", "Cs"})[:LONGEST] or None


def attachment(name: str) -> str:
    """The Content-Disposition under which a browser saves a file: the last part of a path, nothing invisible in it."""
    last = re.split(r"[/\\]", name)[-1]
    seen = "".join(c for c in last if unicodedata.category(c) not in _UNSEEN).strip(" .")[-255:] or "photograph"
    plain = _ASCII_SAFE.sub("_", seen)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(seen, safe='')}"


def _parameters(header: str) -> dict[str, str]:
    kind = _TYPE.match(header)
    if kind is None:
        raise invalid(_HEADER, 'must look like: attachment; filename="photo.jpg"')
    found: dict[str, str] = {}
    place = kind.end()
    while place < len(header):
        parameter = _PARAMETER.match(header, place)
        if parameter is None or parameter["name"].lower() in found:
            raise invalid(_HEADER, 'must look like: attachment; filename="photo.jpg"')
        quoted = parameter["quoted"]
        value = parameter["token"] if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
        found[parameter["name"].lower()] = value
        place = parameter.end()
    return found


def _extended(value: str) -> str:
    parts = _EXTENDED.fullmatch(value)
    charset = _CHARSETS.get(parts["charset"].lower()) if parts else None
    if parts is None or charset is None:
        raise invalid(_HEADER, "filename* must look like: UTF-8''photo%20one.jpg")
    try:
        return unquote_to_bytes(parts["value"]).decode(charset)
    except UnicodeDecodeError:
        raise invalid(_HEADER, f"filename* is not {parts['charset']}") from None


def _plain(value: str) -> str:
    """Many clients send UTF-8 here, though ISO-8859-1 is what the letters would mean."""
    try:
        return value.encode("latin-1").decode()
    except UnicodeError:
        return value
