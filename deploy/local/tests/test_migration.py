"""`make migration` writes what models and migrations differ by."""

import shutil
from pathlib import Path

import pytest

from dermfolio.local import places
from dermfolio.local.cli import main
from dermfolio.local.migration import write_migration

_ENV = """
import sqlalchemy as sa
from dermfolio.common.migrate import run_env

metadata = sa.MetaData()
sa.Table("pictures", metadata, sa.Column("id", sa.Integer, primary_key=True))
run_env(metadata)
"""


@pytest.fixture
def migrations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Of a service called images, in a checkout of its own that has none yet."""
    template = places.checkout() / "services/images/migrations/script.py.mako"
    folder = tmp_path / "services/images/migrations"
    (folder / "versions").mkdir(parents=True)
    shutil.copy(template, folder)
    (folder / "env.py").write_text(_ENV)
    monkeypatch.setattr("dermfolio.local.migration.places.checkout", lambda: tmp_path)
    yield folder
    if (outside := places.outside()) is not None and outside.exists():
        shutil.rmtree(outside)


def test_the_first_makes_the_tables_and_the_next_finds_nothing_to_do(migrations: Path):
    first = write_migration("images", "First tables!")
    assert first.name == "0001_first_tables.py"
    assert "create_table" in first.read_text()
    second = write_migration("images", "nothing")
    assert second.name == "0002_nothing.py"
    assert "pictures" not in second.read_text()


@pytest.mark.parametrize(("service", "name"), [("gateway", "tables"), ("", "tables"), ("images", " ")])
def test_says_what_it_needs(service: str, name: str, capsys: pytest.CaptureFixture[str]):
    assert main(["migration", service, name]) == 2
    assert "needs a SERVICE (identity, patients, images, registration, audit) and a NAME" in capsys.readouterr().err
