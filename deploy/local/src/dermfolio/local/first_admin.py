"""The one-time password of the first admin, generated for the first start and forgotten after it."""

from pathlib import Path

from dermfolio.local.secrets import Secrets, one_time_password

USER = "admin"
_SERVICE, _SECRET = "identity", "first_admin_password"


class FirstAdmin:
    """Knows whether the first admin of a data directory exists."""

    def __init__(self, directory: Path, secrets: Secrets) -> None:
        """Generate the password, a secret of identity, unless an earlier start on `directory` became ready."""
        self._exists = directory / "first-admin-exists"
        self._secrets = secrets
        if not self._exists.exists():
            secrets.ensure(_SERVICE, _SECRET, one_time_password)

    def hand_over(self) -> str | None:
        """Once identity is ready: the password if this was the first start, and its file is gone; else None."""
        if self._exists.exists():
            return None
        password = self._secrets.ensure(_SERVICE, _SECRET)
        self._exists.touch(mode=0o600)
        self._secrets.remove(_SERVICE, _SECRET)
        return password
