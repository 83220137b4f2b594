"""Alembic's environment for images."""

from dermfolio.common.migrate import run_env
from dermfolio.images.models import ImagesTable

run_env(ImagesTable.metadata)
