"""The trail as JSON Lines: each record by the byte, with what it takes to verify it, and a last line that says that
nothing is missing.
"""

import json
from typing import Any
from uuid import UUID

from dermfolio.audit.forms.form import Form


def _line(row: Any) -> str:
    about = f'"position":{row["position"]},"key_version":{row["key_version"]},"mac":"{row["mac"].hex()}"'
    return f'{{{about},"record":{row["body"]}}}\n'


def _tail(export: UUID, records: int, upto: int) -> str:
    return json.dumps({"end": str(export), "records": records, "upto": upto}, separators=(",", ":")) + "\n"


JSON_LINES = Form(_line, tail=_tail)
