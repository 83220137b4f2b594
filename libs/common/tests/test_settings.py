"""A process starts on settings that are fit, and otherwise says in a sentence which is not."""

import base64
import secrets
from pathlib import Path

import pytest

from dermfolio.common.settings import DatabaseSettings, Settings, StoreSettings, key_bytes, load

KEY = bytes(range(32))
GOOD = {
    "nats_password": secrets.token_urlsafe(32),
    "signing_key": base64.urlsafe_b64encode(KEY).decode(),
    "database_password": secrets.token_urlsafe(32),
    "s3_access_key": secrets.token_hex(16),
    "s3_secret_key": secrets.token_urlsafe(32),
}
PUBLIC = {
    "NATS_URL": "nats://127.0.0.1:4222",
    "HEALTH_PORT": "9000",
    "TRUSTED_KEYS": '{"gateway": "x"}',
    "DATABASE_URL": "postgresql://images@127.0.0.1:5432/images",
    "S3_ENDPOINT": "http://127.0.0.1:9000",
}


class EverySetting(DatabaseSettings, StoreSettings):
    """All that any process of ours needs."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the secrets lie, with a public environment that is complete."""
    for name, value in GOOD.items():
        (tmp_path / name).write_text(value + "\n")
    for name, value in PUBLIC.items():
        monkeypatch.setenv(f"DERMFOLIO_{name}", value)
    monkeypatch.setenv("DERMFOLIO_SECRETS_DIR", str(tmp_path))
    return tmp_path


def _says(cls: type[Settings] = EverySetting) -> str:
    with pytest.raises(SystemExit) as refusal:
        load(cls)
    return str(refusal.value)


@pytest.mark.usefixtures("folder")
def test_settings_come_from_the_environment_and_secrets_from_files() -> None:
    settings = load(EverySetting)
    assert settings.nats_url == PUBLIC["NATS_URL"]
    assert settings.trusted_keys == {"gateway": "x"}
    assert settings.nats_password.get_secret_value() == GOOD["nats_password"]
    assert key_bytes(settings.signing_key) == KEY


@pytest.mark.usefixtures("folder")
def test_a_process_runs_as_in_production_unless_told_otherwise() -> None:
    assert load(EverySetting).profile == "production"


@pytest.mark.parametrize("name", GOOD)
def test_a_process_does_not_start_without_a_secret_and_names_it(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert f"{name}: Field required" in _says()


@pytest.mark.parametrize("name", GOOD)
def test_a_secret_in_the_environment_is_no_secret(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    (folder / name).unlink()
    monkeypatch.setenv(f"DERMFOLIO_{name.upper()}", GOOD[name])
    assert f"{name}: Field required" in _says()


@pytest.mark.parametrize("name", sorted(set(GOOD) - {"signing_key"}))
@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("", "is shorter than 20 characters"),
        ("Tr0ub4dor&3", "is shorter than 20 characters"),
        ("changemechangemechangeme", "is a well-known default"),
        ("minioadminminioadmin", "is a well-known default"),
        ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "is a well-known default"),
        ("passwordpasswordpassword123", "is a well-known default"),
    ],
)
def test_a_short_or_default_secret_is_refused_by_name_and_not_shown(
    folder: Path, name: str, value: str, says: str
) -> None:
    (folder / name).write_text(value)
    text = _says()
    assert f"{name}: Value error, {says}" in text
    assert not value or value not in text


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("not base64 at all, but long enough", "must be 32 random bytes"),
        (base64.urlsafe_b64encode(KEY[:31]).decode(), "must be 32 random bytes"),
        (base64.urlsafe_b64encode(KEY + b"x").decode(), "must be 32 random bytes"),
        (base64.urlsafe_b64encode(bytes(32)).decode(), "must be 32 random bytes"),
        ("schlüssel-mit-umlaut-schlüssel-mit-umlaut", "is not base64url"),
        ("", "must be 32 random bytes"),
    ],
)
def test_a_key_that_is_not_32_random_bytes_is_refused_by_name_and_not_shown(
    folder: Path, value: str, says: str
) -> None:
    (folder / "signing_key").write_text(value)
    text = _says()
    assert f"signing_key: Value error, {says}" in text
    assert not value or value not in text


def test_a_key_may_come_without_padding(folder: Path) -> None:
    (folder / "signing_key").write_text(GOOD["signing_key"].rstrip("="))
    assert key_bytes(load(EverySetting).signing_key) == KEY


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("name", "value"),
    [("HEALTH_PORT", "many"), ("TRUSTED_KEYS", "{not json"), ("TRUSTED_KEYS", "[]"), ("PROFILE", "test")],
)
def test_a_setting_of_the_wrong_kind_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"DERMFOLIO_{name}", value)
    assert name.lower() in _says()


@pytest.mark.filterwarnings("ignore:directory .* does not exist")
@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("directory", [None, "/nonexistent/secrets"])
def test_a_process_does_not_start_without_the_folder_of_its_secrets(
    monkeypatch: pytest.MonkeyPatch, directory: str | None
) -> None:
    if directory is None:
        monkeypatch.delenv("DERMFOLIO_SECRETS_DIR")
    else:
        monkeypatch.setenv("DERMFOLIO_SECRETS_DIR", directory)
    text = _says()
    assert all(name in text for name in GOOD)


@pytest.mark.usefixtures("folder")
def test_several_faults_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DERMFOLIO_HEALTH_PORT", "x")
    monkeypatch.delenv("DERMFOLIO_NATS_URL")
    text = _says()
    assert "health_port" in text
    assert "nats_url" in text


@pytest.mark.usefixtures("folder")
def test_settings_do_not_show_their_secrets_when_they_are_printed() -> None:
    shown = f"{load(EverySetting)!r} {load(EverySetting)}"
    assert not [value for value in GOOD.values() if value in shown]
