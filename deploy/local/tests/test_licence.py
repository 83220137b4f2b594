"""The licence that an embedded stack issues itself."""

from datetime import timedelta
from pathlib import Path

import pytest

from dermfolio.common.licences import issue, judged, read
from dermfolio.common.note_keys import SigningKey, VerifierKey
from dermfolio.contracts.messages import now
from dermfolio.contracts.views.licence import LicenceReason
from dermfolio.local.licence import evaluation_key, evaluation_licence, licensed
from dermfolio.local.secrets import Secrets

pytestmark = pytest.mark.req("LIC-1")


def test_a_stack_makes_a_key_for_its_own_eyes_and_a_licence_for_evaluations_alone(tmp_path: Path) -> None:
    secrets = Secrets(tmp_path / "secrets")
    told = licensed(tmp_path, secrets)
    [secret] = (tmp_path / "secrets" / "licence").iterdir()
    assert secret.stat().st_mode & 0o777 == 0o600
    key = VerifierKey.parse(told["DERMFOLIO_EVALUATION_LICENCE_KEY"])
    licence = read(Path(told["DERMFOLIO_LICENCE_FILE"]).read_bytes(), [key])
    assert judged(licence, "evaluation", now()) is LicenceReason.IN_FORCE
    assert judged(licence, "production", now()) is LicenceReason.WRONG_PROFILE
    assert secret.read_text() not in str(told)


def test_it_is_renewed_at_a_start_long_before_anybody_is_warned_and_stays_until_then(tmp_path: Path) -> None:
    secrets = Secrets(tmp_path / "secrets")
    file = Path(licensed(tmp_path, secrets)["DERMFOLIO_LICENCE_FILE"])
    key, first = evaluation_key(secrets), file.read_bytes()
    licensed(tmp_path, secrets)
    assert file.read_bytes() == first
    old = issue(evaluation_licence(now() - timedelta(days=200)), key)
    foreign = issue(evaluation_licence(now()), SigningKey("licence", bytes(range(32))))
    for unfit in (old, foreign, b"", first[:-9]):
        file.write_bytes(unfit)
        licensed(tmp_path, secrets)
        assert read(file.read_bytes(), [key.public]).valid_until > now() + timedelta(days=300)
