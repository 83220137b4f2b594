"""`python -m dermfolio.images serve|work|migrate`."""

from pathlib import Path

from dermfolio.common.main import run
from dermfolio.images.app import service
from dermfolio.images.settings import ImagesSettings

if __name__ == "__main__":
    run("images", ImagesSettings, service, Path(__file__).parents[3] / "migrations")
