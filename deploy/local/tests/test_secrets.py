"""Secrets are generated once and readable by us alone."""

import base64
import threading
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from dermfolio.local.first_admin import FirstAdmin
from dermfolio.local.secrets import Secrets, hexadecimal, key, one_time_password, password


def test_files_are_ours_alone(tmp_path: Path):
    secrets = Secrets(tmp_path / "secrets")
    secrets.ensure("images", "database_password")
    assert (tmp_path / "secrets/images/database_password").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "secrets/images").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700


def test_what_is_there_is_never_overwritten(tmp_path: Path):
    first = Secrets(tmp_path).ensure("patients", "installation_key", key)
    assert Secrets(tmp_path).ensure("patients", "installation_key", key) == first
    assert (tmp_path / "patients/installation_key").read_text() == first


def test_two_that_make_the_same_secret_agree(tmp_path: Path):
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda: found.append(Secrets(tmp_path).ensure("audit", "chain_key", key)))
        for _ in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 16
    assert len(set(found)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["audit"]


@pytest.mark.parametrize(("make", "length"), [(password, 43), (key, 43), (hexadecimal, 64)])
def test_generated_values_are_long_and_never_the_same(make, length):
    values = {make() for _ in range(100)}
    assert len(values) == 100
    assert {len(value) for value in values} == {length}


def test_a_key_is_32_bytes_in_base64url():
    assert len(base64.urlsafe_b64decode(key() + "==")) == 32


def test_the_public_key_verifies_what_the_service_signs(tmp_path: Path):
    secrets = Secrets(tmp_path)
    public = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(secrets.public_key("gateway") + "=="))
    seed = base64.urlsafe_b64decode((tmp_path / "gateway/signing_key").read_text() + "==")
    public.verify(Ed25519PrivateKey.from_private_bytes(seed).sign(b"actor"), b"actor")


@pytest.mark.req("ORG-3")
def test_the_one_time_password_is_one_that_the_rules_allow():
    for _ in range(100):
        text = one_time_password()
        assert len(text) >= 12
        for kind in (str.islower, str.isupper, str.isdigit, lambda c: not c.isalnum()):
            assert any(kind(c) for c in text)


@pytest.mark.req("ORG-2")
def test_the_first_password_is_handed_over_once_and_forgotten(tmp_path: Path):
    secrets = Secrets(tmp_path / "secrets")
    file = tmp_path / "secrets/identity/first_admin_password"
    FirstAdmin(tmp_path, secrets)
    generated = file.read_text()

    assert FirstAdmin(tmp_path, secrets).hand_over() == generated, "a start that failed does not change it"
    assert not file.exists()
    assert FirstAdmin(tmp_path, secrets).hand_over() is None
    assert not file.exists()
