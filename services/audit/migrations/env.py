"""Alembic's environment for audit."""

from dermfolio.audit.models import metadata
from dermfolio.common.migrate import run_env

run_env(metadata)
