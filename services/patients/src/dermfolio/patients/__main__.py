"""`python -m dermfolio.patients serve|migrate`."""

from pathlib import Path

from dermfolio.common.main import run
from dermfolio.patients.app import service
from dermfolio.patients.settings import PatientsSettings

if __name__ == "__main__":
    run("patients", PatientsSettings, service, Path(__file__).parents[3] / "migrations")
