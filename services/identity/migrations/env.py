"""Alembic's environment for identity."""

from dermfolio.common.migrate import run_env
from dermfolio.identity.models import IdentityTable

run_env(IdentityTable.metadata)
