"""Alembic's environment for audit."""

from dermfolio.audit.models import metadata
from dermfolio.audit.protection import GRANTS
from dermfolio.common.migrate import run_env

run_env(metadata, GRANTS)
