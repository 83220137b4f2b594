"""Conditional and partial requests of one representation with a strong ETag (RFC 9110, 13 and 14)."""

import re

from starlette.datastructures import Headers

_RANGE = re.compile(r"bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})", re.IGNORECASE)


class Unsatisfiable(Exception):  # noqa: N818
    """The range begins after the last byte."""


def unchanged(headers: Headers, etag: str) -> bool:
    """Tell whether the client has this representation already (If-None-Match; weak comparison)."""
    known = headers.get("if-none-match")
    if known is None:
        return False
    return known.strip() == "*" or etag in {tag.strip().removeprefix("W/") for tag in known.split(",")}


def wanted(headers: Headers, etag: str, length: int) -> range | None:
    """The bytes that a client asks for, of `length` (1 or more); None means all of them.

    Several ranges at once, other units and nonsense are answered with everything, as the RFC allows.

    Raises:
        Unsatisfiable: the range lies outside.
    """
    asked = _RANGE.fullmatch(headers.get("range", "").strip())
    if asked is None or headers.get("if-range", etag) != etag:
        return None
    first, last = asked.groups()
    if not first and not last:
        return None
    if not first:
        start, stop = max(0, length - int(last)), length
    else:
        start, stop = int(first), min(length, int(last) + 1 if last else length)
        if last and int(last) < start:
            return None
    if start >= length or stop <= start:
        raise Unsatisfiable
    return range(start, stop)
