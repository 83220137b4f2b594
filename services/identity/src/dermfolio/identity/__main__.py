"""`python -m dermfolio.identity serve|migrate`."""

from pathlib import Path

from dermfolio.common.main import run
from dermfolio.identity.app import service
from dermfolio.identity.settings import IdentitySettings

if __name__ == "__main__":
    run("identity", IdentitySettings, service, Path(__file__).parents[3] / "migrations")
