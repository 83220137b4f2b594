"""Licences for tests, of a vendor of their own."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from dermfolio.common.licences import Licence
from dermfolio.common.note_keys import SigningKey
from dermfolio.contracts.messages import now

VENDOR = SigningKey("vendor.example", bytes(range(32)))
STRANGER = SigningKey("stranger.example", bytes(range(1, 33)))


def licence(**fields: Any) -> Licence:
    """A licence for evaluations, for any number of sites, from yesterday until in a year."""
    moment = now().replace(microsecond=0)
    usual: dict[str, Any] = {
        "id": uuid4(),
        "licensee": "Hautklinik Zürich",
        "profile": "evaluation",
        "sites": None,
        "valid_from": moment - timedelta(days=1),
        "valid_until": moment + timedelta(days=365),
        "issued_at": moment - timedelta(days=1),
    }
    return Licence(**usual | fields)
