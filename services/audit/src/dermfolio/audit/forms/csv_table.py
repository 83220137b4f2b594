"""The trail as a table for spreadsheets (RFC 4180), in which no cell is taken for a formula."""

import csv
import json
from typing import Any

from dermfolio.audit.forms.form import Form

COLUMNS = (
    "position",
    "at",
    "recorded_at",
    "event",
    "action",
    "outcome",
    "user",
    "service",
    "session",
    "roles",
    "opening",
    "site",
    "patient",
    "object_kind",
    "object_id",
    "address",
    "user_agent",
    "request_id",
    "caused_by",
    "detail",
    "producer",
    "seq",
    "id",
)
"""A promise to who reads the table by their order: more are only ever added behind them."""

BOM = "\ufeff"
"""Without it, Excel takes UTF-8 for the code page of its country."""

_FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
"""By these a spreadsheet knows a formula (OWASP, CSV Injection)."""


class _Echo:
    """Where the writer writes to: what it is given, it gives back."""

    def write(self, text: str) -> str:
        return text


_WRITER = csv.writer(_Echo(), quoting=csv.QUOTE_ALL)  # all: some countries' spreadsheets part cells at semicolons


def _row(cells: list[str]) -> str:
    text: str = _WRITER.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
    return text


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case list():
            return " ".join(map(str, value))
        case dict():
            return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        case _:
            return str(value)


def _line(row: Any) -> str:
    record = json.loads(row["body"])
    return _row([_cell(record.get(name)) for name in COLUMNS])


CSV = Form(_line, head=BOM + _row(list(COLUMNS)))
