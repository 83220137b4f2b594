"""Alembic's environment for patients."""

from dermfolio.common.migrate import run_env
from dermfolio.patients.models import PatientsTable

run_env(PatientsTable.metadata)
