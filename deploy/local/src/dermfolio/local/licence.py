"""The licence that an embedded stack issues itself (LIC-1): for evaluations, with a key of its own."""

import os
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from dermfolio.common.licences import Licence, UnusableError, issue, read
from dermfolio.common.note_keys import SigningKey
from dermfolio.contracts.messages import now
from dermfolio.local.secrets import Secrets

VALID_FOR = timedelta(days=365)
RENEWED_BEFORE = timedelta(days=180)
"""A licence with less left is renewed at the next start, long before anybody is warned."""

_HOLDER, _SECRET = "licence", "evaluation_key"


def evaluation_key(secrets: Secrets) -> SigningKey:
    """The key of this stack, made at its first start; a file for our eyes only."""
    return SigningKey.parse(secrets.ensure(_HOLDER, _SECRET, lambda: SigningKey(_HOLDER, os.urandom(32)).text()))


def licensed(directory: Path, secrets: Secrets) -> dict[str, str]:
    """See to it that there is a licence with time left; returns what identity is told of it."""
    key, file, moment = evaluation_key(secrets), directory / "evaluation.licence", now()
    if _ends(file, key) - moment < RENEWED_BEFORE:
        _write(file, issue(evaluation_licence(moment), key))
    return {"DERMFOLIO_EVALUATION_LICENCE_KEY": str(key.public), "DERMFOLIO_LICENCE_FILE": str(file)}


def evaluation_licence(moment: datetime) -> Licence:
    """For any number of sites, from yesterday on: a clock may be corrected."""
    return Licence(
        id=uuid4(),
        licensee="Evaluation",
        profile="evaluation",
        sites=None,
        valid_from=moment - timedelta(days=1),
        valid_until=moment + VALID_FOR,
        issued_at=moment,
    )


def _ends(file: Path, key: SigningKey) -> datetime:
    """When the licence of an earlier start ends; long ago where there is none of this key."""
    try:
        return read(file.read_bytes(), [key.public]).valid_until
    except (FileNotFoundError, UnusableError):
        return now() - VALID_FOR


def _write(file: Path, content: bytes) -> None:
    unfinished = file.with_suffix(".new")
    unfinished.write_bytes(content)
    unfinished.replace(file)
