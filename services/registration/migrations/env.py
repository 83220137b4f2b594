"""Alembic's environment for registration."""

from dermfolio.common.migrate import run_env
from dermfolio.registration.models import RegistrationTable

run_env(RegistrationTable.metadata)
