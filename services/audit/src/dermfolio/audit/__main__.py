"""`python -m dermfolio.audit serve|migrate`."""

from pathlib import Path

from dermfolio.audit.app import service
from dermfolio.audit.settings import AuditSettings
from dermfolio.common.main import run

if __name__ == "__main__":
    run("audit", AuditSettings, service, Path(__file__).parents[3] / "migrations")
