"""Secrets of an installation: generated once, kept in files for our eyes only, never overwritten."""

import base64
import os
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path

from dermfolio.common.auth import public_key

Maker = Callable[[], str]


def password() -> str:
    """A random password of 256 bits, safe in URLs and configuration files."""
    return secrets.token_urlsafe(32)


def key() -> str:
    """32 random bytes in base64url (RFC 4648): a symmetric key, or the seed of an Ed25519 key (RFC 8032)."""
    return secrets.token_urlsafe(32)


def hexadecimal() -> str:
    """32 random bytes as 64 hexadecimal digits."""
    return secrets.token_hex(32)


def one_time_password() -> str:
    """A password of 20 letters and digits in groups, with upper and lower case, digits and a special character."""
    letters = "abcdefghijkmnpqrstuvwxyz"
    alphabet = letters + letters.upper() + "23456789"
    while True:
        text = "-".join("".join(secrets.choice(alphabet) for _ in range(5)) for _ in range(4))
        if any(c.islower() for c in text) and any(c.isupper() for c in text) and any(c.isdigit() for c in text):
            return text


class Secrets:
    """The secrets of all services: `<directory>/<service>/<name>`, files 0600 in directories 0700."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def directory_of(self, service: str) -> Path:
        """The folder that `service` reads, made if missing."""
        folder = self.directory / service
        for part in (self.directory, folder):
            part.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def ensure(self, service: str, name: str, make: Maker = password) -> str:
        """The secret `name` of `service`; made by `make` if there is none yet."""
        path = self.directory_of(service) / name
        try:
            return path.read_text()
        except FileNotFoundError:
            self._create(path, make())
            return path.read_text()

    def remove(self, service: str, name: str) -> None:
        """Forget a secret; nothing happens if there is none."""
        (self.directory_of(service) / name).unlink(missing_ok=True)

    def public_key(self, service: str) -> str:
        """The public half, in base64url, of the Ed25519 key that `service` signs with."""
        return public_key(base64.urlsafe_b64decode(self.ensure(service, "signing_key", key) + "=="))

    @staticmethod
    def _create(path: Path, value: str) -> None:
        """Write to a new file and link it into place: whole or not at all, and never over another."""
        descriptor, unfinished = tempfile.mkstemp(dir=path.parent.parent)  # mkstemp's mode is 0600
        try:
            with os.fdopen(descriptor, "w") as file:
                file.write(value)
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(unfinished, path)
            except FileExistsError:
                return
        finally:
            Path(unfinished).unlink()
