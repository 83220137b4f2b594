"""What files are called inside an archive: names that every system unpacks, in the order asked for."""

import re
import unicodedata
from collections.abc import Sequence

LONGEST = 120
"""Bytes of the uploaded name that are kept: archives are unpacked deep inside folders."""

_FORBIDDEN = re.compile(r'[<>:"|?*]')
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def names_in_archive(uploaded: Sequence[str]) -> list[str]:
    """A name for each file, like `007_naevus.jpg`. Its number makes it unique, keeps the order, and makes it none of
    the names that Windows reserves; nothing in it is a path, invisible, or forbidden on some system.
    """
    digits = max(3, len(str(len(uploaded))))
    return [f"{number:0{digits}}_{_safe(name)}" for number, name in enumerate(uploaded, 1)]


def _safe(name: str) -> str:
    last = re.split(r"[/\\]", name)[-1]
    seen = "".join(c for c in last if unicodedata.category(c) not in _UNSEEN)
    plain = unicodedata.normalize("NFC", _FORBIDDEN.sub("_", seen)).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    if not dot or len(ending) > 10:
        stem, ending = plain, ""
    kept = stem.encode()[:LONGEST].decode(errors="ignore").strip(" .") or "photograph"
    return f"{kept}.{ending}" if ending else kept
