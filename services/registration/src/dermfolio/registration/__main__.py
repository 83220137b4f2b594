"""`python -m dermfolio.registration serve|migrate`."""

from pathlib import Path

from dermfolio.common.main import run
from dermfolio.registration.app import service
from dermfolio.registration.settings import RegistrationSettings

if __name__ == "__main__":
    run("registration", RegistrationSettings, service, Path(__file__).parents[3] / "migrations")
